"""SIE-filer (typ 1, 2, 3 och 4E): bokföringens saldon, med raden de lästes på."""

"""Det som ska finnas kvar: händelseloggen, filernas avtryck och låset som gör att bara en körning skriver i taget."""

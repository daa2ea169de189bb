"""Kontroll: regler prövas mot fakta och ger anmärkningar."""

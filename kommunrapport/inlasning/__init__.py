"""Inläsning: arbetsböcker och styrfiler blir fakta med källa."""

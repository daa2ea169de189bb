"""Rapport: rapportmodellen och dess skrivare."""

"""Läget i perioderna: vem som har lämnat, vad som är fel och om rapporten är aktuell, som terminalsvar, webbsida och påminnelser."""

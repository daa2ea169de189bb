"""Beräkning: fakta blir rapportens siffror genom deklarerade steg."""

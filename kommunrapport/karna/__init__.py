"""Kärnan: grundtyper och räkning utan in- och utmatning."""

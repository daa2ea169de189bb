"""Mallar: TOML-filer blir frysta typer som resten av programmet läser."""

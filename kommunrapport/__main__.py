"""Kör kommandoraden med ``python -m kommunrapport``."""

from kommunrapport.cli import main

if __name__ == "__main__":
    main()

"""kommunrapport: uppföljning och rapporter för svenska kommuner."""

__version__ = "0.3.0"

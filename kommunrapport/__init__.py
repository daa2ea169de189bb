"""kommunrapport: uppföljning och rapporter för svenska kommuner."""

__version__ = "0.2.0"

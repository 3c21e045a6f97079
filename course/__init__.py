"""Channels on the Wire: the engine of the course."""

__version__ = "0.1.0"

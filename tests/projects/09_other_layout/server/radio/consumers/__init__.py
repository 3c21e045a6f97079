from radio.consumers.room import Room

__all__ = ["Room"]

from radio.consumers.parrot import Parrot

__all__ = ["Parrot"]

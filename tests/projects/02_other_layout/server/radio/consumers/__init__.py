from radio.consumers.log import Log
from radio.consumers.parrot import Parrot

__all__ = ["Log", "Parrot"]

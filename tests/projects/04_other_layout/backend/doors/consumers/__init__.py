from .counter import Counter
from .members import Members
from .shutters import Shutters

__all__ = ["Counter", "Members", "Shutters"]

from .counter import Counter
from .members import Members
from .pendulum import Pendulum
from .shutters import Shutters

__all__ = ["Counter", "Members", "Pendulum", "Shutters"]

from .foghorn import Foghorn
from .watchman import Watchman

__all__ = ["Foghorn", "Watchman"]

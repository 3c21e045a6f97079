from .foghorn import Foghorn
from .purser import Purser
from .watchman import Watchman

__all__ = ["Foghorn", "Purser", "Watchman"]

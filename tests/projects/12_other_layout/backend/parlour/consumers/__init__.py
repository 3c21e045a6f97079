from .parlour import Parlour

__all__ = ["Parlour"]

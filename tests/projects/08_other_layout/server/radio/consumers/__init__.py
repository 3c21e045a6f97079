from radio.consumers.operator import Operator

__all__ = ["Operator"]

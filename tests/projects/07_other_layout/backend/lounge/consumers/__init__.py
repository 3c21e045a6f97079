from .abacus import AbacusConsumer
from .chat import ChatConsumer

__all__ = ["AbacusConsumer", "ChatConsumer"]

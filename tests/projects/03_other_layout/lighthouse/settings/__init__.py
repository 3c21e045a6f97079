import os
from importlib import import_module

# base.py, and on top of it what belongs to one place: dev.py, unless LIGHTHOUSE names another.
for _part in ("base", os.environ.get("LIGHTHOUSE", "dev")):
    _module = import_module(f"lighthouse.settings.{_part}")
    globals().update({name: getattr(_module, name) for name in dir(_module) if name.isupper()})

"""Those who talk to a server as a browser would, without one: over WebSockets and HTTP, on one timeline.

Imports `processes` and `tools`. Begin with `websocket_connect.py`.
"""

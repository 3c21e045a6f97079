"""What this server process remembers; a second process would have a memory of its own."""

last_close = {"code": None}

"""The command line: parse, call, print. Nothing but this room prints.

Imports everything else, and nothing imports it. Begin with `main.py`; a command is found in the module of those who
type it: student, instructor, reader, author.
"""

"""`course watch`: save → verdict.

Imports `grading` and what is below it. Begin with `watch_loop.py`.
"""

"""What serves a project, and what it needs behind it: Daphne, runserver, worker, Redis, nginx, database.

Imports `clients` and what is below it. Begin with `daphne.py`.
"""

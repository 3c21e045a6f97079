"""A class: one lesson, many submissions.

Imports `docs` and what is below it. Begin with `class_run.py`.
"""

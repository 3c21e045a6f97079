"""A class: one lesson, many submissions, taken in, judged side by side, recorded, and told in many formats.

Imports `docs` and what is below it. Begin with `class_run.py`; what is handed in comes through `entries.py`.
"""

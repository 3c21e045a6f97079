"""Programs that lessons need and a machine may lack (a browser, nginx, Node's packages): found, and got.

Imports `processes`. Begin with `lesson_needs.py`.
"""

"""The parts of the docs that are made from what the course holds already, and from real runs of checks.

Imports what `authoring` may. Begin with `generated_files.py`.
"""

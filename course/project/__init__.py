"""A Django project as files: found, read with `ast`, copied to a scratch folder; never imported, never run.

Imports `catalog` and what is below it. Begin with `scratch_copy.py`.
"""

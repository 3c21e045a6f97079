"""The site of pages: built and served by MkDocs.

Imports `student` and what is below it. Begin with `site.py`.
"""

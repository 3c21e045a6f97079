"""A real Chrome, driven over its DevTools: windows with verbs for checks.

Imports `servers` and what is below it. Begin with `page.py`.
"""

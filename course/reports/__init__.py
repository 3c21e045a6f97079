"""One pure function a format, over the same `Report`: terminal, plain lines, JSON, JUnit, and what platforms read.

Imports `results` alone. Begin with `terminal.py`.
"""

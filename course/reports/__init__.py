"""One pure function a format, over the same `Report`: terminal, plain lines, JSON, JUnit.

Imports `results` alone. Begin with `terminal.py`.
"""

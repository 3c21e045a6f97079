"""The course's proof of itself, and the parts of its pages that are made.

Imports everything but `cli`. Begin with `verify.py`.
"""

"""One run of a lesson's checks, from pytest to a `Report`; and many of them side by side.

Imports `reports`, `testbed` and what is below them. Begin with `session.py`.
"""

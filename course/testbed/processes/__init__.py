"""Child processes: started, forked, supervised, and ended with everything that they have started.

Imports `deadlines`. Begin with `process.py`.
"""

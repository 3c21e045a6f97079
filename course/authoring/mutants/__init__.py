"""Small faults made in a lesson's solution by rule, to see whether its checks notice: nobody has to think of them.

Imports what `authoring` may. Begin with `run.py`; `python_mutants.py` and `text_mutants.py` say what is changed.
"""

"""The cage: where the processes of a submission live when it is not trusted (Linux, bubblewrap).

The judge enters namespaces of its own, whose network it shares with one submission. Each process of the submission then
starts in a cage of bubblewrap's, which shows it a copy of its project, a runtime, and nothing else of the machine.

Imports `tools` and `processes`. Begin with `cage.py`.
"""

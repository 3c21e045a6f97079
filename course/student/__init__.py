"""The student's own things: files and their copies, progress, the map, file watching, the dev server, the doctor.

Imports `judging` and what is below it. Begin with `progress.py`.
"""

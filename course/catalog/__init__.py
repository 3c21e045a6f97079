"""What a lesson is, read from files: the list of lessons, what each check says of itself, the catalogue of mistakes.

Imports nothing of the course but `errors`. Begin with `lessons.py`.
"""

"""What the course measures of itself: a module a question, results as JSON in docs/assets/bench/, shown in the docs.

Each has `measure(told)`, which returns its results; `STORED`, where they are kept; and `DRAWN`, what is made of them
for the docs. `storing` keeps and draws.
"""

QUESTIONS = ("chat", "deployment", "mends", "push", "saves", "verdict")

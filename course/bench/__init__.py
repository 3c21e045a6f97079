"""What the course measures of itself: a module a question, results as JSON in docs/assets/bench/, shown in the docs.

Each has `measure(told)`, `store(results)` and `draw()`.
"""

QUESTIONS = ("chat", "deployment", "mends", "push", "saves", "verdict")

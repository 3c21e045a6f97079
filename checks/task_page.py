"""What lessons 13 and 14 both ask of the page of tasks: its lines, and what the server has written of its requests."""

import re

LINE = "#tasks li"
ANY = r"""[^/"\s]+"""
QUERY = r"""(?:\?[^"\s]*)?"""  # a page may add one, so that no cache answers
QUESTION = rf'"GET /tasks/({ANY})/{QUERY}" 200'


def questions(site, task_id=ANY):
    """Return how often anybody has asked for the state of a task, or of any, in this check."""
    return len(re.findall(rf'"GET /tasks/{task_id}/{QUERY}"', site.log))


def asked_for(site):
    """Return the ids of the tasks whose state anybody has been told in this check."""
    return list(dict.fromkeys(re.findall(QUESTION, site.log)))


def made(site):
    """Return how many tasks anybody has made in this check."""
    return len(re.findall(r'"POST /tasks/" 201', site.log))


def in_state(state):
    """Return the selector of the lines of tasks in a state."""
    return f"{LINE}[data-state={state}]"

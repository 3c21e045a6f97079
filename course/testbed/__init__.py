"""Everything that is alive while a project is checked: its servers, its worker, Redis, nginx, clients, a browser.

Imports `project` and what is below it. Inside, the order is `bed` and `shared`, `browser`, `servers`, `clients`,
`cage`, `tools`, `processes`. Begin with `bed.py`, which starts what checks ask for.
"""

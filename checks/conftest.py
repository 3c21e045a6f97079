"""Makes `pytest checks/NN_slug` work on its own."""

import pytest

pytest_plugins = ("course.judging.pytest_plugin",)

# What several lessons ask alike stands in modules of its own, whose asserts shall tell as much as those of a check.
pytest.register_assert_rewrite(
    "chat_contract",
    "chat_members",
    "registration_office",
    "service_page",
    "student_log_in",
    "task_contract",
    "task_listener",
    "task_page",
)


@pytest.fixture(scope="module")
def logged_in():
    """Logs a student in, once for all checks: each log-in costs the server a slow hash."""
    from student_log_in import log_in

    known = {}

    def logged_in(visitor):
        if visitor.name not in known:
            known[visitor.name] = log_in(visitor)
        return known[visitor.name]

    return logged_in

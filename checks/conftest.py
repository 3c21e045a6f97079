"""Makes `pytest checks/NN_slug` work on its own."""

import pytest

pytest_plugins = ("course.plugin",)

# What several lessons ask alike stands in modules of its own, whose asserts shall tell as much as those of a check.
pytest.register_assert_rewrite("chat_contract", "task_contract")

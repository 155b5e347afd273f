import pytest

pytest.register_assert_rewrite("tests.browser", "tests.hands")

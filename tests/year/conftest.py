"""What the chosen days share says what it compared, as tests do."""

import pytest

pytest.register_assert_rewrite("tests.year.days")

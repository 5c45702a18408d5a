"""What tests of shops share."""

import pytest

from tests.support.shops import Street, a_street


@pytest.fixture
def street() -> Street:
    """A shop and the people around it."""
    return a_street()

"""It is noon in Taiyuan, and stays so until a test moves the clock; a shop has an owner."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.support.city import a_person
from tests.support.shops import NOON, Street, a_street
from wishwall.accounts.models import Person


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(app: Flask) -> Person:  # noqa: ARG001 - its database
    return a_person("merchant")


@pytest.fixture
def street() -> Street:
    """A shop and the people around it."""
    return a_street()

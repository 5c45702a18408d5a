"""The site of the races takes any number of tries."""

from collections.abc import Mapping

import pytest

from tests.support.crowd import PATIENT


@pytest.fixture(scope="module")
def site_settings() -> Mapping[str, str]:
    return PATIENT

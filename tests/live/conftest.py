"""The patient site of the races, and its city."""

from tests.races.conftest import city, site

__all__ = ["city", "site"]

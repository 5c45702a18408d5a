"""The site of the streams takes any number of tries, as that of the races does."""

from tests.races.conftest import site_settings

__all__ = ["site_settings"]

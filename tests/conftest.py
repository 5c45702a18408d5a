"""What every test may use; the fixtures themselves stand in tests/support/, by theme."""

import pytest

pytest_plugins = [
    "tests.support.application",
    "tests.support.door",
    "tests.support.client",
    "tests.support.postgresql",
    "tests.support.limits",
    "tests.support.redis",
    "tests.support.server",
    "tests.support.crowd",
    "tests.support.settings",
    "tests.support.browser",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database that the application's tests run on",
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"

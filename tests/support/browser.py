"""A real browser: the system's Chromium, as a courier's phone and as a desk."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route

from tests.support.needs import find, missing

PATIENCE_SECONDS = 30
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOLDERS = ("/snap/bin", "/Applications/Google Chrome.app/Contents/MacOS")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESK = {"viewport": {"width": 1280, "height": 800}}
NewContext = Callable[..., BrowserContext]
Browse = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Start the system's browser, or Playwright's own where that is installed."""
    return {**browser_type_launch_args, **launching(playwright)}


def launching(playwright: Playwright) -> dict[str, Any]:
    """How the browser is started; skips where there is none."""
    program = find((*NAMES, "Google Chrome"), FOLDERS)
    if program is None and not Path(playwright.chromium.executable_path).exists():
        missing("Chromium")
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()  # root's sandbox does not start
    return {
        **({"executable_path": str(program)} if program else {}),
        "args": [*SWITCHES, *sandbox],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Where and how the people are who look."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    """A courier's phone: 360 px wide, touched with a finger."""
    return new_context(**PHONE).new_page()


@pytest.fixture
def desk(new_context: NewContext) -> Page:
    """A computer on a desk."""
    return new_context(**DESK).new_page()


def hold(where: Page | BrowserContext, address: str) -> list[Route]:
    """Let requests to this address wait; they are listed as they come."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    where.route(address, keep)
    return waiting


def let_go(page: Page, waiting: list[Route]) -> None:
    """Send what waits on its way, as soon as something does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not waiting and time.monotonic() < deadline:
        page.wait_for_timeout(20)  # Playwright hears of requests only meanwhile
    for route in waiting:
        route.continue_()

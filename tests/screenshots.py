"""Pictures of the pages for the documents: `make screenshots` writes docs/screenshots/*.png."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from tests.support.browser import DESK, PHONE, launching
from tests.support.cdn import ADDRESS, own_copy, works
from tests.support.crowd import phone_of, same_city
from tests.support.project import ROOT
from tests.support.server import Site
from wishwall.accounts.models import Person
from wishwall.accounts.queries import person_by_phone
from wishwall.demo.commands import read_accounts
from wishwall.kit.db import db
from wishwall.kit.forms import phone_number
from wishwall.stations.models import Station
from wishwall.wishes.models import Wish

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 80_000
GROUND, MARGIN, CORNER = (214, 206, 196), 48, 36
TALL = {"viewport": {"width": 360, "height": 1000}, "device_scale_factor": 1.5}
WIDE = {**DESK, "is_mobile": False, "has_touch": False, "device_scale_factor": 1}
Look = Callable[..., Image.Image]


def main() -> None:
    """Serve the demo city and take a picture of each page that a newcomer should see."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as site:
        site.command("demo", "--stations", "400", "--wishes", "300", "--people", "120")
        city = same_city(site)
        with city.app_context(), sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launching(playwright))
            for name, picture in _pictures(_camera(browser, site, city), city):
                kept = _small(picture)
                (FOLDER / f"{name}.png").write_bytes(kept)
                click.echo(f"docs/screenshots/{name}.png  {len(kept) / 1000:.0f} kB")
            browser.close()
            db.session.remove()
            db.engine.dispose()


def _pictures(look: Look, city: Flask) -> Iterator[tuple[str, Image.Image]]:
    people = _accounts(city)
    courier = people["courier"]
    theirs = select(Wish).where(Wish.author_id == courier.id).order_by(Wish.id)
    waiting = db.session.scalars(theirs.where(Wish.state == "delivered")).first()
    assert waiting is not None, "a wish of theirs has been delivered"
    station = db.session.get_one(Station, waiting.station_id)
    hall, wall = f"/stations/{station.code}", f"/stations/{station.code}/wishes"
    near = f"/stations?near={station.lat:.4f},{station.lon:.4f}"
    yield "front", look("/")
    yield "stations", look(near)
    yield "hall", look(hall)
    yield "wall", _side_by_side(look(hall, **TALL), look(wall, **TALL))
    yield "wall-phone", look(wall)
    yield "wall-dark", look(wall, color_scheme="dark")
    yield "wish", look(waiting.link, courier)
    yield "sign-up", look("/sign-up")
    yield "inbox", look("/me/notices", courier)
    yield "desk", look("/desk", people["keeper"])
    yield "hall-wide", look(hall, **WIDE)
    yield "wall-wide", look(wall, **WIDE)


def _accounts(city: Flask) -> dict[str, Person]:
    found = {
        one.role: person_by_phone(phone_number(one.phone) or "")
        for one in read_accounts(Path(city.instance_path))
    }
    return {role: person for role, person in found.items() if person is not None}


def _camera(browser: Browser, site: Site, city: Flask) -> Look:
    """Takes the picture of what one person sees first at an address."""

    def look(path: str, person: Person | None = None, **how: Any) -> Image.Image:
        context = browser.new_context(
            base_url=site.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **{**PHONE, **how},
        )
        context.route(ADDRESS, works)
        if person is not None:
            name, value = phone_of(city, site, person).cookie.split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": site.url}])
        page: Page = context.new_page()
        page.goto(path)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        context.close()
        return picture

    return look


def _side_by_side(*pictures: Image.Image) -> Image.Image:
    """Phones next to each other on a neutral ground that suits a light and a dark page."""
    width = sum(picture.width for picture in pictures) + MARGIN * (len(pictures) + 1)
    height = max(picture.height for picture in pictures) + 2 * MARGIN
    sheet, left = Image.new("RGB", (width, height), GROUND), MARGIN
    for picture in pictures:
        rounded = Image.new("L", picture.size, 0)
        ImageDraw.Draw(rounded).rounded_rectangle((0, 0, *picture.size), CORNER, fill=255)
        sheet.paste(picture, (left, MARGIN), rounded)
        left += picture.width + MARGIN
    return sheet


def _small(picture: Image.Image) -> bytes:
    """As a PNG of few colours, and of fewer pixels where that is not small enough."""
    while True:
        for colours in (128, 64, 32):
            buffer = io.BytesIO()
            few = picture.quantize(colours, dither=Image.Dither.NONE)
            few.save(buffer, "PNG", optimize=True)
            if buffer.tell() <= MOST_BYTES:
                return buffer.getvalue()
        smaller = (picture.width * 3 // 4, picture.height * 3 // 4)
        picture = picture.resize(smaller, Image.Resampling.LANCZOS)


@contextmanager
def _served(instance: Path) -> Iterator[Site]:
    site = Site(instance, "", {"TICK_SECONDS": "0"})
    site.start()
    try:
        own_copy("htmx.min.js")
        yield site
    finally:
        site.stop()


if __name__ == "__main__":
    try:
        main()
    except (pytest.skip.Exception, pytest.fail.Exception) as error:
        raise SystemExit(str(error)) from error

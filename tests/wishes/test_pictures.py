"""A picture with a wish: shown in two sizes, refused with a reason, never losing the words."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from tests.support.city import a_courier, a_station, a_wish, sign_in
from tests.support.client import Client
from tests.support.pictures import a_broken_photo, a_photo, no_photo_at_all
from wishwall.kit.db import db
from wishwall.photos.models import Photo
from wishwall.photos.storing import MOST_BYTES
from wishwall.stations.models import Station
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
WORDS = {"text": "想要一副手套", "category": "goods"}


def wall_of(station: Station) -> str:
    return f"/stations/{station.code}/wishes"


def wishes() -> list[Wish]:
    return list(db.session.scalars(select(Wish).order_by(Wish.id)))


def test_a_photo_hangs_on_the_wall_in_two_sizes_without_its_secrets(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    client.follow(client.submit(wall_of(station), "post", WORDS | {"photo": a_photo()}))
    [wish] = wishes()
    small = client.page(wall_of(station)).one("#wall img").attrs["src"]
    assert small == f"{wish.link}/photo?small"
    for path, width in ((small, 480), (f"{wish.link}/photo", 640)):
        response = client.get(path, buffered=True)
        assert Image.open(io.BytesIO(response.data)).width == width
        assert "inline" in response.headers["Content-Disposition"]
    photo = db.session.scalars(select(Photo)).one()
    assert photo.taken_by_id == wish.author_id


def test_a_wish_without_a_photo_has_none_to_show(client: Client) -> None:
    assert client.get(f"{a_wish().link}/photo").status_code == 404


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("photo", "why"),
    [
        (a_broken_photo, "重新选一张"),
        (no_photo_at_all, "JPEG、PNG 或 WebP"),
        (lambda: no_photo_at_all(MOST_BYTES), "照片太大了"),
    ],
    ids=["half", "none", "huge"],
)
def test_an_unusable_photo_is_refused_and_the_words_are_kept(
    photo: Callable[[], object], why: str, client: Client, *, htmx: bool
) -> None:
    station = a_station()
    sign_in(client, a_courier())
    sent = client.submit(wall_of(station), "post", WORDS | {"photo": photo()}, htmx=htmx)
    again = client.as_page(sent, 422)
    assert why in again.one("#photo-error").to_text()
    assert again.form("post").values["text"] == WORDS["text"]
    assert wishes() == []
    client.submit(again, "post", htmx=htmx)
    assert len(wishes()) == 1


def test_a_body_beyond_all_measure_is_refused_in_words(client: Client) -> None:
    station = a_station()
    sign_in(client, a_courier())
    sent = client.submit(
        wall_of(station), "post", WORDS | {"photo": no_photo_at_all(11 * 1024 * 1024)}
    )
    assert "文件太大了" in client.as_page(sent, 413).text

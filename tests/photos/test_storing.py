"""Pictures built here, byte by byte where Pillow would not: each is kept clean or refused."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support.odd_pictures import (
    BLUE,
    RED,
    SECRET,
    WHITE,
    animated,
    deep_grey,
    encoded,
    kept,
    looks,
    png_claiming,
    telling_exif,
    telling_jpeg,
    telling_png,
    transparent_palette,
    two_halves,
)
from wishwall.photos.answers import photo_response
from wishwall.photos.storing import (
    MOST_BYTES,
    UnusablePhoto,
    forget_orphans,
    path_of,
    remove,
    store,
)

STORED: dict[str, Callable[[], bytes]] = {
    "a JPEG that tells place and number": telling_jpeg,
    "a PNG that tells a number": telling_png,
    "a JPEG with a page behind it": lambda: encoded(two_halves()) + b"<script>" + SECRET,
    "a PNG with an archive behind it": lambda: encoded(two_halves(), "PNG") + b"PK\3\4" + SECRET,
    "an animated WebP": lambda: animated("WEBP"),
    "an animated PNG": lambda: animated("PNG"),
    "a 16-bit PNG": deep_grey,
    "a CMYK JPEG": lambda: encoded(two_halves(mode="CMYK")),
    "a grey JPEG": lambda: encoded(two_halves(mode="L")),
    "a black and white PNG": lambda: encoded(two_halves(mode="1"), "PNG"),
    "a palette with transparency": transparent_palette,
    "a WebP with transparency": lambda: encoded(two_halves(mode="RGBA"), "WEBP"),
    "one pixel": lambda: encoded(Image.new("RGB", (1, 1)), "PNG"),
    "a line": lambda: encoded(Image.new("RGB", (10_000, 1)), "PNG"),
    "a JPEG with broken EXIF": lambda: encoded(two_halves(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "a large JPEG": lambda: encoded(two_halves((4000, 3000))),
}
REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("not-a-picture", lambda: b""),
    "too many bytes": ("too-large", lambda: telling_jpeg() + b"\0" * 9_000_000),
    "half a JPEG": ("broken", lambda: encoded(two_halves())[:900]),
    "half a PNG": ("broken", lambda: encoded(two_halves(), "PNG")[:300]),
    "half a WebP": ("broken", lambda: encoded(two_halves(), "WEBP")[:-20]),
    "a bomb of 400 million pixels": ("too-many-pixels", lambda: png_claiming(20_000, 20_000)),
    "just too many pixels": ("too-many-pixels", lambda: png_claiming(6_500, 6_500)),
    "an EPS": ("not-a-picture", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    "a GIF": ("not-a-picture", lambda: encoded(two_halves(), "GIF")),
    "a TIFF": ("not-a-picture", lambda: encoded(two_halves(), "TIFF")),
    "an SVG": ("not-a-picture", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a page": ("not-a-picture", lambda: b"<html><script>alert(1)</script></html>"),
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")
@pytest.mark.parametrize("case", STORED)
def test_a_picture_is_kept_as_a_plain_jpeg_that_tells_nothing(tmp_path: Path, case: str) -> None:
    stored = store(STORED[case](), tmp_path)
    for small in (False, True):
        picture = kept(tmp_path, stored, small=small)
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert getattr(picture, "n_frames", 1) == 1
        assert not set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                        "progressive", "progression"}  # fmt: skip
        assert max(picture.size) <= (480 if small else 1600)
        content = path_of(tmp_path, stored.public_id, "small" if small else "full").read_bytes()
        assert content.endswith(b"\xff\xd9")
        for planted in (SECRET, b"script", b"Exif", b"xmp", b"PK\3\4", b"Phone"):
            assert planted not in content
    assert kept(tmp_path, stored).size == (stored.width, stored.height)
    assert len(list(tmp_path.rglob("*.jpg"))) == 2
    assert not list(tmp_path.rglob(".writing-*"))


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_safely_is_refused_and_nothing_stays(
    tmp_path: Path, case: str
) -> None:
    reason, build = REFUSED[case]
    with pytest.raises(UnusablePhoto) as refusal:
        store(io.BytesIO(build()), tmp_path)
    assert refusal.value.reason == reason
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("orientation", "red_is_at"),
    [(1, "left"), (2, "right"), (3, "right"), (4, "left"),
     (5, "top"), (6, "top"), (7, "bottom"), (8, "bottom")],
)  # fmt: skip
def test_a_photo_is_turned_upright(tmp_path: Path, orientation: int, red_is_at: str) -> None:
    picture = kept(tmp_path, store(telling_jpeg(orientation), tmp_path))
    width, height = picture.size
    assert picture.size == ((200, 400) if orientation > 4 else (400, 200))
    places = {
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
    }
    for side, place in places.items():
        opposite = {side, red_is_at} in ({"left", "right"}, {"top", "bottom"})
        if side == red_is_at or opposite:
            assert looks(picture, place, RED if side == red_is_at else BLUE)


def test_colours_survive_depth_transparency_and_print_inks(tmp_path: Path) -> None:
    assert looks(kept(tmp_path, store(deep_grey(), tmp_path)), (9, 9), (128, 128, 128))
    palette = kept(tmp_path, store(transparent_palette(), tmp_path))
    assert looks(palette, (2, 9), RED) and looks(palette, (17, 9), WHITE)
    inks = kept(tmp_path, store(STORED["a CMYK JPEG"](), tmp_path))
    assert looks(inks, (5, 5), RED) and looks(inks, (395, 5), BLUE)
    assert looks(kept(tmp_path, store(animated("WEBP"), tmp_path)), (30, 30), RED)
    assert looks(kept(tmp_path, store(animated("PNG"), tmp_path)), (30, 30), RED)


def test_a_large_photo_is_shrunk_in_proportion(tmp_path: Path) -> None:
    stored = store(STORED["a large JPEG"](), tmp_path)
    assert (stored.width, stored.height) == (1600, 1200)
    assert kept(tmp_path, stored, small=True).size == (480, 360)
    line = store(STORED["a line"](), tmp_path)
    assert (line.width, line.height) == (1600, 1)


def test_the_limit_of_bytes_is_exact(tmp_path: Path) -> None:
    picture = telling_jpeg()
    store(picture + b"\0" * (MOST_BYTES - len(picture)), tmp_path)
    with pytest.raises(UnusablePhoto):
        store(picture + b"\0" * (MOST_BYTES - len(picture) + 1), tmp_path)


def test_a_photo_folder_that_takes_nothing_is_said_not_crashed(tmp_path: Path) -> None:
    from wishwall.photos.storing import NoRoom

    (tmp_path / "photos").write_text("a file stands where the folder should")
    with pytest.raises(NoRoom) as refusal:
        store(telling_jpeg(), tmp_path / "photos")
    assert refusal.value.status == 503


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8 "]),
    rest=st.binary(max_size=400),
)
def test_no_bytes_at_all_cause_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    store_or_refuse(start + rest, tmp_path_factory.getbasetemp() / "noise")


SEEDS = [telling_jpeg(6), telling_png(), deep_grey(), transparent_palette(), animated("PNG"),
         animated("WEBP"), encoded(two_halves(mode="CMYK"), progressive=True),
         encoded(two_halves(mode="RGBA"), "WEBP", exif=telling_exif())]  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 0.9999), st.binary(max_size=6)), max_size=8),
    cut=st.floats(0.1, 1),
    reach=st.sampled_from([100, 300, 100_000]),  # most of what matters stands early
)
def test_no_damaged_picture_causes_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory,
    seed: bytes,
    changes: list[tuple[float, bytes]],
    cut: float,
    reach: int,
) -> None:
    damaged = bytearray(seed)
    for where, content in changes:
        place = int(where * min(reach, len(seed)))
        damaged[place : place + len(content)] = content
    store_or_refuse(
        bytes(damaged[: int(cut * len(damaged))]), tmp_path_factory.getbasetemp() / "noise"
    )


def store_or_refuse(content: bytes, folder: Path) -> None:
    try:
        stored = store(content, folder)
    except UnusablePhoto:
        return
    assert SECRET not in path_of(folder, stored.public_id).read_bytes()
    remove(folder, stored.public_id)


def test_a_removed_photo_is_gone_in_both_sizes(tmp_path: Path) -> None:
    stored = store(telling_jpeg(), tmp_path)
    remove(tmp_path, stored.public_id)
    remove(tmp_path, stored.public_id)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_only_old_files_without_an_owner_are_swept(tmp_path: Path) -> None:
    owned, orphan, fresh = (store(telling_jpeg(), tmp_path) for _ in range(3))
    half_written = path_of(tmp_path, orphan.public_id).parent / ".writing-abc"
    half_written.write_bytes(b"x")
    for photo in (owned, orphan):
        for file in path_of(tmp_path, photo.public_id).parent.iterdir():
            if fresh.public_id not in file.name:
                os.utime(file, (0, 0))
    assert forget_orphans(tmp_path, {owned.public_id}, timedelta(hours=1)) == 3
    left = {file.name[:10] for file in tmp_path.rglob("*.jpg")}
    assert left == {owned.public_id, fresh.public_id}
    assert not half_written.exists()


@pytest.mark.parametrize("name", ["../../etc/x", "", "abc", "..", "abcdefghjk/", "ABCDEFGHJK"])
def test_a_path_is_made_of_public_ids_only(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a photo id"):
        path_of(tmp_path, name)


def test_a_browser_may_only_look_at_it(tmp_path: Path) -> None:
    stored = store(telling_jpeg(), tmp_path)
    path = path_of(tmp_path, stored.public_id)
    app = Flask(__name__)
    app.add_url_rule("/photo", "photo", view_func=lambda: photo_response(path))
    app.add_url_rule("/gone", "gone", view_func=lambda: photo_response(path.with_name("gone.jpg")))
    browser = app.test_client()
    with browser.get("/photo") as response:
        assert response.data == path.read_bytes()
    headers = response.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert headers["Content-Security-Policy"] == policy
    assert headers["Content-Disposition"] == f"inline; filename={stored.public_id}.jpg"
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    with browser.get("/photo", headers={"If-None-Match": headers["ETag"]}) as again:
        assert again.status_code == 304
    assert browser.get("/gone").status_code == 404

"""Storing pictures: whatever bytes arrive, either a clean JPEG is kept or nothing is."""

import hashlib
import io
import re
import struct
import time
import warnings
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Literal

from PIL import Image, UnidentifiedImageError

from wishwall.kit.errors import Refusal
from wishwall.kit.files import write_whole
from wishwall.kit.i18n import _l
from wishwall.kit.ids import ALPHABET, LENGTH, public_id

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
Size = Literal["full", "small"]
EDGES: dict[Size, int] = {"full": 1600, "small": 480}
SUFFIXES: dict[Size, str] = {"full": ".jpg", "small": "-small.jpg"}
ID_SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SENTENCES = {
    "too-large": _l("照片太大了，请换一张 8 MB 以内的。"),
    "not-a-picture": _l("这不是我们认得的照片，请用 JPEG、PNG 或 WebP。"),
    "too-many-pixels": _l("照片的尺寸太大了，请缩小后再传。"),
    "broken": _l("照片没有传完整或已损坏，请重新选一张。"),
}
# What Pillow lets out of its decoders on hostile bytes; a warning is an error where we say so.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AssertionError,
    MemoryError,
    struct.error,
    Warning,
)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
_one_at_a_time = Lock()  # 40 million pixels need up to 600 MB while they are open


class UnusablePhoto(Refusal):
    """These bytes are not kept; `reason` is one of the keys of `SENTENCES`."""

    status = 422

    def __init__(self, reason: str) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason


class NoRoom(Refusal):
    """The picture is fine but the folder cannot take it now."""

    status = 503
    sentence = _l("照片现在存不下。请稍后再试，或者先不带照片。")


@dataclass(frozen=True)
class Stored:
    """What was written: sizes in pixels and bytes, and the hash, of the larger file."""

    public_id: str
    width: int
    height: int
    bytes: int
    sha256: str


def store(source: BinaryIO | bytes, folder: Path) -> Stored:
    """Keep a clean copy of a picture in two sizes; raises `UnusablePhoto`.

    Decoding takes up to a second: call it before a writing transaction, never inside one.
    """
    data = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnusablePhoto("too-large")
    with _one_at_a_time:
        picture = _decoded(data)
        files = {size: _encoded(picture, edge) for size, edge in EDGES.items()}
    name = public_id()
    try:
        for size, content in files.items():
            write_whole(path_of(folder, name, size), content)
    except OSError as error:
        remove(folder, name)
        raise NoRoom from error
    full = files["full"]
    digest = hashlib.sha256(full).hexdigest()
    return Stored(name, picture.width, picture.height, len(full), digest)


def path_of(folder: Path, photo_id: str, size: Size = "full") -> Path:
    """Where a picture lies; raises ValueError for anything that is not a public id."""
    if not ID_SHAPE.fullmatch(photo_id):
        raise ValueError(f"not a photo id: {photo_id!r}")
    return folder / photo_id[:2] / (photo_id + SUFFIXES[size])


def remove(folder: Path, photo_id: str) -> None:
    """Erase both sizes; quiet if they are gone or cannot be reached (the sweep comes again)."""
    for size in EDGES:
        with suppress(OSError):
            path_of(folder, photo_id, size).unlink()


def forget_orphans(folder: Path, known_ids: Container[str], older_than: timedelta) -> int:
    """Erase files that no row owns, and half-written ones; returns how many.

    Read `known_ids` first. Walks the whole folder: past a million photos run it daily, by shard.
    """
    before = time.time() - older_than.total_seconds()
    forgotten = 0
    for file in _files(folder):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before and file.name[:LENGTH] not in known_ids:
                file.unlink()
                forgotten += 1
    return forgotten


def _decoded(data: bytes) -> Image.Image:
    """The first frame, upright, at most 1600 px, on white, with nothing else attached."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UnusablePhoto("too-many-pixels")
            return _cleaned(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePhoto("too-many-pixels") from None
    except UnidentifiedImageError:
        raise UnusablePhoto("not-a-picture") from None
    except UNREADABLE:
        raise UnusablePhoto("broken") from None


def _cleaned(image: Image.Image) -> Image.Image:
    edge = EDGES["full"]
    turn = _turn(image)
    image.draft("RGB", (edge, edge))
    image.load()
    plain = _eight_bit(image)
    plain.thumbnail((edge, edge))
    fresh = Image.new("RGB", plain.size, "white")
    fresh.paste(plain, mask=plain if plain.mode == "RGBA" else None)
    return fresh if turn is None else fresh.transpose(turn)


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        orientation = image.getexif().get(ORIENTATION)
    except UNREADABLE:  # bad metadata is no reason to refuse a good picture
        return None
    return UPRIGHT.get(orientation) if isinstance(orientation, int) else None


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey would be clipped to white
        image = image.convert("I").point(lambda level: level / 257).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)  # no second copy of 40 MP


def _encoded(picture: Image.Image, edge: int) -> bytes:
    if max(picture.size) > edge:
        picture = picture.copy()
        picture.thumbnail((edge, edge))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80, progressive=True, optimize=True)
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("??/*")

"""Photos as a phone sends them with a form, good and bad: what the test client uploads."""

import io

from PIL import Image

Upload = tuple[io.BytesIO, str]


def a_photo(size: tuple[int, int] = (640, 480)) -> Upload:
    """A picture that can be kept."""
    return io.BytesIO(_jpeg(size)), "gloves.jpg"


def a_broken_photo() -> Upload:
    """The first half of a picture: the line was cut."""
    whole = _jpeg((640, 480))
    return io.BytesIO(whole[: len(whole) // 2]), "gloves.jpg"


def no_photo_at_all(more_bytes: int = 0) -> Upload:
    """Something that only calls itself a picture."""
    return io.BytesIO(b"<script>alert(1)</script>" + b"\0" * more_bytes), "gloves.jpg"


def _jpeg(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()

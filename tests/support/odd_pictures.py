"""Pictures built byte by byte where Pillow would not build them."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, PngImagePlugin

from wishwall.photos.storing import Stored, path_of

SECRET = b"13800138000"
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def two_halves(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    ImageDraw.Draw(picture).rectangle((size[0] // 2, 0, size[0], size[1]), fill=BLUE)
    return picture.convert(mode)


def encoded(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def telling_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif[0x0110] = "Phone of 13800138000"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 52.0, 13.0), 3: "E", 4: (112.0, 33.0, 1.0)})
    return exif.tobytes()


def telling_jpeg(orientation: int = 1) -> bytes:
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    return encoded(
        two_halves(), exif=telling_exif(orientation), comment=SECRET + b"<script>", xmp=xmp
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + crc


def png_claiming(width: int, height: int) -> bytes:
    """A small file that unpacks to `width` x `height` grey pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def telling_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_text("Description", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return encoded(two_halves(), "PNG", pnginfo=info, exif=telling_exif())


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", (60, 60), color) for color in (RED, BLUE, WHITE)]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def transparent_palette() -> bytes:
    picture = Image.new("P", (20, 20), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    picture.paste(1, (0, 0, 10, 20))
    return encoded(picture, "PNG", transparency=0)


def deep_grey() -> bytes:
    return encoded(Image.new("I;16", (20, 20), 0x8000), "PNG")


def kept(folder: Path, stored: Stored, *, small: bool = False) -> Image.Image:
    with Image.open(path_of(folder, stored.public_id, "small" if small else "full")) as picture:
        picture.load()
        return picture


def looks(picture: Image.Image, place: tuple[int, int], color: tuple[int, int, int]) -> bool:
    pixel = picture.getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(seen - meant) < 30 for seen, meant in zip(pixel, color, strict=True))

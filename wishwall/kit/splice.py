"""A page that is the same for many but for a few short secrets, packed once and spliced for each.

The pieces around the secrets are compressed alone and put together as one gzip stream, with the
secrets between them as they are: cheap, and nothing can be learnt about a secret from how well
it packs beside words that others wrote.
"""

import zlib
from collections.abc import Sequence
from functools import cached_property

# RFC 1952: magic, deflate, no flags, no time, no hint, no system
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


class Spliced:
    """The pieces of a page; between two of them stands one secret, in UTF-8 of at most 64 KB."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self.secrets = len(pieces) - 1

    def plain(self, *secrets: bytes) -> bytes:
        """The page with these secrets."""
        return b"".join(_between(self._pieces, secrets))

    def gzipped(self, *secrets: bytes) -> bytes:
        """The same as a gzip stream."""
        page = self.plain(*secrets)
        tail = zlib.crc32(page).to_bytes(4, "little") + len(page).to_bytes(4, "little")
        stored = [_stored(secret) for secret in secrets]
        return b"".join((GZIP_HEAD, *_between(self._packed, stored), tail))

    @cached_property
    def _packed(self) -> list[bytes]:
        """Each piece deflated by itself, ending on a whole byte; the last one ends the stream."""
        *pieces, last = self._pieces
        return [*(_deflated(piece, zlib.Z_FULL_FLUSH) for piece in pieces), _deflated(last)]


def _between(pieces: Sequence[bytes], secrets: Sequence[bytes]) -> list[bytes]:
    put = [pieces[0]]
    for secret, piece in zip(secrets, pieces[1:], strict=True):
        put += (secret, piece)
    return put


def _deflated(piece: bytes, end: int = zlib.Z_FINISH) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(end)


def _stored(secret: bytes) -> bytes:
    """A block of deflate that is not compressed (RFC 1951, 3.2.4)."""
    length = len(secret)
    return b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + secret

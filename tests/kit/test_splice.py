"""A page spliced of packed pieces and secrets unpacks to itself."""

import gzip

import pytest

from wishwall.kit.splice import Spliced

LONG = "心愿墙上的话".encode() * 5000


@pytest.mark.parametrize(
    ("pieces", "secrets"),
    [
        ([b"<html>", b"</html>"], [b"token"]),
        ([b"a", b"b", b"c"], [b"1", b"2"]),
        ([b"", b"", b""], [b"", b"x"]),
        ([LONG, LONG, LONG], [b"token" * 20, b"key"]),
        ([b"alone"], []),
    ],
)
def test_what_is_unpacked_is_the_page(pieces: list[bytes], secrets: list[bytes]) -> None:
    page = Spliced(pieces)
    assert gzip.decompress(page.gzipped(*secrets)) == page.plain(*secrets)
    assert gzip.decompress(page.gzipped(*secrets)) == page.plain(*secrets), "packed pieces are kept"


def test_secrets_stand_between_the_pieces_in_their_order() -> None:
    assert Spliced([b"<", b"|", b">"]).plain(b"one", b"two") == b"<one|two>"


def test_a_secret_packs_no_better_beside_the_same_words() -> None:
    page = Spliced([b"guess: deadbeefdeadbeef ", b" end"])
    right, wrong = (page.gzipped(secret) for secret in (b"deadbeefdeadbeef", b"0123456789abcdef"))
    assert len(right) == len(wrong)


def test_one_secret_too_few_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="longer"):
        Spliced([b"a", b"b", b"c"]).plain(b"only one")

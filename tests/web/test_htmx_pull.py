"""`wishwall htmx pull`: from the CDN or through npm, and only what has the right hash."""

import base64
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from tests.support.project import TEMPLATES
from wishwall import htmx
from wishwall.kit.headers import HTMX

ASKED_FOR = htmx.FILES
RIGHT, WRONG = b"var htmx = 'as it should be'", b"var htmx = 'something else'"
FAKE_NPM = """#!{python}
import io, pathlib, sys, tarfile
if {content!r} is None:
    sys.exit("npm error network")
with tarfile.open(pathlib.Path(sys.argv[-1]) / "htmx.org-4.0.1.tgz", "w:gz") as package:
    for name, content in {content!r}.items():
        member = tarfile.TarInfo("package/dist/" + name)
        member.size = len(content)
        package.addfile(member, io.BytesIO(content))
"""
Offer = Callable[[bytes | None], None]
Npm = Callable[[dict[str, bytes] | None], None]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """A test's server keeps no log."""


@pytest.fixture(autouse=True)
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the copy goes; the right content is known by its hash."""
    folder = tmp_path / "vendor"
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(RIGHT).digest()).decode()
    monkeypatch.setattr(htmx, "VENDOR", folder)
    monkeypatch.setattr(htmx, "FILES", {"htmx.min.js": integrity})
    return folder


@pytest.fixture
def cdn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """A CDN that has this file, or nothing."""
    offered = tmp_path / "cdn"
    offered.mkdir()
    handler = partial(QuietHandler, directory=str(offered))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr(htmx, "HTMX", f"http://127.0.0.1:{server.server_port}/")
        yield lambda content: _put(offered / "htmx.min.js", content)
        server.shutdown()


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """An npm that packs these files, or cannot."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def packs(content: dict[str, bytes] | None) -> None:
        program = folder / "npm"
        program.write_text(FAKE_NPM.format(python=sys.executable, content=content))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    packs(None)
    return packs


def pull() -> Result:
    return CliRunner().invoke(htmx.pull)


def test_what_the_cdn_sends_is_kept_if_its_hash_is_right(vendor: Path, cdn: Offer) -> None:
    cdn(RIGHT)
    result = pull()
    assert (result.exit_code, (vendor / "htmx.min.js").read_bytes()) == (0, RIGHT)
    assert "CDN" in result.output


def test_a_tampered_cdn_is_passed_over_for_npm(vendor: Path, cdn: Offer, npm: Npm) -> None:
    cdn(WRONG)
    npm({"htmx.min.js": RIGHT})
    result = pull()
    assert (result.exit_code, (vendor / "htmx.min.js").read_bytes()) == (0, RIGHT)
    assert "npm" in result.output


@pytest.mark.parametrize("packed", [None, {}, {"htmx.min.js": WRONG}])
def test_with_neither_it_fails_kindly_and_keeps_nothing(
    vendor: Path, cdn: Offer, npm: Npm, packed: dict[str, bytes] | None
) -> None:
    cdn(None)
    npm(packed)
    result = pull()
    assert result.exit_code == 1
    assert "网站仍可用" in result.output and "the site works" in result.output
    assert "Traceback" not in result.output
    assert not vendor.exists() or not list(vendor.iterdir())


def test_where_there_is_no_npm_it_fails_kindly_too(
    cdn: Offer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cdn(None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pull().exit_code == 1


def test_a_second_run_asks_nobody(vendor: Path, cdn: Offer, npm: Npm) -> None:
    cdn(RIGHT)
    pull()
    before = (vendor / "htmx.min.js").stat()
    cdn(None)
    npm(None)
    result = pull()
    assert result.exit_code == 0
    assert (vendor / "htmx.min.js").stat() == before
    assert "is there already" in result.output


def test_a_spoilt_copy_is_fetched_again(vendor: Path, cdn: Offer) -> None:
    vendor.mkdir()
    (vendor / "htmx.min.js").write_bytes(WRONG)
    cdn(RIGHT)
    assert pull().exit_code == 0
    assert (vendor / "htmx.min.js").read_bytes() == RIGHT


def test_browsers_are_asked_to_check_the_same_hash() -> None:
    page = (TEMPLATES / "kit" / "base.html").read_text("utf-8")
    for name, integrity in ASKED_FOR.items():
        assert f'{HTMX}{name}"' in page
        assert f'integrity="{integrity}"' in page


def _put(file: Path, content: bytes | None) -> None:
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)

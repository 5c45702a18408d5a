"""`wishwall htmx pull`: the self-hosted copies, for when the CDN does not answer.

They are not committed. Each is fetched from the CDN or through the npm client, whichever
answers, and kept only if its hash is the one that pages ask browsers to check.
"""

import base64
import hashlib
import subprocess
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import click

from wishwall.config import ROOT
from wishwall.kit.files import write_whole
from wishwall.kit.headers import HTMX

PACKAGE = "htmx.org@4.0.1"
FILES = {
    "htmx.min.js": "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn",
    "ext/hx-sse.min.js": "sha384-v8HvucQ+ohQhMg0arboXc5049yNR46QKMjphs7YDch+Wm7zpfK5XVS01f26mQDJV",
}
VENDOR = ROOT / "static" / "vendor"
SECONDS = 20
Source = Callable[[str], bytes]
NOT_TO_BE_HAD = (OSError, HTTPException, subprocess.SubprocessError)
NOT_AS_EXPECTED = (ValueError, LookupError, EOFError, tarfile.TarError, zlib.error)


@click.command()
def pull() -> None:
    """下载并核对 htmx / Fetch the copies that are missing, and check their hashes."""
    missing = [name for name, integrity in FILES.items() if not _is_good(VENDOR / name, integrity)]
    if not missing:
        click.echo("htmx 已就绪。 / htmx is there already.")
        return
    for said, source in (("CDN", _from_cdn), ("npm", _from_npm)):
        try:
            for name in missing:
                write_whole(VENDOR / name, _checked(name, source(name)))
        except (*NOT_TO_BE_HAD, *NOT_AS_EXPECTED) as error:
            click.echo(f"{said}: {type(error).__name__}", err=True)
            continue
        click.echo(f"htmx 已从 {said} 取得并核对。 / htmx came from {said}; its hash is right.")
        return
    raise click.ClickException("取不到 htmx；网站仍可用。 / htmx could not be had; the site works.")


def _checked(name: str, content: bytes) -> bytes:
    if _integrity(content) != FILES[name]:
        raise ValueError(f"{name} is not the file that it should be")
    return content


def _is_good(file: Path, integrity: str) -> bool:
    return file.is_file() and _integrity(file.read_bytes()) == integrity


def _integrity(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def _from_cdn(name: str) -> bytes:
    with urllib.request.urlopen(HTMX + name, timeout=SECONDS) as answer:  # noqa: S310 - our own https
        content: bytes = answer.read(2_000_000)
    return content


def _from_npm(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        subprocess.run(  # noqa: S603 - nothing of it comes from outside
            command, check=True, timeout=3 * SECONDS, capture_output=True, cwd=folder
        )
        archives = list(Path(folder).glob("*.tgz"))
        with tarfile.open(archives[0]) as package:
            member = package.extractfile(f"package/dist/{name}")
            if member is None:
                raise ValueError(f"{name} is not in the package")
            return member.read()

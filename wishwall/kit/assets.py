"""Addresses of static files that change when the file does, and the name of this build."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from markupsafe import Markup

ROOT = Path(__file__).parent.parent.parent


def _build() -> str:
    """A short name for the templates and static files in use, the same on every machine."""
    digest = hashlib.blake2b(digest_size=6)
    for folder in ("templates", "static"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


BUILD = _build()


def init_app(app: Flask) -> None:
    """Give templates `asset('css/base.css')` and `icon('heart')`."""
    app.jinja_env.globals.update(asset=asset, icon=icon)


@cache
def asset(path: str) -> str:
    """Where a static file is, with the hash of its content: it may be kept for ever."""
    content = (Path(str(current_app.static_folder)) / path).read_bytes()
    return f"/static/{path}?v={hashlib.blake2b(content, digest_size=6).hexdigest()}"


@cache
def icon(name: str) -> Markup:
    """A symbol of icons.svg; it says nothing to those who listen, a word stands beside it."""
    use = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>')
    return use.format(asset("icons.svg"), name)

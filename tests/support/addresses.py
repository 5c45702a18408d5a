"""Does each address on a page lead somewhere? Asked of the router, without following it."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask
from justhtml import Element
from werkzeug.exceptions import HTTPException

from tests.support.markup import elements
from tests.support.page import Page
from tests.support.page_lint import shown

GETTING = ("href", "src", "hx-get", "data-local", "hx-sse:connect")


def dead_ends(page: Page, app: Flask) -> Iterator[str]:
    """Links, forms, pictures and scripts of our own that no route answers."""
    here = urlsplit(page.path).path  # a page that is not there may still change its language
    for element in elements(page.tree):
        for address, method in _addresses(element):
            path = urlsplit(page.address(address)).path
            if unquote(path) != here and not _answers(path, method, app):
                yield f"{shown(element)} leads nowhere: {method} {address}"


def _addresses(element: Element) -> Iterator[tuple[str, str]]:
    attributes = element.attrs
    found = [(attributes.get(name), "GET") for name in GETTING]
    found.append((attributes.get("hx-post"), "POST"))
    if element.name == "form":
        found.append((attributes.get("action"), (attributes.get("method") or "get").upper()))
    for address, method in found:
        if address and not urlsplit(address).scheme and not address.startswith("//"):
            yield address, method


@lru_cache(maxsize=2000)  # each page has the same head and foot
def _answers(path: str, method: str, app: Flask) -> bool:
    try:
        endpoint, values = app.url_map.bind("localhost").match(unquote(path), method)
    except HTTPException:
        return False
    if endpoint == "static" and not values["filename"].startswith("vendor/"):
        return Path(app.static_folder or "", values["filename"]).is_file()
    return True

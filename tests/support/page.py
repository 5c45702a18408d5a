"""A page as a browser without JavaScript has it: what it shows, its links, its forms."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from justhtml import Element
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support.markup import parse, select
from tests.support.page_lint import shown

BUTTON_TYPES = {"submit", "button", "image", "reset"}


class Page:
    """One whole page, or the fragment that htmx got."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.tree = parse(response.text, fragment="<html" not in response.text)

    def select(self, selector: str) -> list[Element]:
        """The elements that match a CSS selector."""
        return select(self.tree, selector)

    def one(self, selector: str) -> Element:
        """The one element that matches; fails if there is none or more than one."""
        found = self.select(selector)
        if len(found) != 1:
            pytest.fail(f"{len(found)} elements match {selector!r} on {self.path}", pytrace=False)
        return found[0]

    @property
    def text(self) -> str:
        """All that can be read on it, with single spaces."""
        root = self.select("body")
        return " ".join((root[0] if root else self.tree).to_text().split())

    @property
    def h1(self) -> str:
        return " ".join(self.one("h1").to_text().split())

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        for link in self.select("a"):
            if words in (link.to_text(), link.attrs.get("aria-label")) or words in link.to_text():
                return self.address(link.attrs.get("href") or "")
        return pytest.fail(f"no link says {words!r} on {self.path}", pytrace=False)

    def address(self, reference: str) -> str:
        """A reference on this page as a path of the site."""
        parts = urlsplit(urljoin(f"http://localhost{self.path}", reference))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def form(self, which: str) -> "Form":
        """The form with this id, or whose action is, or ends with, `which`."""
        forms = self.select("form")
        for form in forms:
            if form.attrs.get("id") == which:
                return Form(form, self)
        for form in forms:
            if self.address(form.attrs.get("action") or "").endswith(which):
                return Form(form, self)
        there = ", ".join(shown(form) for form in forms) or "no form at all"
        return pytest.fail(f"no form {which!r} on {self.path}; there is {there}", pytrace=False)


@dataclass
class Form:
    """A form with what stands in its fields."""

    element: Element
    page: Page
    values: MultiDict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.values = MultiDict(
            (name, value)
            for control in select(self.element, "input, select, textarea")
            for name, value in _successful(control)
        )

    @property
    def action(self) -> str:
        return self.page.address(self.element.attrs.get("action") or "")

    @property
    def method(self) -> str:
        return (self.element.attrs.get("method") or "get").upper()

    @property
    def is_multipart(self) -> bool:
        return self.element.attrs.get("enctype") == "multipart/form-data"

    def names(self) -> set[str]:
        """The names that this form can send, its buttons' included."""
        controls = select(self.element, "[name]")
        return {name for control in controls if (name := control.attrs.get("name"))}

    def filled(self, fields: dict[str, Any]) -> MultiDict[str, Any]:
        """What is sent when these fields are filled in; a field that is not there fails."""
        for name in fields:
            if name not in self.names():
                there = ", ".join(sorted(self.names()))
                pytest.fail(f"{self.action} has no field {name!r}, only {there}", pytrace=False)
        sent = self.values.copy()
        for name, value in fields.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        return sent


def _successful(control: Element) -> list[tuple[str, str]]:
    """What the control sends when nobody touches it."""
    attributes = control.attrs
    name = attributes.get("name")
    if not name or "disabled" in attributes:
        return []
    if control.name == "textarea":
        return [(name, control.to_text(strip=False))]
    if control.name == "select":
        options = select(control, "option")
        chosen = [option for option in options if "selected" in option.attrs] or options[:1]
        return [(name, option.attrs.get("value", option.to_text()) or "") for option in chosen]
    kind = attributes.get("type") or "text"
    if kind in BUTTON_TYPES or kind == "file":
        return []
    if kind in {"checkbox", "radio"}:
        return [(name, attributes.get("value") or "on")] if "checked" in attributes else []
    return [(name, attributes.get("value") or "")]

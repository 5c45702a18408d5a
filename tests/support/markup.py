"""Is this HTML what a browser will make of it?

The nesting as written is compared with the nesting as parsed by the rules of the HTML standard:
a stray end tag, an unclosed element, a form within a form or a paragraph in a table shows as a
difference. (The parser's own strict mode lets most of these pass.)
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from justhtml import Element, JustHTML

VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
Place = tuple[str, str]  # a tag and the tag around it


@lru_cache(maxsize=8)  # a page is linted, asked for its addresses, and then looked at
def parse(html: str, *, fragment: bool = False) -> JustHTML:
    """The tree a browser builds; raises `StrictModeError` on what the parser itself refuses."""
    return JustHTML(html, sanitize=False, strict=True, fragment=fragment)


def select(within: JustHTML | Element, selector: str) -> list[Element]:
    """The elements that match a CSS selector."""
    return [found for found in within.query(selector) if isinstance(found, Element)]


def elements(tree: JustHTML) -> list[Element]:
    """All of them, in their order; much quicker than a selector."""
    found: list[Element] = []
    waiting: list[Any] = [tree.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element):
            found.append(node)
        waiting += reversed(node.children or ())
        if getattr(node, "template_content", None):
            waiting.append(node.template_content)
    return found


def nesting_faults(html: str, inside: list[Element]) -> Iterator[str]:
    """Where the source and the tree differ, in sentences."""
    written = _Written()
    written.feed(html)
    written.close()
    if written.faults:
        yield from written.faults[:3]
        return
    built = [(element.name.lower(), _around(element)) for element in inside]
    if built != written.places and not any(name == "template" for name, _around_it in built):
        pairs = zip(written.places, built, strict=False)
        differ = [f"<{w[0]}> in <{w[1]}> becomes <{b[0]}> in <{b[1]}>" for w, b in pairs if w != b]
        yield f"a browser builds something else than is written: {(differ or ['less of it'])[0]}"


def _around(element: Element) -> str:
    return element.parent.name.lower() if isinstance(element.parent, Element) else ""


class _Written(HTMLParser):
    """The nesting as it stands in the source, where every end tag must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self.faults: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places.append((tag, self._open[-1] if self._open else ""))
        for name, count in Counter(name for name, _ in attrs).items():
            if count > 1:
                self._say(f"<{tag}> has the attribute {name} {count} times")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            if "svg" not in self._open:
                self._say(f"<{tag}/> does not close itself in HTML")
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
            return
        inner = f"<{self._open[-1]}> is still open" if self._open else "nothing is open"
        self._say(f"</{tag}> closes, but {inner}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def close(self) -> None:
        super().close()
        if self._open:
            self._say(f"<{self._open[-1]}> is never closed")

    def _say(self, fault: str) -> None:
        self.faults.append(f"{fault} (line {self.getpos()[0]})")

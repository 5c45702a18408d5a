"""Can everyone use this page, without a mouse, an eye or JavaScript, and does the CSP hold?

`faults` answers with sentences, none when all is well.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from justhtml import Element, StrictModeError

from tests.support.markup import elements, nesting_faults, parse, select

REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")
UNLABELLED_INPUTS = {"hidden", "submit", "button", "image", "reset"}


@lru_cache(maxsize=500)  # many tests look at the same page
def faults(html: str, *, fragment: bool = False) -> list[str]:
    """What is wrong with this page or fragment."""
    try:
        whole = Whole(elements(parse(html, fragment=fragment)))
    except StrictModeError as error:
        return [f"the HTML does not parse: {error}"]
    found = [*nesting_faults(html, whole.elements), *_ids(whole)]
    if not fragment:
        found += [*_whole_page(whole), *_references(whole)]
    for element in whole.elements:
        if fragment and element.name == "form":
            continue  # its token and key may come from the page around it
        rules = (_inline, RULES.get(element.name.lower(), _nothing))
        found += [f"{shown(element)} {fault}" for rule in rules for fault in rule(element, whole)]
    return found


class Whole:
    """All of a page or fragment, listed once, and what is labelled: a rule may ask for it."""

    def __init__(self, inside: list[Element]) -> None:
        self.elements = inside
        self.ids = Counter(element.attrs["id"] or "" for element in inside if "id" in element.attrs)
        self.by_id = {element.attrs["id"]: element for element in inside if "id" in element.attrs}
        labels = [label for label in self.called("label") if label.to_text().strip()]
        self.labelled_ids = {label.attrs["for"] for label in labels if label.attrs.get("for")}
        self.labelled = {
            id(inner)
            for label in labels
            if not label.attrs.get("for")
            for inner in select(label, "*")
        }

    def called(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.name == tag]


def name_of(element: Element, whole: Whole) -> str:
    """What a screen reader calls it."""
    named_by = (element.attrs.get("aria-labelledby") or "").split()
    parts = [whole.by_id[id_].to_text() for id_ in named_by if id_ in whole.by_id]
    parts += [element.attrs.get("aria-label") or "", element.to_text()]
    parts += [image.attrs.get("alt") or "" for image in select(element, "img")]
    parts += [title.to_text() for title in select(element, "title")]
    return " ".join(part.strip() for part in parts if part.strip())


def shown(element: Element) -> str:
    """Enough of the start tag to find it."""
    telling = ("id", "name", "action", "href", "src", "class")
    attributes = [f'{name}="{element.attrs[name]}"' for name in telling if element.attrs.get(name)]
    return f"<{' '.join([element.name, *attributes[:2]])}>"


def _ids(whole: Whole) -> Iterator[str]:
    yield from (
        f'the id "{id_}" stands {count} times' for id_, count in whole.ids.items() if count > 1
    )


def _references(whole: Whole) -> Iterator[str]:
    for element in whole.elements:
        for attribute in REFERENCES:
            for id_ in (element.attrs.get(attribute) or "").split():
                if id_ not in whole.ids:
                    yield f'{shown(element)} has {attribute}="{id_}", but nothing has that id'


def _whole_page(whole: Whole) -> Iterator[str]:
    if not any(html.attrs.get("lang") for html in whole.called("html")):
        yield "<html> has no lang"
    if not any(title.to_text().strip() for title in whole.called("title") if _in_head(title)):
        yield "<title> is empty"
    for tag in ("h1", "main"):
        if (count := len(whole.called(tag))) != 1:
            yield f"there must be exactly one <{tag}>, and there are {count}"


def _in_head(title: Element) -> bool:
    return isinstance(title.parent, Element) and title.parent.name == "head"


def _nothing(_element: Element, _whole: Whole) -> Iterator[str]:
    yield from ()


def _inline(element: Element, _whole: Whole) -> Iterator[str]:
    if "style" in element.attrs or element.name == "style":
        yield "is an inline style"
    if element.name == "script" and not element.attrs.get("src"):
        yield "is an inline script"
    for attribute in element.attrs:
        if attribute.startswith(("on", "hx-on")):
            yield f"has the inline script {attribute}"


def _link(link: Element, whole: Whole) -> Iterator[str]:
    if not link.attrs.get("href"):
        yield "has no href"
    if not name_of(link, whole):
        yield "has no name"


def _button(button: Element, whole: Whole) -> Iterator[str]:
    if not button.attrs.get("type") and not _submits(button):
        yield "has no type"
    if not name_of(button, whole):
        yield "has no name"


def _submits(button: Element) -> bool:
    """Within a form a button that does not say otherwise sends it."""
    around = button.parent
    while isinstance(around, Element) and around.name != "form":
        around = around.parent
    return isinstance(around, Element)


def _image(image: Element, _whole: Whole) -> Iterator[str]:
    if "alt" not in image.attrs:
        yield "has no alt"


def _form(form: Element, _whole: Whole) -> Iterator[str]:
    method = (form.attrs.get("method") or "").lower()
    if method not in {"get", "post"}:
        yield "has no method get or post"
    if not form.attrs.get("action"):
        yield "has no action"
    names = {control.attrs.get("name") for control in select(form, "input")}
    if method == "post":
        yield from (
            f"posts without a {name}" for name in ("csrf_token", "key") if name not in names
        )


def _control(control: Element, whole: Whole) -> Iterator[str]:
    if control.name == "input" and control.attrs.get("type", "text") in UNLABELLED_INPUTS:
        return
    if any(control.attrs.get(name) for name in ("aria-label", "aria-labelledby")):
        return
    if control.attrs.get("id") not in whole.labelled_ids and id(control) not in whole.labelled:
        yield "has no label"


RULES: dict[str, Callable[[Element, Whole], Iterator[str]]] = {
    "a": _link,
    "button": _button,
    "img": _image,
    "form": _form,
    "input": _control,
    "select": _control,
    "textarea": _control,
}

"""What would keep someone from using this page: judged by axe and by the page's own geometry.

A thing to press must be 48 × 48 px. Measured is what answers the finger: a box's label with it,
and the whole card where the link of a card is stretched over it. A link that runs within a
sentence is excepted: it is inline and the text goes on around it.
"""

import json
from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NARROWEST, PHONE, DESK = (320, 740), (360, 740), (1280, 800)
EVERYTHING: dict[str, Any] = {
    "resultTypes": ["violations", "incomplete"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
COLOURS: dict[str, Any] = {
    "resultTypes": ["violations", "incomplete"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced"]},
}
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true; })"
# axe does not judge text on a gradient: the folded corner and the tape go, the paper stays
PLAIN_PAPER = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.note { background: var(--note, var(--paper)) !important }
    .note::before, .note::after, .words > a::after { display: none !important }`);
  document.adoptedStyleSheets.push(sheet);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TEXT = """() => {
  const small = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    const isShown = texts.currentNode.data.trim() && around.checkVisibility();
    if (isShown && parseFloat(getComputedStyle(around).fontSize) < 18)
      small.add(around.outerHTML.slice(0, 90));
  }
  return [...small];
}"""
SMALL_TARGETS = """() => {
  const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const inSentence = link => getComputedStyle(link).display === 'inline'
    && link.parentElement.textContent.trim().length > link.textContent.trim().length;
  const answering = one => {
    if (/radio|checkbox/.test(one.type)) return one.closest('label') ?? one;
    const isStretched = getComputedStyle(one, '::after').position === 'absolute';
    return isStretched ? one.closest('.note') ?? one : one;
  };
  return [...document.querySelectorAll(pressed)].flatMap(one => {
    if (!one.checkVisibility()) return [];
    const area = answering(one), { width, height } = area.getBoundingClientRect();
    if (width > 47.9 && height > 47.9) return [];
    if (area === one && one.matches('a') && inSentence(one)) return [];
    return [`${Math.round(width)} × ${Math.round(height)}: ${one.outerHTML.slice(0, 90)}`];
  });
}"""


def barriers(page: Page) -> Iterator[str]:
    """Each of them in a sentence; the page must stand still (reduced motion)."""
    page.wait_for_load_state()
    page.evaluate(OPEN_ALL)
    page.set_viewport_size(_size(NARROWEST))
    if (wider := page.evaluate(SIDEWAYS)) > 0:
        yield f"at 320 px it scrolls sideways by {wider} px"
    for size in (PHONE, DESK):
        page.set_viewport_size(_size(size))
        yield from (f"{size[0]} px: small target {one}" for one in page.evaluate(SMALL_TARGETS))
    yield from (f"small text {one}" for one in page.evaluate(SMALL_TEXT))
    page.evaluate(AXE_SCRIPT)
    page.evaluate(PLAIN_PAPER)
    for size in (DESK, PHONE):
        page.set_viewport_size(_size(size))
        for scheme, options in (("dark", COLOURS), ("light", EVERYTHING)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            yield from (f"{size[0]} px, {scheme}: {found}" for found in _axe(page, options))


def _axe(page: Page, options: dict[str, Any]) -> Iterator[str]:
    results = page.evaluate(f"axe.run({json.dumps(options)})")
    unsure = [one for one in results["incomplete"] if one["id"] in COLOURS["runOnly"]["values"]]
    for violation in [*results["violations"], *unsure]:
        where = "; ".join(str(node["html"])[:120] for node in violation["nodes"][:3])
        yield f"{violation['id']}: {violation['help']} ({where})"


def _size(size: tuple[int, int]) -> Any:
    return {"width": size[0], "height": size[1]}

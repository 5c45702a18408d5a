"""Wish cards: the same bytes for everyone who reads a wall in one language.

A card is rendered from a plain tuple of ready strings. The first page of a wall is remembered
by the wall's revision and the language, so an unchanged wall is rendered once per process.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import render_template
from markupsafe import Markup

from wishwall.kit.i18n import day, language
from wishwall.wishes.queries import A_PAGE, AnyRow, WallHead, first_cards
from wishwall.wishes.words import CATEGORIES, STATES

WALLS_REMEMBERED = 500


class Cards(NamedTuple):
    """Rendered cards, and the id after which the next page begins ('' at the end)."""

    html: Markup
    after: str


def first_page(head: WallHead) -> Cards:
    """The newest cards of a wall."""
    return _remembered(head.station_id, head.revision, language())


@lru_cache(maxsize=WALLS_REMEMBERED)
def _remembered(station_id: int, _revision: int, _language: str) -> Cards:
    return rendered(first_cards(station_id))


def forget_all() -> None:
    """Forget every remembered wall."""
    _remembered.cache_clear()


def rendered(rows: Sequence[AnyRow]) -> Cards:
    """Cards for these rows, one page of them."""
    shown = rows[:A_PAGE]
    html = Markup(  # noqa: S704 - a template of ours has escaped it
        render_template("wishes/_cards.html", cards=_ready(shown))
    )
    return Cards(html, shown[-1].public_id if len(rows) > A_PAGE else "")


def _ready(rows: Iterable[AnyRow]) -> list[tuple[str | bool, ...]]:
    categories = {kind: str(word) for kind, word in CATEGORIES.items()}
    states = {state: str(word) for state, word in STATES.items()}
    return [
        (
            public_id,
            text,
            category,
            categories[category],
            state,
            states[state],
            day(posted_at),
            day(due_at) if state == "claimed" else "",
            photo_id is not None,
            (department or nickname or "") if named else "",
            thanks or "",
        )
        for (
            _id,
            public_id,
            text,
            category,
            state,
            posted_at,
            photo_id,
            due_at,
            named,
            nickname,
            department,
            thanks,
        ) in rows
    ]

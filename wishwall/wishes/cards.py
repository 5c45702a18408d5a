"""Wish cards: the same bytes for everyone who reads a wall in one language.

A card is rendered from a plain tuple of ready strings; `walls` remembers what is rendered.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from flask import current_app
from markupsafe import Markup

from wishwall.kit.assets import icon
from wishwall.kit.i18n import day, language
from wishwall.wishes.queries import A_PAGE, CardRow
from wishwall.wishes.words import CATEGORIES, STATES


class Cards(NamedTuple):
    """Rendered cards, and the id after which the next page begins ('' at the end)."""

    html: Markup
    after: str


def rendered(rows: Sequence[CardRow]) -> Cards:
    """Cards for these rows, one page of them."""
    shown = rows[:A_PAGE]
    html = Markup(  # noqa: S704 - a template of ours has escaped it
        current_app.jinja_env.get_template("wishes/_cards.html").render(cards=_ready(shown))
    )
    return Cards(html, shown[-1][1] if len(rows) > A_PAGE else "")


def _ready(rows: Iterable[CardRow]) -> list[tuple[str | bool, ...]]:
    spoken = language()
    kinds, states = _words(spoken)
    return [
        (
            public_id,
            text,
            f"{category} {state}",
            kinds[category],
            states[state],
            day(posted_at, spoken),
            day(due_at, spoken) if state == "claimed" else "",
            state == "open",
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


@cache
def _words(_language: str) -> tuple[Mapping[str, Markup], Mapping[str, str]]:
    """How categories are shown, with their icons, and what states are called."""
    kinds = {kind: icon(kind) + str(word) for kind, word in CATEGORIES.items()}
    return kinds, {state: str(word) for state, word in STATES.items()}

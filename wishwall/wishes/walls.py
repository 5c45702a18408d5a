"""A station's wall as a page shows it: counts, filters, cards and the form to post."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from flask import Response, abort, current_app, make_response, render_template
from markupsafe import Markup

from wishwall.accounts.viewing import viewer_or_none
from wishwall.drafts import browser as drafts
from wishwall.kit.answers import wants_fragment
from wishwall.kit.clock import today
from wishwall.kit.i18n import language
from wishwall.kit.kept_pages import Kind, Version
from wishwall.wishes import cards
from wishwall.wishes.forms import PostForm
from wishwall.wishes.queries import WALL, WallHead, filtered_cards, first_cards, head_of, wall_head
from wishwall.wishes.words import CATEGORIES, STATES

WALLS_REMEMBERED = 500
NO_FILTERS = {"state": "", "category": "", "after": ""}
Hang = Callable[[int, str], Markup]

_beside: list[Hang] = []


def also_hang(hang: Hang) -> None:
    """Let another feature hang something beside the wishes of a station (its id and code).

    It changes with the station's trail, or with the day.
    """
    if hang not in _beside:
        _beside.append(hang)


def head_or_404(code: str) -> WallHead:
    """The wall of a station."""
    head = wall_head(code)
    if head is None:
        abort(404)
    return head


def version_of(head: WallHead, filters: Mapping[str, str]) -> Version:
    """What must stay the same for a page of the wall to stay the same."""
    moving = (head.revision, head.happening, today())
    return (head.code, head.station_name, *moving, *filters.values())


KIND = Kind(
    endpoint="wishes.wall",
    address=re.compile("/stations/(?P<code>[A-Z]{2}[0-9]{6})/wishes"),
    statement=WALL,
    version=lambda row, code: version_of(head_of(code, row), NO_FILTERS),
)


def wall_context(
    head: WallHead,
    form: PostForm | None = None,
    *,
    state: str = "",
    category: str = "",
    after: str = "",
) -> dict[str, Any]:
    """What a page with a wall needs; an empty filter filters nothing."""
    if state or category or after:
        rows = filtered_cards(head.station_id, state=state, category=category, after=after)
        section = _section(head, cards.rendered(rows), state, category, is_live=False)
    else:
        section = _remembered(head, language())
    return {
        **post_context(head, form),
        "section": section,
        "beside": _hung_beside(head, head.happening, today(), language()),
        "stream": f"/stations/{head.code}/live",
        "after": head.happening,
    }


@lru_cache(maxsize=WALLS_REMEMBERED)
def _hung_beside(head: WallHead, _happening: int, _day: date, _language: str) -> Markup:
    """What other features hang beside a wall, rendered once while nothing happens there."""
    return Markup().join(hang(head.station_id, head.code) for hang in _beside)


@lru_cache(maxsize=WALLS_REMEMBERED)
def _remembered(head: WallHead, _language: str) -> Markup:
    """The first page of a wall, rendered once for each revision and language."""
    return _section(head, cards.rendered(first_cards(head.station_id)), "", "", is_live=True)


def forget_all() -> None:
    """Forget every remembered wall."""
    _remembered.cache_clear()
    _hung_beside.cache_clear()


def _section(
    head: WallHead, page: cards.Cards, state: str, category: str, *, is_live: bool
) -> Markup:
    template = current_app.jinja_env.get_template("wishes/_wall.html")
    html = template.render(
        head=head,
        cards=page.html,
        next_after=page.after,
        counts=head.counts,
        state=state,
        is_live=is_live,
        category=category,
        categories=CATEGORIES,
        states={state: STATES[state] for state in head.counts},
    )
    return Markup(html)  # noqa: S704 - a template of ours has escaped it


def post_context(head: WallHead, form: PostForm | None = None) -> dict[str, Any]:
    """What `wishes/_post.html` needs: for strangers, couriers and this station's keepers."""
    person = viewer_or_none()
    keeps = person is not None and head.station_id in person.kept_station_ids()
    may_post = person is None or person.is_courier or keeps
    return {
        "head": head,
        "may_post": may_post,
        "on_behalf": keeps,
        "form": (form or _drafted(head)) if may_post else None,
        "blank": _blank(language(), keeps) if may_post else "",
    }


@cache
def _blank(_language: str, on_behalf: bool) -> Markup:  # noqa: FBT001 - a key of the cache
    """What stands in the empty form."""
    template = current_app.jinja_env.get_template("wishes/_wishing.html")
    html = template.render(form=PostForm(formdata=None), on_behalf=on_behalf)
    return Markup(html)  # noqa: S704 - a template of ours has escaped it


def wall_page(head: WallHead, form: PostForm | None = None, status: int = 200) -> Response:
    """The unfiltered wall, for instance with a form that came back."""
    return wall_answer(wall_context(head, form), status)


def wall_answer(context: dict[str, Any], status: int = 200) -> Response:
    """The wall; for htmx its cards alone."""
    if wants_fragment():
        return make_response(context["section"], status)
    return make_response(render_template("wishes/wall.html", **context), status)


def post_again(head: WallHead, form: PostForm, status: int = 422) -> Response:
    """The form with what was typed and what is wrong; for a plain browser on its wall."""
    if wants_fragment():
        return make_response(
            render_template("wishes/_post.html", **post_context(head, form)), status
        )
    return wall_page(head, form, status)


def _drafted(head: WallHead) -> PostForm | None:
    """The form with this browser's draft in it, if it was meant for this wall."""
    draft = drafts.found(drafts.WISH)
    if draft is None or draft.fields["station"] != head.code:
        return None
    form = PostForm(formdata=None)
    form.text.data, form.category.data = draft.fields["text"], draft.fields["category"]
    return form

"""A station's wall as a page shows it: counts, filters, cards and the form to post."""

from typing import Any

from flask import Response, abort, make_response, render_template, session

from wishwall.kit.answers import page_or, wants_fragment
from wishwall.wishes import cards
from wishwall.wishes.access import viewer
from wishwall.wishes.drafts import Draft
from wishwall.wishes.forms import PostForm
from wishwall.wishes.queries import WallHead, filtered_cards, wall_head
from wishwall.wishes.words import CATEGORIES, STATES

DRAFT = "draft"


def head_or_404(code: str) -> WallHead:
    """The wall of a station."""
    head = wall_head(code)
    if head is None:
        abort(404)
    return head


def wall_context(
    head: WallHead,
    form: PostForm | None = None,
    *,
    state: str = "",
    category: str = "",
    after: str = "",
) -> dict[str, Any]:
    """What `wishes/_wall.html` needs; an empty filter filters nothing."""
    if state or category or after:
        rows = filtered_cards(head.station_id, state=state, category=category, after=after)
        page = cards.rendered(rows)
    else:
        page = cards.first_page(head)
    return {
        **post_context(head, form),
        "cards": page.html,
        "next_after": page.after,
        "counts": head.counts,
        "state": state,
        "is_live": not (state or category or after),
        "category": category,
        "states": {state: STATES[state] for state in head.counts},
    }


def post_context(head: WallHead, form: PostForm | None = None) -> dict[str, Any]:
    """What `wishes/_post.html` needs: for strangers, couriers and this station's keepers."""
    person = viewer()
    keeps = person is not None and head.station_id in person.kept_station_ids()
    may_post = person is None or person.is_courier or keeps
    return {
        "head": head,
        "categories": CATEGORIES,
        "may_post": may_post,
        "on_behalf": keeps,
        "form": (form or _empty_form(head)) if may_post else None,
    }


def wall_page(head: WallHead, form: PostForm | None = None, status: int = 200) -> Response:
    """The unfiltered wall, for instance with a form that came back."""
    return wall_answer(wall_context(head, form), status)


def wall_answer(context: dict[str, Any], status: int = 200) -> Response:
    """The wall; for htmx its cards alone."""
    return page_or("wishes/_wall.html", "wishes/wall.html", status, **context)


def post_again(head: WallHead, form: PostForm, status: int = 422) -> Response:
    """The form with what was typed and what is wrong; for a plain browser on its wall."""
    if wants_fragment():
        return make_response(
            render_template("wishes/_post.html", **post_context(head, form)), status
        )
    return wall_page(head, form, status)


def _empty_form(head: WallHead) -> PostForm:
    """A fresh form, or one with this browser's draft if it was meant for this wall."""
    form = PostForm(formdata=None)
    draft = Draft.of(session[DRAFT]) if DRAFT in session else None
    if draft is not None and draft.station_id == head.station_id:
        form.text.data, form.category.data = draft.text, draft.category
    return form

"""The drafts of whoever looks: one of each form, by the tokens in their browser's session."""

from collections.abc import Mapping
from typing import Any

from flask import session

from wishwall.drafts.models import Draft
from wishwall.photos.models import Photo

WISH, SHOP = "wish", "shop"
TOKENS = {WISH: "draft", SHOP: "shop_draft"}  # their names in the session, kept through sign-in


def keep(form: str, fields: Mapping[str, Any], photo: Photo | None) -> None:
    """Keep what was written, in place of this browser's earlier draft of the form."""
    if earlier := session.get(TOKENS[form]):
        Draft.drop(earlier)
    session[TOKENS[form]] = Draft.keep(form, fields, photo)


def found(form: str) -> Draft | None:
    """This browser's draft of a form, if there is one."""
    token = session.get(TOKENS[form])
    return Draft.of(form, token) if token else None


def drop(form: str) -> None:
    """Forget this browser's draft of a form; quiet if there is none."""
    if token := session.pop(TOKENS[form], None):
        Draft.drop(token)

"""How views reach a wish: through what the viewer may see; foreign and missing are the same."""

from flask import abort, current_app

from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.permissions import table
from wishwall.wishes import policy
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish
from wishwall.wishes.queries import last_claim, wish_by_id
from wishwall.wishes.rules import Rules


def rules() -> Rules:
    """The figures in force."""
    found: Rules = current_app.extensions["wish-rules"]
    return found


def find(public_id: str) -> Wish:
    """The wish, if the viewer may see it; else 404."""
    wish = wish_by_id(public_id)
    if wish is None or not policy.may_see(table(), viewer_or_none(), wish):
        abort(404)
    return wish


def may(action: str, wish: Wish, claim: Claim | None) -> bool:
    """Whether the viewer may do this to this wish."""
    person = viewer_or_none()
    return person is not None and policy.may(table(), action, person, wish, claim)


def find_for(action: str, public_id: str) -> Wish:
    """The wish, if the viewer may see it and do this to it; else 404."""
    wish = find(public_id)
    if not may(action, wish, last_claim(wish)):
        abort(404)
    return wish

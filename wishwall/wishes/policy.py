"""Who may do what to a wish: the permission table, asked about one wish. Pure."""

from wishwall.accounts.visitors import SignedIn
from wishwall.kit.permissions import Standing, Table
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish


def may(table: Table, action: str, person: SignedIn, wish: Wish, claim: Claim | None) -> bool:
    """Whether any capacity of this person allows the action on this wish."""
    return any(
        _holds(table.cell(action, standing), standing, person, wish, claim)
        for standing in person.standings
    )


def may_see(table: Table, person: SignedIn | None, wish: Wish) -> bool:
    """The wall is public; a hidden or withdrawn wish is its author's and its keepers'."""
    if wish.on_wall or wish.state == "expired":
        return True
    if person is None:
        return False
    return wish.author_id == person.id or may(table, "wish.moderate", person, wish, None)


def _holds(
    cell: str, standing: Standing, person: SignedIn, wish: Wish, claim: Claim | None
) -> bool:
    match cell:
        case "Y":
            return True
        case "O":
            return wish.author_id == person.id
        case "A":
            return claim is not None and claim.is_held_by(person)
        case "S":
            return standing.station_id == wish.station_id
        case _:
            return False

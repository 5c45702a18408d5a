"""Who may do what to a shop, and who may see it; pure."""

from wishwall.accounts.visitors import SignedIn
from wishwall.kit.permissions import Standing, Table
from wishwall.merchants.models import Merchant

UNTIL_OWNED = {"merchant.edit"}  # a keeper's only while the shop has no owner


def may(table: Table, action: str, person: SignedIn, shop: Merchant) -> bool:
    """Whether any capacity of this person allows the action on this shop."""
    return any(
        _holds(table.cell(action, standing), standing, person, shop)
        and not (standing.station_id and shop.owner_id and action in UNTIL_OWNED)
        for standing in person.standings
    )


def may_see(table: Table, person: SignedIn | None, shop: Merchant, *, is_shown: bool) -> bool:
    """A shop with an approved offer is public; one without is its owner's and its keepers'."""
    if is_shown:
        return True
    if person is None:
        return False
    return shop.owner_id == person.id or may(table, "merchant.approve", person, shop)


def may_join(table: Table, person: SignedIn) -> bool:
    """Whether this person may keep a shop at all."""
    return any(table.cell("merchant.apply", each) == "Y" for each in person.standings)


def _holds(cell: str, standing: Standing, person: SignedIn, shop: Merchant) -> bool:
    match cell:
        case "Y":
            return True
        case "O":
            return shop.owner_id == person.id
        case "S":
            return standing.station_id == shop.station_id
        case "R":
            return standing.reaches(shop.station_id)
        case _:
            return False

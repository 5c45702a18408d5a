"""How views reach a shop, an offer, a voucher: through what the viewer may see."""

from flask import abort

from wishwall.accounts.models import Person
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.viewing import viewer_or_none
from wishwall.kit.forms import phone_number
from wishwall.kit.ids import ALPHABET
from wishwall.kit.permissions import table
from wishwall.merchants import errors, policy
from wishwall.merchants.codes import CODE_LENGTH
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.merchants.queries import has_shown_offer, offer_by_id, shop_by_id, voucher_by_id
from wishwall.merchants.vouchers import Voucher


def find(public_id: str) -> Merchant:
    """The shop, if the viewer may see it; else 404."""
    shop = shop_by_id(public_id)
    if shop is None or not _may_see(shop):
        abort(404)
    return shop


def find_for(action: str, public_id: str) -> Merchant:
    """The shop, if the viewer may see it and do this to it; else 404."""
    shop = find(public_id)
    if not may(action, shop):
        abort(404)
    return shop


def find_offer(action: str, public_id: str) -> Offer:
    """The offer, if the viewer may see its shop and do this to it; else 404."""
    offer = offer_by_id(public_id)
    if offer is None or not _may_see(offer.merchant) or not may(action, offer.merchant):
        abort(404)
    if not offer.is_shown and not may("merchant.approve", offer.merchant) and not owns(offer):
        abort(404)
    return offer


def find_voucher(public_id: str) -> Voucher:
    """The voucher, if it is the viewer's own; else 404."""
    voucher, person = voucher_by_id(public_id), viewer_or_none()
    if voucher is None or person is None or voucher.person_id != person.id:
        abort(404)
    return voucher


def voucher_named(shop: Merchant, code: str) -> Voucher | None:
    """The shop's voucher with this token or counter's code; as people type it."""
    typed = "".join(code.split())
    if len(typed) == CODE_LENGTH and set(typed.lower()) <= set(ALPHABET):
        return Voucher.by_code(shop.id, typed.lower())
    found = Voucher.by_token(typed[:40])
    return found if found is not None and found.merchant_id == shop.id else None


def may(action: str, shop: Merchant) -> bool:
    """Whether the viewer may do this to this shop."""
    person = viewer_or_none()
    return person is not None and policy.may(table(), action, person, shop)


def owns(offer: Offer) -> bool:
    """Whether it is an offer of the viewer's own shop."""
    person = viewer_or_none()
    return person is not None and offer.merchant.owner_id == person.id


def owner_by_phone(typed: str) -> Person:
    """The person with this number, if they may keep a shop; raises `NotAnOwner`."""
    number = phone_number(typed)
    person = person_by_phone(number) if number else None
    if person is None:
        raise errors.NoSuchPerson
    if not policy.may_join(table(), person):
        raise errors.MayNotJoin
    return person


def _may_see(shop: Merchant) -> bool:
    return policy.may_see(table(), viewer_or_none(), shop, is_shown=has_shown_offer(shop.id))

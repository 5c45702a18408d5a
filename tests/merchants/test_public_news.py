"""What streams say of shops to strangers: every deed, both languages, and no person in it."""

import re
from collections.abc import Callable

import pytest
import time_machine

from tests.support.city import a_courier
from tests.support.project import PACKAGE
from tests.support.shops import Street, a_voucher, an_offer
from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.kit.i18n import LOCALES, speaking
from wishwall.kit.prepared import read
from wishwall.merchants.offers import Offer
from wishwall.merchants.vouchers import Voucher
from wishwall.trail.models import Happening
from wishwall.trail.queries import newest_happening
from wishwall.wishes.live import KINDS, STATION

pytestmark = pytest.mark.usefixtures("app")
OFFERED, WHISPERED = "理发一次不收钱", "这句话只说给店主听"
CODE = "xw7k2m"
TERMS = {"text": OFFERED, "method": "free", "valid_from": now().date()}
Deed = Callable[[Street, Offer], None]


def complain(_street: Street, offer: Offer) -> None:
    courier = a_courier()
    with writing():
        offer.complain(by=courier, reason="closed")


def redeem(street: Street, offer: Offer) -> None:
    voucher = a_voucher(offer, code=CODE)
    with writing():
        voucher.redeem(by=street.owner)


def expire(_street: Street, offer: Offer) -> None:
    voucher = a_voucher(offer, code=CODE)
    with time_machine.travel(voucher.expires_at), writing():
        voucher.expire()


def void(street: Street, offer: Offer) -> None:
    voucher = a_voucher(offer, code=CODE)
    with writing():
        voucher.void(by=street.keeper, reason=WHISPERED)


def verb(deed: Deed) -> Deed:
    """One that is said of the offer itself."""

    def done(street: Street, offer: Offer) -> None:
        with writing():
            deed(street, offer)

    return done


DEEDS: dict[str, tuple[str, Deed]] = {  # what the trail calls it: the state before, and the deed
    "proposed": ("live", verb(lambda street, _: propose(street))),
    "given": ("live", verb(lambda street, _: give(street))),
    "approved": ("waiting", verb(lambda street, offer: offer.approve(by=street.keeper))),
    "asked": (
        "waiting",
        verb(lambda street, offer: offer.ask(by=street.keeper, question=WHISPERED)),
    ),
    "refused": (
        "waiting",
        verb(lambda street, offer: offer.refuse(by=street.keeper, reason=WHISPERED)),
    ),
    "offer-edited": (
        "live",
        verb(lambda street, offer: offer.edit(by=street.owner, terms=TERMS)),
    ),
    "waits-again": ("live", verb(lambda street, offer: offer.wait_again(by=street.owner))),
    "paused": ("live", verb(lambda street, offer: offer.pause(by=street.keeper))),
    "resumed": ("paused", verb(lambda street, offer: offer.resume(by=street.keeper))),
    "complained": ("live", complain),
    "issued": ("live", void),
    "redeemed": ("live", redeem),
    "voucher-expired": ("live", expire),
    "voided": ("live", void),
}


def propose(street: Street) -> None:
    Offer.propose(street.shop, by=street.owner, terms=TERMS)


def give(street: Street) -> None:
    Offer.give(street.shop, by=street.giver, text="两个包子", count=8)


def said_in_public(station_id: int, after: int) -> tuple[set[str], str]:
    """The deeds that a stranger hears of at the station, and all that is said of them."""
    rows = read(KINDS[STATION].since, {"key": station_id, "after": after})
    happenings, said = [Happening(*row) for row in rows], []
    for language in LOCALES:
        for heard in happenings:
            with speaking(language):
                said += [message.html for message in KINDS[STATION].tell(station_id, [heard])]
    return {each.deed for each in happenings}, "\n".join(said)


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_personal_is_said_in_public(street: Street, deed: str) -> None:
    state, do = DEEDS[deed]
    shown = an_offer(street.shop, text="热水和歇脚")
    offer = an_offer(street.shop, state=state, text=OFFERED)
    with writing():
        street.shop.contact_name, street.shop.contact_phone = "龙城老李", "13900001234"
    station_id, after = street.shop.station_id, newest_happening()
    do(street, offer)
    deeds, said = said_in_public(station_id, after)
    assert deed in deeds
    assert shown.text in said
    for person in db.session.query(Person):
        assert person.nickname not in said and person.phone[3:] not in said
    for secret in (WHISPERED, CODE, "龙城老李", "13900001234", "csrf_token"):
        assert secret not in said
    for voucher in db.session.query(Voucher):
        assert voucher.token not in said and voucher.public_id not in said


@pytest.mark.parametrize("state", ["waiting", "asked", "refused"])
def test_what_no_keeper_has_approved_is_not_said(street: Street, state: str) -> None:
    after = newest_happening()
    offer = an_offer(street.shop, state=state, text=OFFERED)
    with writing():
        offer.edit(by=street.owner, terms=TERMS)
    _deeds, said = said_in_public(street.shop.station_id, after)
    assert said and OFFERED not in said


def test_the_deeds_are_all_that_the_trail_knows_of_offers_and_vouchers() -> None:
    written = "".join(
        (PACKAGE / "merchants" / name).read_text("utf-8") for name in ("offers.py", "vouchers.py")
    )
    assert set(re.findall(r'_record\("([a-z-]+)"', written)) == set(DEEDS)

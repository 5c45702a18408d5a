"""What streams say to strangers: every deed, both languages, and nothing personal in any of it."""

from collections.abc import Callable

import pytest

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_volunteer,
    a_wish,
)
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.kit.i18n import LOCALES, speaking
from wishwall.kit.prepared import read
from wishwall.trail.models import Happening
from wishwall.trail.queries import newest_happening
from wishwall.wishes.live import CITY, KINDS, STATION, THE_CITY
from wishwall.wishes.models import Wish
from wishwall.wishes.words import STORY

SECRET_TEXT, MASKED = "请打 138-0013-8000 找我", "13800138000"
WHISPERED = ("只说给作者听", "只说给站长听", "只说给认领人听")
AUTHOR, CLAIMANT, KEEPER = "作者小张", "志愿者小李", "站长小王"

pytestmark = pytest.mark.usefixtures("app")
DEEDS: dict[str, Callable[[], Wish]] = {}


def deed(make: Callable[[], Wish]) -> Callable[[], Wish]:
    DEEDS[make.__name__] = make
    return make


def named(person: Person, nickname: str) -> Person:
    with writing():
        person.nickname = nickname
    return person


def author() -> Person:
    return named(a_courier(), AUTHOR)


def claimant() -> Person:
    return named(a_volunteer(), CLAIMANT)


@deed
def posted() -> Wish:
    return a_wish(author=author(), text=SECRET_TEXT)


@deed
def edited() -> Wish:
    wish = a_wish(author=author())
    with writing():
        wish.edit(by=wish.author, text=SECRET_TEXT, category="goods")
    return wish


@deed
def claimed() -> Wish:
    return a_claimed_wish(claimant(), author=author(), text=SECRET_TEXT)


@deed
def extended() -> Wish:
    helper = claimant()
    wish = a_claimed_wish(helper, author=author(), text=SECRET_TEXT)
    with writing():
        wish.extend(by=helper, rules=RULES)
    return wish


@deed
def released() -> Wish:
    helper = claimant()
    wish = a_claimed_wish(helper, author=author())
    with writing():
        wish.release(by=helper, rules=RULES, reason=WHISPERED[0])
    return wish


@deed
def revealed() -> Wish:
    helper = claimant()
    wish = a_claimed_wish(helper, author=author())
    with writing():
        wish.reveal_contact(by=helper, rules=RULES)
    return wish


@deed
def delivered() -> Wish:
    helper = claimant()
    wish = a_claimed_wish(helper, author=author())
    with writing():
        wish.deliver(by=helper, note=WHISPERED[0])
    return wish


@deed
def confirmed() -> Wish:
    wish = a_delivered_wish(claimant(), author=author())
    with writing():
        wish.confirm(by=wish.author, thanks=f"谢谢，{MASKED}")
    return wish


@deed
def reopened() -> Wish:
    wish = a_delivered_wish(claimant(), author=author())
    with writing():
        wish.reopen(by=wish.author, rules=RULES, reason=WHISPERED[2])
    return wish


@deed
def withdrawn() -> Wish:
    wish = a_claimed_wish(claimant(), author=author())
    with writing():
        wish.withdraw(by=wish.author)
    return wish


@deed
def hidden() -> Wish:
    wish = a_wish(author=author(), text="藏起来的话")
    keeper = named(a_keeper(wish.station), KEEPER)
    with writing():
        wish.hide(by=keeper, reason=WHISPERED[0])
    return wish


@deed
def reported() -> Wish:
    wish, by = a_wish(author=author()), claimant()
    with writing():
        wish.report(by=by, reason="private", note=WHISPERED[1])
    return wish


@deed
def expired() -> Wish:
    wish = a_wish(author=author())
    with writing():
        wish.expire()
    return wish


@deed
def timed_out() -> Wish:
    wish = a_claimed_wish(claimant(), author=author())
    with writing():
        wish.time_out(rules=RULES)
    return wish


@deed
def reminded() -> Wish:
    wish = a_wish(author=author())
    with writing():
        wish.remind("keeper-asked", {})
    return wish


def said_in_public(wish: Wish, after: int) -> str:
    """All that a stranger can hear of it."""
    said = []
    for name, key in ((STATION, wish.station_id), (CITY, THE_CITY)):
        rows = read(KINDS[name].since, {"key": key, "after": after})
        happenings = [Happening(*row) for row in rows]
        for language in LOCALES:
            for heard in ([each] for each in happenings):
                with speaking(language):
                    said += [message.html for message in KINDS[name].tell(key, heard)]
    return "\n".join(said)


@pytest.mark.parametrize("make", DEEDS.values(), ids=DEEDS)
def test_nothing_personal_is_said_in_public(make: Callable[[], Wish]) -> None:
    after = newest_happening()
    wish = make()
    said = said_in_public(wish, after)
    assert wish.public_id in said
    phones = [person.phone[3:] for person in db.session.query(Person)]
    for secret in (*phones, MASKED, "138-0013-8000", *WHISPERED, AUTHOR, CLAIMANT, KEEPER):
        assert secret not in said, secret
    assert "csrf_token" not in said


def test_the_deeds_are_all_that_the_trail_knows_of_wishes() -> None:
    asked_by_time = {"claim-reminded", "keeper-asked", "confirmation-asked"}
    covered = {name.replace("_", "-") for name in DEEDS} - {"reminded"}
    assert covered == set(STORY) - asked_by_time


def test_a_named_claimant_is_named_and_nobody_else() -> None:
    after, helper = newest_happening(), claimant()
    wish = a_wish(author=author())
    with writing():
        wish.claim(by=helper, rules=RULES, named=True)
    said = said_in_public(wish, after)
    assert CLAIMANT in said and AUTHOR not in said

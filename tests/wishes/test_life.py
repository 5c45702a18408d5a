"""The life of a wish, verb by verb."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    the_claim,
)
from wishwall.accounts.models import Person
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.notices.models import Notice
from wishwall.trail.models import Trail
from wishwall.wishes.errors import (
    AlreadyClaimed,
    AlreadyExtended,
    AlreadyHidden,
    NotClaimed,
    NotDelivered,
    NotOpen,
    NotWithdrawable,
    OwnWish,
    ReopeningTooLate,
    TooManyClaims,
    TooManyContacts,
    TooManyOpenWishes,
)
from wishwall.wishes.facts import Claim, Confirmation, Reveal
from wishwall.wishes.models import Wish
from wishwall.wishes.wall import Wall

pytestmark = pytest.mark.usefixtures("app")


def deeds(wish: Wish) -> list[str]:
    trail = select(Trail.deed).where(Trail.subject_id == wish.id).order_by(Trail.id)
    return list(db.session.scalars(trail))


def told(person: Person) -> list[str]:
    kinds = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(kinds))


def counts(wish: Wish) -> tuple[int, int, int, int]:
    wall = db.session.get_one(Wall, wish.station_id, populate_existing=True)
    return (wall.open, wall.claimed, wall.delivered, wall.confirmed)


def test_a_wish_goes_from_the_wall_to_fulfilled_and_everybody_is_told() -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_wish(author=author)
    assert wish.is_open
    assert counts(wish) == (1, 0, 0, 0)
    with writing():
        wish.claim(by=volunteer, rules=RULES)
    assert counts(wish) == (0, 1, 0, 0)
    with writing():
        wish.deliver(by=volunteer, note="放在前台了")
    assert counts(wish) == (0, 0, 1, 0)
    with writing():
        wish.confirm(by=author, thanks="鞋很合脚，谢谢")
    assert counts(wish) == (0, 0, 0, 1)
    assert deeds(wish) == ["posted", "claimed", "delivered", "confirmed"]
    assert told(author) == ["your-wish-claimed", "your-wish-delivered"]
    assert told(volunteer) == ["your-delivery-confirmed"]
    claim = db.session.scalars(select(Claim)).one()
    assert claim.ending == "confirmed"
    assert db.session.scalars(select(Confirmation.thanks)).one() == "鞋很合脚，谢谢"


def test_a_claimed_wish_cannot_be_claimed_again() -> None:
    wish, late = a_claimed_wish(), a_volunteer()
    with pytest.raises(AlreadyClaimed), writing():
        wish.claim(by=late, rules=RULES)


def test_nobody_claims_their_own_wish() -> None:
    author = a_courier()
    wish = a_wish(author=author)
    with pytest.raises(OwnWish), writing():
        wish.claim(by=author, rules=RULES)
    assert deeds(wish) == ["posted"]


def test_a_volunteer_holds_three_claims_and_delivering_one_frees_a_hand() -> None:
    volunteer = a_volunteer()
    first = a_claimed_wish(volunteer)
    a_claimed_wish(volunteer)
    a_claimed_wish(volunteer)
    fourth = a_wish()
    with pytest.raises(TooManyClaims), writing():
        fourth.claim(by=volunteer, rules=RULES)
    with writing():
        first.deliver(by=volunteer)
        fourth.claim(by=volunteer, rules=RULES)
    assert fourth.is_claimed


def test_a_department_holds_ten_claims_between_its_officers() -> None:
    officer = an_officer()
    for _ in range(RULES.claims_per_department):
        a_claimed_wish(officer)
    eleventh = a_wish()
    with pytest.raises(TooManyClaims), writing():
        eleventh.claim(by=officer, rules=RULES)


def test_a_released_wish_is_open_again_and_its_author_told() -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_claimed_wish(volunteer, author=author)
    with writing():
        wish.release(by=volunteer, rules=RULES, reason="临时出差")
    assert wish.is_open
    assert wish.live_claim is None
    assert told(author) == ["your-wish-claimed", "your-wish-released"]
    assert counts(wish) == (1, 0, 0, 0)


def test_an_extension_adds_three_days_once() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    due = the_claim(wish).due_at
    with writing():
        wish.extend(by=volunteer, rules=RULES)
    assert the_claim(wish).due_at == due + timedelta(days=3)
    with pytest.raises(AlreadyExtended), writing():
        wish.extend(by=volunteer, rules=RULES)


def test_an_author_reopens_what_did_not_arrive() -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_delivered_wish(volunteer, author=author)
    with writing():
        wish.reopen(by=author, rules=RULES, reason="前台说没有")
    assert wish.is_open
    assert told(volunteer) == ["your-delivery-reopened"]


def test_after_fourteen_days_a_delivery_cannot_be_reopened() -> None:
    wish = a_delivered_wish()
    with (
        time_machine.travel(now() + timedelta(days=14, minutes=1), tick=False),
        pytest.raises(ReopeningTooLate),
        writing(),
    ):
        wish.reopen(by=wish.author, rules=RULES)


def test_withdrawing_a_claimed_wish_tells_the_claimant() -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_claimed_wish(volunteer, author=author)
    with writing():
        wish.withdraw(by=author)
    assert wish.state == "withdrawn"
    assert told(volunteer) == ["claimed-wish-withdrawn"]
    assert counts(wish) == (0, 0, 0, 0)


def test_what_is_delivered_cannot_be_withdrawn() -> None:
    wish = a_delivered_wish()
    with pytest.raises(NotWithdrawable), writing():
        wish.withdraw(by=wish.author)


def test_every_version_of_an_edited_wish_is_kept() -> None:
    author = a_courier()
    wish = a_wish(author=author, text="想要手套")
    with writing():
        wish.edit(by=author, text="想要一双厚手套", category="goods")
    assert wish.text == "想要一双厚手套"
    edited = db.session.scalars(select(Trail).where(Trail.deed == "edited")).one()
    assert edited.detail["before"]["text"] == "想要手套"


def test_a_claimed_wish_is_not_edited() -> None:
    wish = a_claimed_wish()
    with pytest.raises(NotOpen), writing():
        wish.edit(by=wish.author, text="换一个", category="goods")


def test_a_keeper_hides_a_wish_and_its_author_reads_why() -> None:
    station, author, volunteer = a_station(), a_courier(), a_volunteer()
    keeper = a_keeper(station)
    wish = a_claimed_wish(volunteer, station=station, author=author)
    with writing():
        wish.hide(by=keeper, reason="这是广告")
    assert wish.is_hidden
    assert wish.hidden_reason == "这是广告"
    assert not wish.on_wall
    assert told(author)[-1] == "your-wish-hidden"
    assert told(volunteer) == ["claimed-wish-hidden"]
    assert wish.live_claim is None
    with pytest.raises(AlreadyHidden), writing():
        wish.hide(by=keeper, reason="再来一次")


def test_an_author_has_at_most_two_open_wishes() -> None:
    author = a_courier()
    a_wish(author=author)
    a_wish(author=author)
    with pytest.raises(TooManyOpenWishes):
        a_wish(author=author)


def test_deeds_out_of_order_are_refused_and_change_nothing() -> None:
    wish = a_wish()
    before = deeds(wish)
    for verb in (
        lambda: wish.deliver(by=wish.author),
        lambda: wish.release(by=wish.author, rules=RULES),
        lambda: wish.extend(by=wish.author, rules=RULES),
        lambda: wish.reveal_contact(by=wish.author, rules=RULES),
    ):
        with pytest.raises(NotClaimed), writing():
            verb()
    for verb in (
        lambda: wish.confirm(by=wish.author),
        lambda: wish.reopen(by=wish.author, rules=RULES),
    ):
        with pytest.raises(NotDelivered), writing():
            verb()
    assert deeds(wish) == before
    assert wish.is_open


def test_revealing_a_number_is_noted_once_and_limited_by_the_day() -> None:
    author, volunteer = a_courier(), a_volunteer()
    wish = a_claimed_wish(volunteer, author=author)
    with writing():
        assert wish.reveal_contact(by=volunteer, rules=RULES) == author.phone
        wish.reveal_contact(by=volunteer, rules=RULES)
    assert db.session.scalar(select(func.count()).select_from(Reveal)) == 1
    assert told(author)[-1] == "your-number-revealed"
    claim = the_claim(wish)
    with writing():
        for _ in range(RULES.contacts_per_day):
            db.session.add(Reveal(claim_id=claim.id, by_id=volunteer.id))
    another = a_claimed_wish(volunteer)
    with pytest.raises(TooManyContacts), writing():
        another.reveal_contact(by=volunteer, rules=RULES)


def test_a_report_counts_once_a_person_and_tells_the_keeper() -> None:
    station, reader = a_station(), a_volunteer()
    keeper = a_keeper(station)
    wish = a_wish(station)
    with writing():
        wish.report(by=reader, reason="advert")
        wish.report(by=reader, reason="advert")
    assert told(keeper) == ["wish-reported"]


def test_private_numbers_are_masked_for_everybody_else() -> None:
    wish = a_wish(text="请打 １３８ 0000 1111 找我")
    assert "0000" not in wish.public_text
    assert "0000" in wish.text


def test_the_revision_of_a_wall_grows_even_when_the_clock_goes_back() -> None:
    wish = a_wish()
    first = db.session.get_one(Wall, wish.station_id).revision
    with time_machine.travel(now() - timedelta(days=2)):
        a_wish(wish.station)
    assert db.session.get_one(Wall, wish.station_id, populate_existing=True).revision > first

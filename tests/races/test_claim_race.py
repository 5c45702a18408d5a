"""Many hands reach for the same thing on the served site; the database lets one have it."""

from collections import Counter
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from tests.support.city import RULES, a_courier, a_station, a_volunteer, a_wish
from tests.support.crowd import all_at_once, phone_of
from tests.support.server import Site
from wishwall.kit.db import db, writing
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish

HANDS = 24
WISHES = 200


def live_claims() -> Counter[int]:
    claims = select(Claim.wish_id, func.count()).where(Claim.ended_at.is_(None))
    return Counter(dict(db.session.execute(claims.group_by(Claim.wish_id)).all()))


def test_of_24_volunteers_at_once_exactly_one_gets_each_of_200_wishes(
    site: Site, city: Flask
) -> None:
    with city.app_context():
        station = a_station()
        phones = [phone_of(city, site, a_volunteer()) for _ in range(HANDS)]
        for _round in range(WISHES):
            wish = a_wish(station)
            path = f"/wishes/{wish.public_id}/claim"
            answers = all_at_once([partial(phone.post, path) for phone in phones])
            assert Counter(answer.status for answer in answers) == {303: 1, 409: HANDS - 1}
            lost = [answer.body for answer in answers if answer.status == 409]
            assert all("刚刚被别人认领" in body and "已认领" in body for body in lost)
            db.session.rollback()
            assert live_claims() == {wish.id: 1}
            with writing():
                db.session.get_one(Wish, wish.id).withdraw(by=wish.author)


def test_twenty_posts_with_one_key_are_one_wish(site: Site, city: Flask) -> None:
    with city.app_context():
        station, author = a_station(), a_courier()
        phone = phone_of(city, site, author)
        post = partial(
            phone.post,
            f"/stations/{station.code}/wishes",
            key="one-key-for-all",
            text="想要一副厚手套",
            category="goods",
        )
        answers = all_at_once([post] * 20)
        assert {answer.status for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        db.session.rollback()
        assert db.session.scalar(select(func.count()).where(Wish.author_id == author.id)) == 1


def test_an_author_with_many_fingers_still_has_two_open_wishes(site: Site, city: Flask) -> None:
    with city.app_context():
        station, author = a_station(), a_courier()
        phone = phone_of(city, site, author)
        post = partial(
            phone.post, f"/stations/{station.code}/wishes", text="想要雨衣", category="goods"
        )
        answers = all_at_once([post] * 8)
        assert Counter(answer.status for answer in answers) == {303: 2, 409: 6}
        db.session.rollback()
        assert db.session.scalar(select(func.count()).where(Wish.author_id == author.id)) == 2


def test_a_volunteer_with_many_fingers_still_holds_three_claims(site: Site, city: Flask) -> None:
    with city.app_context():
        volunteer = a_volunteer()
        phone = phone_of(city, site, volunteer)
        wishes = [a_wish() for _ in range(8)]
        answers = all_at_once(
            [partial(phone.post, f"/wishes/{wish.public_id}/claim") for wish in wishes]
        )
        assert Counter(answer.status for answer in answers) == {303: 3, 409: 5}
        db.session.rollback()
        held = select(func.count()).where(Claim.claimant_id == volunteer.id)
        assert db.session.scalar(held) == RULES.claims_per_volunteer


def test_claim_against_withdrawal_ends_in_one_legal_state(site: Site, city: Flask) -> None:
    with city.app_context():
        volunteer, author = a_volunteer(), a_courier()
        theirs, mine = phone_of(city, site, volunteer), phone_of(city, site, author)
        for _round in range(25):
            wish = a_wish(author=author)
            claimed, withdrawn = all_at_once(
                [
                    partial(theirs.post, f"/wishes/{wish.public_id}/claim"),
                    partial(mine.post, f"/wishes/{wish.public_id}/withdrawal"),
                ]
            )
            assert withdrawn.status == 303, withdrawn.body[:500]
            assert claimed.status in {303, 404, 409}  # 404: it was gone when they looked
            db.session.rollback()
            assert db.session.get_one(Wish, wish.id, populate_existing=True).state == "withdrawn"
            assert live_claims()[wish.id] == 0

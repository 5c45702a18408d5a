"""What time does to wishes, once and in good time, and what people read about it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    sign_in,
    the_claim,
)
from tests.support.client import Client
from tests.support.pictures import a_photo
from wishwall.accounts.models import Person
from wishwall.commands import main
from wishwall.drafts.models import Draft
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.notices.models import Notice
from wishwall.photos.models import Photo
from wishwall.photos.uploads import photo_folder
from wishwall.ticking import tick as whole_tick
from wishwall.wishes.models import Wish
from wishwall.wishes.timers import tick

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)
OTHER_WORDS = {"text": "想要一顶帽子", "category": "goods"}


@contextmanager
def after(**time: float) -> Iterator[datetime]:
    """So much later than now."""
    with time_machine.travel(now() + timedelta(**time), tick=False):
        yield now()


def done() -> dict[str, int]:
    """What was due, without what was not."""
    return {deed: count for deed, count in tick(RULES).items() if count}


def told(person: Person) -> list[str]:
    notices = select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)
    return [notice.kind for notice in db.session.scalars(notices)]


def state_of(wish: Wish) -> str:
    return db.session.get_one(Wish, wish.id, populate_existing=True).state


def test_the_claimant_is_reminded_after_48_hours_once() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    with after(hours=47, minutes=59):
        assert done() == {}
    with after(hours=48, minutes=1):
        assert done() == {"reminded": 1}
        assert done() == {}
    assert told(volunteer) == ["your-claim-due"]
    assert state_of(wish) == "claimed"


def test_whoever_has_delivered_is_not_reminded() -> None:
    volunteer = a_volunteer()
    a_delivered_wish(volunteer)
    with after(hours=49):
        assert done() == {}
    assert told(volunteer) == []


def test_a_claim_is_released_by_itself_after_five_days() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    with after(days=4, hours=23):
        assert done() == {"reminded": 1}
    with after(days=5, minutes=1):
        assert done() == {"timed-out": 1}
        assert done() == {}
    assert state_of(wish) == "open"
    assert told(volunteer)[-1] == "your-claim-timed-out"
    assert told(wish.author)[-1] == "your-wish-timed-out"
    with writing():
        wish.claim(by=volunteer, rules=RULES)
    assert state_of(wish) == "claimed"


def test_an_extended_claim_is_released_after_eight_days() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    with writing():
        wish.extend(by=volunteer, rules=RULES)
    with after(days=7, hours=23):
        assert "timed-out" not in done()
    with after(days=8, minutes=1):
        assert done() == {"timed-out": 1}


def test_a_delivered_wish_is_not_taken_back_by_time() -> None:
    wish = a_delivered_wish()
    with after(days=90):
        assert set(done()) == {"confirmation-asked"}
    assert state_of(wish) == "delivered"


def test_an_open_wish_expires_after_thirty_days() -> None:
    wish = a_wish()
    with after(days=29, hours=23):
        assert "expired" not in done()
    with after(days=30, minutes=1):
        assert done() == {"expired": 1}
        assert done() == {}
    assert state_of(wish) == "expired"
    assert told(wish.author) == ["your-wish-expired"]


def test_a_wish_that_is_open_again_has_thirty_days_anew() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    with after(days=4), writing():
        wish.release(by=volunteer, rules=RULES)
    with after(days=33):
        assert "expired" not in done()
    with after(days=34, minutes=1):
        assert "expired" in done()


def test_the_keepers_are_asked_about_a_wish_that_waits_two_weeks() -> None:
    station = a_station()
    keepers = [a_keeper(station), a_keeper(station)]
    elsewhere = a_keeper(a_station())
    a_wish(station)
    with after(days=13, hours=23):
        assert done() == {}
    with after(days=14, minutes=1):
        assert done() == {"keeper-asked": 1}
        assert done() == {}
    assert [told(keeper) for keeper in keepers] == [["wish-waits-long"]] * 2
    assert told(elsewhere) == []


def test_the_keeper_is_asked_anew_when_a_wish_waits_anew() -> None:
    station, volunteer = a_station(), a_volunteer()
    keeper = a_keeper(station)
    wish = a_wish(station)
    with after(days=14, minutes=1):
        tick(RULES)
        with writing():
            wish.claim(by=volunteer, rules=RULES)
            wish.release(by=volunteer, rules=RULES)
        assert done() == {}
    with after(days=28, minutes=2):
        assert done() == {"keeper-asked": 1}
    assert told(keeper) == ["wish-waits-long"] * 2


def test_the_author_is_asked_on_the_third_and_the_seventh_day() -> None:
    wish = a_delivered_wish()
    asked = {}
    for day in range(1, 15):
        with after(days=day, minutes=1):
            asked[day] = done().get("confirmation-asked", 0)
            assert done() == {}
    assert [day for day, count in asked.items() if count] == [3, 7]
    assert told(wish.author)[-2:] == ["please-confirm"] * 2


def test_whoever_has_confirmed_is_not_asked() -> None:
    wish = a_delivered_wish()
    with writing():
        wish.confirm(by=wish.author)
    with after(days=8):
        assert done() == {}


def test_everything_due_at_once_is_done_once() -> None:
    station = a_station()
    a_keeper(station)
    a_wish(station)
    a_claimed_wish(station=station)
    a_delivered_wish(station=station)
    with after(days=31):
        first = done()
        again = done()
    assert first == {"reminded": 1, "timed-out": 1, "expired": 1, "confirmation-asked": 2}
    assert again == {}


def test_the_shell_does_what_is_due(app: Flask) -> None:
    wish = a_claimed_wish()
    with time_machine.travel(now() + timedelta(days=5, minutes=1)):
        shown = app.test_cli_runner().invoke(main.commands["tick"])
    assert shown.exit_code == 0, shown.output
    assert "timed-out: 1" in shown.output
    assert state_of(wish) == "open"


def test_a_draft_nobody_came_back_for_is_forgotten_after_a_day(client: Client) -> None:
    station = a_station()
    client.submit(f"/stations/{station.code}/wishes", "post", OTHER_WORDS)
    assert db.session.scalars(select(Draft)).one().fields["text"] == OTHER_WORDS["text"]
    with after(hours=23):
        assert whole_tick()["drafts-forgotten"] == 0
    with after(days=1, minutes=1):
        assert whole_tick()["drafts-forgotten"] == 1
    assert OTHER_WORDS["text"] not in client.page(f"/stations/{station.code}/wishes").text


def test_a_photo_that_belongs_to_nothing_is_forgotten_and_its_file_erased(client: Client) -> None:
    station, courier = a_station(), a_courier()
    wall = f"/stations/{station.code}/wishes"
    client.submit(wall, "post", OTHER_WORDS | {"photo": a_photo()})
    sign_in(client, courier)
    client.submit(wall, "post", OTHER_WORDS | {"photo": a_photo()})
    forgotten, kept = db.session.scalars(select(Photo.public_id).order_by(Photo.id))
    three_days_ago = time.time() - 3 * 24 * 3600
    for file in photo_folder().glob("??/*"):
        os.utime(file, (three_days_ago, three_days_ago))
    with after(days=3):
        counts = whole_tick()
    assert (counts["drafts-forgotten"], counts["photos-forgotten"]) == (1, 1)
    left = {file.name[:10] for file in photo_folder().glob("??/*")}
    assert kept in left and forgotten not in left
    picture = f"{db.session.scalars(select(Wish)).one().link}/photo"
    assert client.get(picture, buffered=True).status_code == 200


def test_old_answers_and_visits_are_swept_too(client: Client) -> None:
    sign_in(client, a_courier())
    client.submit(f"/stations/{a_station().code}/wishes", "post", OTHER_WORDS)
    with after(days=31):
        counts = whole_tick()
    assert counts["answers-forgotten"] == 1
    assert counts["visits-forgotten"] == 1


def test_the_inbox_says_it_in_words(client: Client) -> None:
    station, author, volunteer = a_station(), a_courier(), a_volunteer()
    keeper = a_keeper(station)
    a_claimed_wish(volunteer, station=station, author=author)
    a_wish(station, author, **OTHER_WORDS)
    with after(days=31):
        tick(RULES)
        tick(RULES)
    with after(days=46):
        tick(RULES)
    expected = {
        author: [
            "您的心愿「想要一双42码防滑鞋」认领超时，已重新开放",
            "您的心愿「想要一顶帽子」到期了，需要的话请再许一次",
        ],
        volunteer: [
            "您认领的「想要一双42码防滑鞋」还没送达，别忘了",
            "您对「想要一双42码防滑鞋」的认领超时，已自动放弃",
        ],
        keeper: ["心愿「想要一双42码防滑鞋」在您的驿站等了很久，请帮忙想想办法"],
    }
    for person, sentences in expected.items():
        sign_in(client, person)
        inbox = client.page("/me/notices").text
        for sentence in sentences:
            assert sentence in inbox


def test_an_overdue_claim_that_was_just_extended_is_left_alone() -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    with after(days=4, hours=23), writing():
        wish.extend(by=volunteer, rules=RULES)
    with after(days=5, minutes=1) as moment:
        done()
        assert the_claim(wish).due_at > moment + MINUTE
    assert state_of(wish) == "claimed"

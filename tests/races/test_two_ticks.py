"""Time does its work once, however many clocks tick at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from tests.support.city import a_claimed_wish, a_keeper, a_station, a_volunteer, a_wish
from tests.support.server import Site
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.kit.lease import hold
from wishwall.trail.models import Trail
from wishwall.wishes.facts import Claim
from wishwall.wishes.models import Wish

TICKS = 4
EACH = 10


def test_four_ticks_at_once_do_each_deed_once(site: Site, city: Flask) -> None:
    with city.app_context():
        station = a_station()
        a_keeper(station)
        overdue = [a_claimed_wish(a_volunteer(), station=station).id for _ in range(EACH)]
        old = [a_wish(station).id for _ in range(EACH)]
        with writing():
            long_ago = now() - timedelta(days=40)
            for claim in db.session.scalars(select(Claim).where(Claim.wish_id.in_(overdue))):
                claim.claimed_at, claim.due_at = long_ago, long_ago
            for wish in db.session.scalars(select(Wish).where(Wish.id.in_(old))):
                wish.opened_at, wish.expires_at = long_ago, long_ago
        with ThreadPoolExecutor(TICKS) as clocks:
            list(clocks.map(lambda _clock: site.command("tick"), range(TICKS)))
        site.command("tick")
        db.session.rollback()
        deeds = select(Trail.deed, func.count()).where(
            Trail.subject_id.in_([*overdue, *old]), Trail.actor_id.is_(None)
        )
        counted = dict(db.session.execute(deeds.group_by(Trail.deed)).all())
        assert counted == {"claim-reminded": EACH, "timed-out": EACH, "expired": EACH}


def test_only_one_of_many_processes_holds_the_lease(city: Flask) -> None:
    with city.app_context():
        minute = timedelta(minutes=1)
        assert hold("a-job", holder="one", lasts=minute)
        assert not hold("a-job", holder="two", lasts=minute)
        assert hold("a-job", holder="one", lasts=timedelta(seconds=-1))
        assert hold("a-job", holder="two", lasts=minute)

"""Whatever happens to vouchers in whatever order, the counters say what is there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.support.city import a_courier, a_person, a_station
from tests.support.shops import a_shop, an_offer
from wishwall.kit.clock import now
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.merchants.offers import Offer
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import Voucher

BEGAN = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
COURIERS, SUPPLY = 3, 4
ANY = st.integers(min_value=0, max_value=50)


class Vouchers(RuleBasedStateMachine):
    """One offer with a quota of two a month and four of it a day, and three couriers."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGAN, tick=False)
        self.traveller = self.clock.start()
        self.context = self.app.app_context()
        self.context.push()
        self.keeper = a_person("keeper", station=a_station())
        self.owner = a_person("merchant")
        offer = an_offer(
            a_shop(owner=self.owner), quota_count=2, supply_count=SUPPLY, supply_period="day"
        )
        self.offer_id = offer.id
        self.couriers = [a_courier() for _ in range(COURIERS)]

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()
        self.clock.stop()

    def do(self, deed: Callable[[Offer], object]) -> None:
        """Do it, or hear why not; a refusal changes nothing."""
        before = self.counted()
        try:
            with writing():
                deed(db.session.get_one(Offer, self.offer_id))
        except Refusal:
            assert self.counted() == before

    def counted(self) -> tuple[Any, ...]:
        db.session.rollback()
        vouchers = select(Voucher.id, Voucher.state).where(Voucher.offer_id == self.offer_id)
        supplies = select(Supply.period, Supply.granted, Supply.live, Supply.used)
        return (
            tuple(db.session.execute(vouchers.order_by(Voucher.id)).all()),
            tuple(db.session.execute(supplies.where(Supply.offer_id == self.offer_id)).all()),
        )

    def one(self, which: int) -> Voucher | None:
        found = select(Voucher).where(Voucher.offer_id == self.offer_id).order_by(Voucher.id)
        vouchers = db.session.scalars(found).all()
        return vouchers[which % len(vouchers)] if vouchers else None

    @rule(who=ANY)
    def issue(self, who: int) -> None:
        courier = self.couriers[who % COURIERS]
        self.do(lambda offer: Voucher.issue(offer, to=courier, lasts=AN_HOUR))

    def with_one(self, which: int, deed: Callable[[Voucher], object]) -> None:
        def do_it(_offer: Offer) -> None:
            voucher = self.one(which)
            if voucher:
                deed(voucher)

        self.do(do_it)

    @rule(which=ANY)
    def redeem(self, which: int) -> None:
        self.with_one(which, lambda voucher: voucher.redeem(by=self.owner))

    @rule(which=ANY, minutes=st.integers(min_value=0, max_value=120))
    def redeem_noted(self, which: int, minutes: int) -> None:
        at = now() - timedelta(minutes=minutes)
        self.with_one(which, lambda voucher: voucher.redeem_noted(by=self.owner, at=at))

    @rule(which=ANY)
    def expire(self, which: int) -> None:
        self.with_one(which, lambda voucher: voucher.expire())

    @rule(which=ANY)
    def void(self, which: int) -> None:
        self.with_one(which, lambda voucher: voucher.void(by=voucher.person))

    @rule()
    def pause(self) -> None:
        self.do(lambda offer: offer.pause(by=self.keeper))

    @rule()
    def resume(self) -> None:
        self.do(lambda offer: offer.resume(by=self.keeper))

    @rule(supply=st.integers(min_value=1, max_value=6))
    def edit_and_approve(self, supply: int) -> None:
        def edit(offer: Offer) -> None:
            offer.edit(by=self.owner, terms={"supply_count": supply})
            offer.approve(by=self.keeper)

        self.do(edit)

    @rule(minutes=st.sampled_from([10, 61, 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.traveller.shift(timedelta(minutes=minutes))

    @precondition(lambda _self: now() > BEGAN + timedelta(days=2))
    @rule()
    def set_the_clock_back(self) -> None:
        self.traveller.shift(timedelta(days=-2))

    @invariant()
    def what_remains_is_what_was_granted_less_what_is_out(self) -> None:
        db.session.rollback()
        supplies = db.session.scalars(select(Supply).where(Supply.offer_id == self.offer_id)).all()
        for supply in supplies:
            states = db.session.scalars(
                select(Voucher.state).where(
                    Voucher.offer_id == self.offer_id, Voucher.supply_period == supply.period
                )
            ).all()
            assert supply.live == states.count("live")
            assert supply.used == states.count("used")
            assert supply.remaining is None or supply.remaining >= 0

    @invariant()
    def nobody_holds_one_place_twice(self) -> None:
        held = db.session.execute(
            select(Voucher.person_id, Voucher.period, Voucher.slot).where(
                Voucher.offer_id == self.offer_id, Voucher.state.in_(("live", "used"))
            )
        ).all()
        assert len(held) == len(set(held))
        assert all(slot in {1, 2} for _person, _period, slot in held)


@pytest.mark.usefixtures("empty_database")
def test_the_counters_say_what_is_there(app: Flask) -> None:
    machine = type("Machine", (Vouchers,), {"app": app})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=30, deadline=None)
    )

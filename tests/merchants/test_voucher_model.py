"""Whatever couriers, shops, keepers and time do, in any order: it ends as a simple model says.

Beside the real database stands the simplest account of it that could be right. Each deed must be
done or refused as that says, and one that is refused must leave every table as it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.support.city import a_courier, a_keeper, a_person
from tests.support.shops import AN_HOUR, an_offer, wrong_in_the_books
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.kit.clock import CITY_ZONE, now, today
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.merchants.offers import LIVE, PAUSED, Offer
from wishwall.merchants.vouchers import EXPIRED, USED, VOID, Voucher

NOON = datetime(2026, 11, 30, 12, tzinfo=CITY_ZONE)
COURIERS, QUOTA, SUPPLY = 3, 2, 4
HELD = (LIVE, USED)
A_WHILE = timedelta(minutes=20)
WAITS = (A_WHILE, AN_HOUR, AN_HOUR, *(timedelta(days=days) for days in (1, -1, -2)))
AGO = (timedelta(0), A_WHILE, AN_HOUR, AN_HOUR + A_WHILE)
MODEST = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass
class Ticket:
    """What the model knows of one voucher."""

    id: int
    courier: int
    slot: int
    issued: datetime
    day: str
    state: str = LIVE

    @property
    def expires(self) -> datetime:
        return self.issued + AN_HOUR

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def is_overdue(self) -> bool:
        return self.state == LIVE and self.expires <= now()

    @property
    def place(self) -> tuple[int, str, int]:
        return (self.courier, month_of(self.day), self.slot)


def month_of(day: str) -> str:
    return day[:7]


class Shop(RuleBasedStateMachine):
    """An offer with two a month for each of three couriers, and four a day for all of them."""

    tickets: Bundle[Ticket] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.travel = time_machine.travel(NOON, tick=False)
        self.clock = self.travel.start()
        offer = an_offer(quota_count=QUOTA, supply_count=SUPPLY, supply_period="day")
        self.offer_id, self.state = offer.id, LIVE
        self.keeper_id = a_keeper(offer.merchant.station).id
        self.owner_id = a_person("merchant").id
        self.courier_ids = [a_courier().id for _ in range(COURIERS)]
        self.all: list[Ticket] = []
        self.supply = SUPPLY
        self.granted: dict[str, int] = {}

    def teardown(self) -> None:
        self.travel.stop()

    @initialize(target=tickets)
    def everybody_takes_one(self) -> MultipleResults[Ticket]:
        return self.issued_to(range(COURIERS))

    @rule(target=tickets, couriers=st.lists(st.integers(0, COURIERS - 1), min_size=1, max_size=4))
    def issue(self, couriers: list[int]) -> MultipleResults[Ticket]:
        return self.issued_to(couriers)

    def issued_to(self, couriers: Iterable[int]) -> MultipleResults[Ticket]:
        return multiple(*filter(None, map(self.issue_to, couriers)))

    def issue_to(self, courier: int) -> Ticket | None:
        day, to_id, made = today().isoformat(), self.courier_ids[courier], []
        overdue = [each for each in self.all if each.courier == courier and each.is_overdue]
        stay = [each for each in self.all if each.is_held and each not in overdue]
        mine = [each for each in stay if each.place[:2] == (courier, month_of(day))]
        left = self.granted.get(day, self.supply) - sum(each.day == day for each in stay)

        def issued() -> None:
            made.append(Voucher.issue(self.offer, to=person(to_id), lasts=AN_HOUR))

        if not self.does(issued, self.state == LIVE and len(mine) < QUOTA and left > 0):
            return None
        for each in overdue:
            each.state = EXPIRED
        assert made[0].slot == min(set(range(1, QUOTA + 1)) - {each.slot for each in mine})
        self.granted.setdefault(day, self.supply)
        ticket = Ticket(made[0].id, courier, made[0].slot, now(), day)
        self.all.append(ticket)
        return ticket

    @rule(ticket=tickets)
    def redeem(self, ticket: Ticket) -> None:
        if self.does(
            lambda: voucher(ticket).redeem(by=person(self.owner_id)),
            ticket.state == LIVE and not ticket.is_overdue,
        ):
            ticket.state = USED

    @rule(ticket=tickets, ago=st.sampled_from(AGO))
    def redeem_noted(self, ticket: Ticket, ago: timedelta) -> None:
        at = now() - ago
        good = ticket.issued <= at <= ticket.expires and at.astimezone(CITY_ZONE).date() == today()
        if self.does(
            lambda: voucher(ticket).redeem_noted(by=person(self.owner_id), at=at),
            good and (ticket.state == LIVE or (ticket.state == EXPIRED and self.is_free(ticket))),
        ):
            ticket.state = USED

    @rule(ticket=tickets, by_keeper=st.booleans())
    def void(self, ticket: Ticket, *, by_keeper: bool) -> None:
        by_id = self.keeper_id if by_keeper else self.courier_ids[ticket.courier]
        if self.does(lambda: voucher(ticket).void(by=person(by_id)), ticket.state == LIVE):
            ticket.state = VOID

    @rule(ticket=tickets)
    def expire(self, ticket: Ticket) -> None:
        overdue = ticket.is_overdue
        with writing():
            assert voucher(ticket).expire() is overdue
        if overdue:
            ticket.state = EXPIRED

    @rule(wait=st.sampled_from(WAITS))
    def time_passes_or_a_clock_is_set(self, wait: timedelta) -> None:
        self.clock.shift(wait)

    @rule(before=st.sampled_from([LIVE, PAUSED]), by_keeper=st.booleans())
    def pause_or_resume(self, before: str, *, by_keeper: bool) -> None:
        offer, by_id = self.offer, self.keeper_id if by_keeper else self.owner_id
        verb, after = (offer.pause, PAUSED) if before == LIVE else (offer.resume, LIVE)
        if self.does(lambda: verb(by=person(by_id)), self.state == before):
            self.state = after

    @rule(count=st.integers(1, 6))
    def edit(self, count: int) -> None:
        """Another number, which a keeper approves at once."""
        day = today().isoformat()

        def edited() -> None:
            self.offer.edit(by=person(self.owner_id), terms={"supply_count": count})
            self.offer.approve(by=person(self.keeper_id))

        if self.does(edited, sum(each.is_held and each.day == day for each in self.all) <= count):
            self.supply, self.state = count, LIVE
            if day in self.granted:
                self.granted[day] = count

    @invariant()
    def the_books_are_right(self) -> None:
        assert wrong_in_the_books(self.offer_id) == []
        states = {ticket.id: voucher(ticket).state for ticket in self.all}
        assert states == {ticket.id: ticket.state for ticket in self.all}
        assert self.offer.state == self.state

    @property
    def offer(self) -> Offer:
        return db.session.get_one(Offer, self.offer_id)

    def is_free(self, ticket: Ticket) -> bool:
        """Whether an expired voucher's slot, and one of its day's supply, are free again."""
        held = [each for each in self.all if each.is_held]
        out = sum(each.day == ticket.day for each in held)
        return out < self.granted[ticket.day] and ticket.place not in {each.place for each in held}

    def does(self, deed: Callable[[], None], may: bool) -> bool:  # noqa: FBT001 - whether it may
        """Do it, as it may be done; or be refused, and nothing is changed."""
        if may:
            with writing():
                deed()
            return True
        before = contents()
        with pytest.raises(Refusal), writing():
            deed()
        assert changed(before) == []
        return False


def voucher(ticket: Ticket) -> Voucher:
    return db.session.get_one(Voucher, ticket.id)


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


@pytest.mark.usefixtures("app")
def test_whatever_happens_ends_as_the_model_says() -> None:
    run_state_machine_as_test(Shop, settings=MODEST)

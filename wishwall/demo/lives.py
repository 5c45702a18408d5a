"""Which life each wish had: how long it hung, who took it down, how it ended.

Times are laid out backwards from this moment, so that nothing is overdue and hardly anything
is older than a month.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from wishwall.demo import words
from wishwall.demo.crowd import Claimant, Crowd, public_id
from wishwall.demo.tales import Tale, Tales, ToldClaim
from wishwall.kit.clock import in_city
from wishwall.wishes.models import (
    CATEGORIES,
    CLAIMED,
    CONFIRMED,
    DELIVERED,
    EXPIRED,
    HIDDEN,
    OPEN,
    WITHDRAWN,
)

A_MONTH = timedelta(days=30)
LONGEST_WAIT = timedelta(days=18)
MINUTE = timedelta(minutes=1)
NIGHT = range(1, 6)
CATEGORY_SHARES = (26, 14, 10, 16, 22, 12)  # in the order of CATEGORIES
CROWDED = 1.8  # 1 would hang as many wishes on every station


class Place(NamedTuple):
    """A station, and its keeper if they are one of the accounts."""

    station_id: int
    keeper_id: int | None


def allot(count: int, crowd: Crowd) -> dict[str, int]:
    """How many wishes are in each state: what the rules allow these people, the rest fulfilled."""
    live = min(count * 20 // 100, crowd.live_turns * 6 // 10)
    allotted = {
        OPEN: min(count * 24 // 100, crowd.open_turns * 6 // 10),
        CLAIMED: live * 6 // 10,
        DELIVERED: live - live * 6 // 10,
        WITHDRAWN: count * 5 // 100,
        EXPIRED: count * 4 // 100,
        HIDDEN: count // 100,
    }
    return {**allotted, CONFIRMED: count - sum(allotted.values())}


class Lives:
    """Tells wishes of the crowd, one at a time."""

    def __init__(self, tales: Tales, crowd: Crowd, places: Sequence[Place]) -> None:
        self._tales, self._crowd, self._random = tales, crowd, crowd.random
        self._places = [places[0], *crowd.random.sample(places[1:], len(places) - 1)]
        self._now, self._rules = tales.moment, tales.rules
        self._of = {
            OPEN: self._open,
            CLAIMED: self._claimed,
            DELIVERED: self._delivered,
            CONFIRMED: self._confirmed,
            WITHDRAWN: self._withdrawn,
            EXPIRED: self._expired,
            HIDDEN: self._hidden,
        }

    def tell(self, state: str) -> None:
        """One more wish that is in this state now."""
        self._of[state]()

    def _open(self) -> None:
        longest = min(A_MONTH, self._rules.wish_lasts) * 0.95
        waited = longest * float(self._random.random() ** 1.7)
        self._begin(waited, self._now, self._crowd.author_of_open()).wait(self._now)

    def _claimed(self) -> None:
        held = self._rules.claim_lasts * self._random.uniform(0.01, 0.92)
        tale, claim = self._taken(self._now - held, self._crowd.holder())
        tale.hold(claim, self._now)
        if held > self._rules.claim_lasts * 0.7 and self._random.random() < 0.4:
            tale.extend(claim, claim.at + self._rules.claim_lasts * self._random.uniform(0.5, 0.69))

    def _delivered(self) -> None:
        delivered_at = self._now - timedelta(days=9) * self._random.uniform(0.005, 1) ** 1.5
        tale, claim = self._brought(delivered_at, self._crowd.holder())
        tale.await_answer(claim, self._now)

    def _confirmed(self) -> None:
        confirmed_at = self._now - timedelta(days=23) * self._random.uniform(0.002, 1)
        delivered_at = confirmed_at - timedelta(days=2.8) * self._random.uniform(0.005, 1) ** 2
        tale, claim = self._brought(delivered_at, self._crowd.helper())
        tale.confirm(claim, confirmed_at, words.thanks(self._random))

    def _withdrawn(self) -> None:
        at = self._now - timedelta(days=24) * self._random.random()
        self._begin(self._wait(at), at, self._crowd.author()).withdraw(at)

    def _expired(self) -> None:
        ago = timedelta(days=10) * self._random.uniform(0.01, 1)
        self._post(self._now - self._rules.wish_lasts - ago, self._crowd.author()).expire()

    def _hidden(self) -> None:
        at = self._now - timedelta(days=24) * self._random.random()
        tale = self._begin(self._wait(at), at, self._crowd.author())
        hidden_by = tale.keeper_id or self._crowd.accounts["organiser"]
        tale.hide(at, hidden_by, self._random.choice(words.HIDINGS))

    def _brought(self, delivered_at: datetime, by: Claimant) -> tuple[Tale, ToldClaim]:
        """A wish delivered at that moment."""
        held = self._rules.claim_lasts * self._random.uniform(0.02, 0.95)
        tale, claim = self._taken(delivered_at - held, by)
        tale.deliver(claim, delivered_at, words.note(tale.category, self._random))
        return tale, claim

    def _taken(self, at: datetime, by: Claimant) -> tuple[Tale, ToldClaim]:
        """A wish claimed at that moment."""
        tale = self._begin(self._wait(at), at, self._crowd.author())
        claim = tale.claim(at, by, named=self._random.random() < 0.3)
        if self._random.random() < 0.12:
            tale.reveal(claim, at + self._rules.claim_lasts * 0.005)
        return tale, claim

    def _wait(self, until: datetime) -> timedelta:
        """How long a wish hung open before that: mostly not long, all within the month."""
        longest = min(LONGEST_WAIT, until - (self._now - A_MONTH), self._rules.wish_lasts * 0.8)
        share = self._random.uniform(0.02, 1)
        return max(longest, timedelta(hours=3)) * share * share

    def _begin(self, waited: timedelta, until: datetime, author_id: int) -> Tale:
        """A wish that has hung open for so long until then, perhaps after a false start."""
        opened_at = until - waited
        room = opened_at - (self._now - A_MONTH)
        if self._random.random() < 0.12 and room > self._rules.claim_lasts * 1.6:
            return self._false_start(opened_at, author_id)
        tale = self._post(opened_at, author_id)
        if self._random.random() < 0.03 and waited > 30 * MINUTE:
            before = tale.text[: len(tale.text) * 2 // 3]
            tale.edit(opened_at + MINUTE * self._random.uniform(2, 20), before)
        return tale

    def _false_start(self, opened_at: datetime, author_id: int) -> Tale:
        """A wish that came back to the wall at that moment."""
        lasts, by = self._rules.claim_lasts, self._crowd.helper()
        chance = self._random.random()
        held = lasts if chance < 0.3 else lasts * self._random.uniform(0.1, 0.9)
        claimed_at = opened_at - held
        tale = self._post(claimed_at - lasts * self._random.uniform(0.02, 0.5), author_id)
        claim = tale.claim(claimed_at, by)
        if chance < 0.3:
            tale.time_out(claim)
        elif chance < 0.75:
            tale.release(claim, opened_at, self._random.choice(words.RELEASES))
        else:
            tale.deliver(claim, claimed_at + held / 2, words.note(tale.category, self._random))
            tale.reopen(claim, opened_at, self._random.choice(words.REOPENINGS))
        return tale

    def _post(self, at: datetime, author_id: int) -> Tale:
        """A wish hung by a courier, hardly ever in the small hours."""
        if in_city(at).hour in NIGHT:
            at -= timedelta(hours=6)
        place = self._places[int(len(self._places) * self._random.random() ** CROWDED)]
        category = self._random.choices(CATEGORIES, CATEGORY_SHARES)[0]
        return Tale(
            within=self._tales,
            public_id=public_id(self._random),
            station_id=place.station_id,
            keeper_id=place.keeper_id,
            author_id=author_id,
            text=words.wish(category, self._random),
            category=category,
            posted_at=at,
        )

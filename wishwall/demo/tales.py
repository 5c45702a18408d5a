"""A wish's life told in the past: the verbs of `wishes.models`, with the moment as an argument.

Each verb leaves what the real one leaves: the state and revision, the fact, the trail row and
whom it tells. `Tales` gathers them for writing in bulk; `put_in_order` gives them their ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wishwall.demo.crowd import Claimant
from wishwall.wishes.models import CLAIMED, CONFIRMED, DELIVERED, EXPIRED, HIDDEN, OPEN, WITHDRAWN
from wishwall.wishes.rules import Rules


@dataclass(slots=True)
class ToldClaim:
    """A claim and what became of it."""

    tale: "Tale"
    by: Claimant
    at: datetime
    due_at: datetime
    named: bool
    extended_at: datetime | None = None
    reminded_at: datetime | None = None
    ended_at: datetime | None = None
    ending: str | None = None
    note: str = ""
    delivered_at: datetime | None = None
    asked: int = 0
    thanks: str = ""
    revealed_at: datetime | None = None
    id: int = 0


@dataclass(slots=True)
class Step:
    """A trail row, and the notices made from it."""

    at: datetime
    deed: str
    tale: "Tale"
    actor_id: int | None
    detail: dict[str, Any]
    told: dict[int, str]
    id: int = 0


@dataclass(slots=True)
class ToldReport:
    """Somebody asked the keeper to look."""

    tale: "Tale"
    by_id: int
    reason: str
    at: datetime


@dataclass(slots=True)
class Tales:
    """All that has happened, in the order in which it was told."""

    rules: Rules
    moment: datetime
    tales: list["Tale"] = field(default_factory=list)
    claims: list[ToldClaim] = field(default_factory=list)
    reports: list[ToldReport] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def put_in_order(self, *, wish_id: int, claim_id: int, step_id: int) -> None:
        """Number everything by time, from these ids on."""
        self.tales.sort(key=lambda tale: tale.posted_at)
        self.claims.sort(key=lambda claim: claim.at)
        self.steps.sort(key=lambda step: step.at)
        for number, tale in enumerate(self.tales, wish_id):
            tale.id = number
        for number, claim in enumerate(self.claims, claim_id):
            claim.id = number
        for number, step in enumerate(self.steps, step_id):
            step.id = number


@dataclass(slots=True)
class Tale:
    """One wish. Verbs must be told in the order of their moments."""

    within: Tales
    public_id: str
    station_id: int
    keeper_id: int | None
    author_id: int
    text: str
    category: str
    posted_at: datetime
    state: str = OPEN
    revision: int = 1
    opened_at: datetime = field(init=False)
    expires_at: datetime = field(init=False)
    keeper_asked_at: datetime | None = None
    hidden_reason: str = ""
    id: int = 0

    def __post_init__(self) -> None:
        self._open(self.posted_at)
        self.within.tales.append(self)
        self._record(self.posted_at, "posted", self.author_id)

    def wait(self, until: datetime) -> None:
        """Hang open until then; if that is long, the keeper is asked."""
        asked_at = self.opened_at + self.within.rules.keeper_asked_after
        if self.keeper_asked_at is None and asked_at < until:
            self.keeper_asked_at = asked_at
            self._record(asked_at, "keeper-asked", None, {self.keeper_id: "wish-waits-long"})

    def edit(self, at: datetime, before: str) -> None:
        """The author changed the words, which were `before`."""
        self.revision += 1
        detail = {"before": {"text": before, "category": self.category}}
        self._record(at, "edited", self.author_id, detail=detail)

    def claim(self, at: datetime, by: Claimant, *, named: bool = False) -> ToldClaim:
        """Somebody undertakes it."""
        self.wait(at)
        self._move(CLAIMED)
        due_at = at + self.within.rules.claim_lasts
        claim = ToldClaim(self, by, at, due_at, named)
        self.within.claims.append(claim)
        self._record(at, "claimed", by.person_id, {self.author_id: "your-wish-claimed"})
        return claim

    def reveal(self, claim: ToldClaim, at: datetime) -> None:
        """The claimant looks at the author's number."""
        claim.revealed_at = at
        told = {self.author_id: "your-number-revealed"}
        self._record(at, "revealed", claim.by.person_id, told)

    def extend(self, claim: ToldClaim, at: datetime) -> None:
        """The one extension."""
        claim.extended_at = at
        claim.due_at += self.within.rules.extension_adds
        self.revision += 1
        self._record(at, "extended", claim.by.person_id, {self.author_id: "your-wish-extended"})

    def hold(self, claim: ToldClaim, until: datetime) -> None:
        """Keep it claimed until then; a reminder if that is long."""
        reminded_at = claim.at + self.within.rules.reminder_after
        if reminded_at < until:
            claim.reminded_at = reminded_at
            told = {claim.by.person_id: "your-claim-due"}
            self._record(reminded_at, "claim-reminded", None, told)

    def release(self, claim: ToldClaim, at: datetime, reason: str) -> None:
        """The claimant gives it back."""
        self.hold(claim, at)
        told = {self.author_id: "your-wish-released"}
        self._reopened(claim, at, "released", claim.by.person_id, told, reason=reason)

    def time_out(self, claim: ToldClaim) -> None:
        """The claimant lets it lie."""
        self.hold(claim, claim.due_at)
        told = {self.author_id: "your-wish-timed-out", claim.by.person_id: "your-claim-timed-out"}
        self._reopened(claim, claim.due_at, "timed-out", None, told)

    def deliver(self, claim: ToldClaim, at: datetime, note: str) -> None:
        """The claimant says it is done."""
        self.hold(claim, at)
        self._move(DELIVERED)
        claim.delivered_at, claim.note = at, note
        told = {self.author_id: "your-wish-delivered"}
        self._record(at, "delivered", claim.by.person_id, told, {"note": note})

    def await_answer(self, claim: ToldClaim, until: datetime) -> None:
        """The author says nothing until then and is asked again."""
        delivered_at = claim.delivered_at or until
        for after in self.within.rules.confirmation_asked_after:
            if delivered_at + after < until:
                claim.asked += 1
                told = {self.author_id: "please-confirm"}
                self._record(delivered_at + after, "confirmation-asked", None, told)

    def confirm(self, claim: ToldClaim, at: datetime, thanks: str) -> None:
        """The author says it arrived."""
        self.await_answer(claim, at)
        self._move(CONFIRMED)
        claim.ended_at, claim.ending, claim.thanks = at, "confirmed", thanks
        told = {claim.by.person_id: "your-delivery-confirmed"}
        self._record(at, "confirmed", self.author_id, told)

    def reopen(self, claim: ToldClaim, at: datetime, reason: str) -> None:
        """The author says it did not arrive."""
        self.await_answer(claim, at)
        told = {claim.by.person_id: "your-delivery-reopened"}
        self._reopened(claim, at, "reopened", self.author_id, told, reason=reason)

    def withdraw(self, at: datetime) -> None:
        """The author takes an open wish down."""
        self.wait(at)
        self._move(WITHDRAWN)
        self._record(at, "withdrawn", self.author_id)

    def expire(self) -> None:
        """Nobody came."""
        self.wait(self.expires_at)
        self._move(EXPIRED)
        at = self.expires_at + timedelta(seconds=20)
        self._record(at, "expired", None, {self.author_id: "your-wish-expired"})

    def report(self, at: datetime, by_id: int, reason: str) -> None:
        """Somebody asks the keeper to look."""
        self.within.reports.append(ToldReport(self, by_id, reason, at))
        told = {self.keeper_id: "wish-reported"}
        self._record(at, "reported", by_id, told, {"reason": reason})

    def hide(self, at: datetime, by_id: int, reason: str) -> None:
        """The keeper takes an open wish off the wall."""
        self.wait(at)
        self._move(HIDDEN)
        self.hidden_reason = reason
        self._record(at, "hidden", by_id, {self.author_id: "your-wish-hidden"}, {"reason": reason})

    def _open(self, at: datetime) -> None:
        self.state, self.opened_at = OPEN, at
        self.expires_at = at + self.within.rules.wish_lasts

    def _move(self, state: str) -> None:
        self.state = state
        self.revision += 1

    def _reopened(
        self,
        claim: ToldClaim,
        at: datetime,
        ending: str,
        actor_id: int | None,
        told: Mapping[int, str],
        **detail: str,
    ) -> None:
        claim.ended_at, claim.ending = at, ending
        self._open(at)
        self.revision += 1
        self._record(at, ending, actor_id, told, detail)

    def _record(
        self,
        at: datetime,
        deed: str,
        actor_id: int | None,
        told: Mapping[int, str] | Mapping[int | None, str] | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        others = {person: kind for person, kind in (told or {}).items() if person is not None}
        self.within.steps.append(Step(at, deed, self, actor_id, detail or {}, others))

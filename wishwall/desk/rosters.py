"""An employer's list comes in: who has an account is verified, the others are expected.

Nothing is read but telephone numbers. What is said of a row shows its number in the file and two
digits, for answers are kept for a while. Importing the same list twice changes nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from wishwall.accounts.expected import ExpectedCourier
from wishwall.accounts.models import Person
from wishwall.accounts.privacy import MASK
from wishwall.accounts.queries import Account, accounts_of
from wishwall.desk.granting import verify
from wishwall.kit.db import db
from wishwall.kit.forms import phone_number
from wishwall.stations.decisions import Decided, Outcome, PlanOf
from wishwall.stations.findings import Finding, printable
from wishwall.stations.reading import Row, UnreadableFile, read_rows
from wishwall.trail.models import record, record_each

NUMBER, NUMBER_IN_ENGLISH = "手机号", "phone"
CHUNK = 500
SHORTEST_HINTED = 8
Thing = TypeVar("Thing")

_SCIENTIFIC = re.compile(r"[0-9]\.?[0-9]*[eE]\+?[0-9]{1,2}")
_RAGGED = ("这一行的格数和表头不一样", "the row has not as many cells as the header")
_ROUNDED = (
    "表格软件把号码写成了科学计数，末几位没有了；请把这一列设成文本，重新填写",
    "the spreadsheet has rounded the number; format the column as text and enter it again",
)
_NO_NUMBER = ("不是 11 位手机号码", "is not a mobile number of 11 digits")
_NO_COURIER = ("用它注册的人不是小哥", "whoever has signed up with it is not a courier")


class Entry(NamedTuple):
    """A row as it was understood: its number (E.164), or why there is none."""

    row: int
    hint: str
    number: str = ""
    refusal: tuple[str, str] | None = None


class Roster(NamedTuple):
    """An employer's list as it was understood, without its empty rows."""

    entries: Sequence[Entry]
    empty_rows: int


class Listed(NamedTuple):
    """What the site knows of a list's numbers: who has an account, who is expected already."""

    accounts: Mapping[str, Account]
    expected: AbstractSet[str]


@dataclass(frozen=True)
class Decision(Decided):
    """What becomes of one row: added is expected from now on, updated is verified."""

    number: str = ""
    person_id: int | None = None


Plan = PlanOf[Decision]


def welcome(person: Person) -> None:
    """Whoever signs up as a courier with a number that an employer has listed is verified."""
    if person.is_courier and (employer := ExpectedCourier.arrive(person.phone)):
        verify(person, by=None, employer=employer)


def read_roster(content: bytes, filename: str) -> Roster:
    """The numbers of an employer's list; raises `UnreadableFile`."""
    rows = _rows(content, filename)
    written = [row for row in rows if not (row.is_empty and row.fits)]
    first_rows: dict[str, int] = {}
    return Roster([_understood(row, first_rows) for row in written], len(rows) - len(written))


def listed(roster: Roster) -> Listed:
    """What the site knows of its numbers; no courier signs up until the transaction ends."""
    ExpectedCourier.let_arrivals_wait()
    accounts: dict[str, Account] = {}
    expected: set[str] = set()
    for entries in _chunks(roster.entries):
        numbers = [entry.number for entry in entries if entry.number]
        accounts |= accounts_of(numbers)
        expected |= ExpectedCourier.among(numbers)
    return Listed(accounts, expected)


def plan(roster: Roster, listed: Listed) -> Plan:
    """Decide on every row; pure."""
    return Plan([_decide(entry, listed) for entry in roster.entries], roster.empty_rows)


def apply(
    plan: Plan,
    *,
    employer: str,
    actor_id: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write a plan, and into the trail who was verified and how many; the caller commits.

    `progress` is told how many more rows are done.
    """
    told = progress or (lambda _done: None)
    verified: list[int] = []
    for decisions in _chunks(plan.writes):
        ExpectedCourier.expect([each.number for each in decisions if not each.person_id], employer)
        verified += Person.verify_all([each.person_id for each in decisions if each.person_id])
        told(len(decisions))
    if plan.writes:
        by_whom: dict[str, Any] = {"actor_id": actor_id, "employer": employer}
        counts = {name: plan.count(name) for name in ("added", "updated", "refused")}
        record_each("verified", subject="person", subject_ids=sorted(verified), **by_whom)
        record("imported", subject="couriers", subject_id=0, **by_whom, **counts)
    db.session.expire_all()


def _rows(content: bytes, filename: str) -> list[Row]:
    """With the Chinese header, else with the English one; what is wrong is said of the former."""
    try:
        return read_rows(content, filename, [NUMBER])
    except UnreadableFile as unreadable:
        try:
            rows = read_rows(content, filename, [NUMBER_IN_ENGLISH])
        except UnreadableFile:
            raise unreadable from None
    return [Row(row.number, {NUMBER: row.cells[NUMBER_IN_ENGLISH]}, row.fits) for row in rows]


def _understood(row: Row, first_rows: dict[str, int]) -> Entry:
    written = row.cells[NUMBER].strip()
    number = phone_number(written) or ""
    if not row.fits:
        refusal = _RAGGED
    elif _SCIENTIFIC.fullmatch(written):
        refusal = _ROUNDED
    elif not number:
        refusal = _NO_NUMBER
    elif first := first_rows.get(number):
        refusal = (f"第 {first} 行已有这个号码", f"row {first} has this number already")
    else:
        first_rows[number] = row.number
        return Entry(row.number, _hint(written), number)
    return Entry(row.number, _hint(written), refusal=refusal)


def _hint(written: str) -> str:
    """A dot for each sign but the last two: enough to find it, too little to keep."""
    shown = printable(written)
    rest = shown[-2:] if len(shown) >= SHORTEST_HINTED else ""
    return MASK * (len(shown) - len(rest)) + rest


def _decide(entry: Entry, listed: Listed) -> Decision:
    refusal, account = entry.refusal, listed.accounts.get(entry.number)
    if account and not account.is_courier:
        refusal = _NO_COURIER
    if refusal:
        finding = Finding(entry.row, NUMBER, *refusal, entry.hint, "refused")
        return Decision(entry.row, entry.hint, "refused", (finding,))
    known = account.is_verified if account else entry.number in listed.expected
    outcome: Outcome = "unchanged" if known else "updated" if account else "added"
    return Decision(entry.row, entry.hint, outcome, (), entry.number, account and account.id)


def _chunks(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[start : start + CHUNK] for start in range(0, len(things), CHUNK))

"""A city's list of stations comes in: rows become a plan, the plan is carried out whole.

`plan` is pure: it says of each row whether its station is added, updated, left as it is, or
refused and why. `apply` writes a plan within the caller's one transaction. Importing the same
file twice changes nothing. Stations that the file does not name are left alone, and so is
whatever stands in columns that the file does not have: a list of one district, or of
telephone numbers to put right, can be imported by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, scoped_session

from wishwall.kit.clock import now
from wishwall.stations.checking import OPTIONAL, REQUIRED, check
from wishwall.stations.decisions import Decided, Outcome, PlanOf
from wishwall.stations.findings import Checked
from wishwall.stations.models import AMENITIES, Amenity, Station
from wishwall.stations.reading import Row, read_rows

CHUNK = 500
FIELDS = (
    "name",
    "district",
    "street",
    "address",
    "host",
    "serves",
    "lat",
    "lon",
    "hours",
    "phone",
    "specialities",
)

Writer = Session | scoped_session[Any]


@dataclass(frozen=True)
class Listed:
    """A station as the directory has it now."""

    id: int
    fields: Mapping[str, str | float]
    amenities: frozenset[str]


@dataclass(frozen=True)
class Decision(Decided):
    """What becomes of one row: only what differs is in `changes`, `gained` and `lost`."""

    station_id: int | None = None
    changes: Mapping[str, str | float] | None = None
    gained: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()


Plan = PlanOf[Decision]


def read_stations(content: bytes, filename: str) -> list[Row]:
    """The rows of a list of stations; raises `UnreadableFile`."""
    return read_rows(content, filename, REQUIRED, OPTIONAL)


def listed(session: Writer) -> dict[str, Listed]:
    """The directory by code. At 186,000 stations ask only for the codes in the file."""
    kinds: dict[int, set[str]] = {}
    for station_id, kind in session.execute(select(Amenity.station_id, Amenity.kind)):
        kinds.setdefault(station_id, set()).add(kind)
    columns = [getattr(Station, name) for name in FIELDS]
    return {
        code: Listed(key, dict(zip(FIELDS, values, strict=True)), frozenset(kinds.get(key, ())))
        for key, code, *values in session.execute(select(Station.id, Station.code, *columns))
    }


def plan(rows: Iterable[Row], existing: Mapping[str, Listed]) -> Plan:
    """Decide on every row; pure. A code belongs to the first row that has it."""
    decisions: list[Decision] = []
    first_rows: dict[str, int] = {}
    empty_rows = 0
    for row in rows:
        if row.is_empty and row.fits:
            empty_rows += 1
            continue
        checked = check(row)
        first = first_rows.setdefault(checked.code, row.number) if checked.code else row.number
        if first != row.number:
            zh = f"编号重复：第 {first} 行已有，只看第一次出现的那行"
            en = f"the code is already in row {first}; only the first one counts"
            checked.find("refused", "驿站编号", checked.code, zh, en)
        decisions.append(_decide(checked, existing.get(checked.code)))
    return Plan(decisions, empty_rows)


def apply(plan: Plan, session: Writer, progress: Callable[[int], None] | None = None) -> None:
    """Write a plan; the caller commits. `progress` is told how many more rows are done."""
    told = progress or (lambda _done: None)
    writes = plan.writes
    for start in range(0, len(writes), CHUNK):
        chunk = writes[start : start + CHUNK]
        _add([each for each in chunk if each.outcome == "added"], session)
        for decision in chunk:
            if decision.station_id is not None:
                _update(decision, decision.station_id, session)
        told(len(chunk))
    session.expire_all()


def _decide(checked: Checked, station: Listed | None) -> Decision:
    findings = tuple(checked.findings)
    if checked.is_refused:
        return Decision(checked.row, checked.code, "refused", findings)
    kinds = frozenset(kind for kind, there in checked.amenities.items() if there)
    if station is None:
        fields = dict(checked.fields)
        return Decision(checked.row, checked.code, "added", findings, None, fields, kinds)
    changes = {
        name: value
        for name, value in checked.fields.items()
        if name != "code" and not _same(value, station.fields[name])
    }
    gained = kinds - station.amenities
    lost = station.amenities & (frozenset(checked.amenities) - kinds)
    outcome: Outcome = "updated" if changes or gained or lost else "unchanged"
    return Decision(checked.row, checked.code, outcome, findings, station.id, changes, gained, lost)


def _same(new: str | float, old: str | float) -> bool:
    """Places are compared to the sixth decimal, as they are read."""
    return new == (round(old, 6) if isinstance(old, float) else old)


def _add(decisions: list[Decision], session: Writer) -> None:
    if not decisions:
        return
    moment = now()
    blank = {"serves": "", "phone": "", "specialities": ""}
    rows = [{**blank, **(each.changes or {}), "imported_at": moment} for each in decisions]
    session.execute(insert(Station), rows)
    codes = select(Station.code, Station.id).where(Station.code.in_([d.code for d in decisions]))
    ids = dict(session.execute(codes).all())
    _furnish([(ids[each.code], each.gained) for each in decisions], session)


def _update(decision: Decision, station_id: int, session: Writer) -> None:
    values = {**(decision.changes or {}), "imported_at": now()}
    session.execute(update(Station).where(Station.id == station_id).values(values))
    if decision.lost:
        gone = Amenity.station_id == station_id, Amenity.kind.in_(decision.lost)
        session.execute(delete(Amenity).where(*gone))
    _furnish([(station_id, decision.gained)], session)


def _furnish(gains: list[tuple[int, frozenset[str]]], session: Writer) -> None:
    """Amenities in the city's order, which is the order in which they are shown."""
    rows = [
        {"station_id": station_id, "kind": kind}
        for station_id, gained in gains
        for kind in AMENITIES
        if kind in gained
    ]
    if rows:
        session.execute(insert(Amenity), rows)

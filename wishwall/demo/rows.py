"""The rows of every table, from what has been planned and told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, case

from wishwall.accounts.roles import COURIER, KEEPER, OFFICER, VOLUNTEER
from wishwall.demo.bulk import Bulk
from wishwall.demo.crowd import REASON, Crowd
from wishwall.demo.stations import PlannedStation
from wishwall.demo.tales import Step, Tales
from wishwall.kit.db import insert
from wishwall.wishes.models import ON_WALL, SUBJECT
from wishwall.wishes.wall import COUNTED, Wall

NEWS = timedelta(days=1)  # older notices have been read
SELF_MADE = (COURIER, VOLUNTEER)


def expected(added: Sequence[PlannedStation], crowd: Crowd, tales: Tales) -> int:
    """How many rows there will be, but for the few notices."""
    furnished = sum(1 + len(station.amenities) for station in added)
    claims = sum(
        1 + bool(claim.delivered_at) + (claim.ending == "confirmed") + bool(claim.revealed_at)
        for claim in tales.claims
    )
    walls = len({tale.station_id for tale in tales.tales})
    told = len(tales.tales) + claims + len(tales.reports) + len(tales.steps)
    return furnished + 2 * len(crowd.people) + told + walls


def write_stations(
    bulk: Bulk, added: Sequence[PlannedStation], first_id: int, moment: datetime
) -> None:
    """Stations and what they have."""
    bulk.write(
        "station",
        (
            {"id": number, "imported_at": moment, **station.columns}
            for number, station in enumerate(added, first_id)
        ),
    )
    bulk.write(
        "amenity",
        (
            {"station_id": number, "kind": kind}
            for number, station in enumerate(added, first_id)
            for kind in station.amenities
        ),
    )


def write_people(
    bulk: Bulk, crowd: Crowd, departments: Mapping[int, str], password_hash: str
) -> None:
    """Departments, people and their roles."""
    bulk.write("department", ({"id": key, "name": name} for key, name in departments.items()))
    bulk.write(
        "person",
        (
            {
                "id": one.id,
                "public_id": one.public_id,
                "phone": one.phone,
                "nickname": one.nickname,
                "password_hash": password_hash,
                "courier_group": one.group,
                "joined_at": one.joined_at,
            }
            for one in crowd.people
        ),
    )
    bulk.write(
        "role",
        (
            {
                "person_id": one.id,
                "kind": one.role,
                "station_id": one.place if one.role == KEEPER else None,
                "department_id": one.place if one.role == OFFICER else None,
                "granted_at": one.joined_at,
                "reason": "" if one.role in SELF_MADE else REASON,
            }
            for one in crowd.people
        ),
    )


def write_wishes(bulk: Bulk, tales: Tales) -> None:
    """Wishes and the reports about them."""
    bulk.write(
        "wish",
        (
            {
                "id": tale.id,
                "public_id": tale.public_id,
                "station_id": tale.station_id,
                "author_id": tale.author_id,
                "text": tale.text,
                "public_text": tale.text,  # nothing in it is private
                "category": tale.category,
                "state": tale.state,
                "on_wall": tale.state in ON_WALL,
                "revision": tale.revision,
                "posted_at": tale.posted_at,
                "opened_at": tale.opened_at,
                "expires_at": tale.expires_at,
                "keeper_asked_at": tale.keeper_asked_at,
                "hidden_reason": tale.hidden_reason,
            }
            for tale in tales.tales
        ),
    )
    bulk.write(
        "report",
        (
            {
                "wish_id": report.tale.id,
                "by_id": report.by_id,
                "reason": report.reason,
                "note": "",
                "reported_at": report.at,
            }
            for report in tales.reports
        ),
    )


def write_claims(bulk: Bulk, tales: Tales) -> None:
    """Claims and what came of them."""
    bulk.write(
        "claim",
        (
            {
                "id": claim.id,
                "wish_id": claim.tale.id,
                "claimant_id": claim.by.person_id,
                "department_id": claim.by.department_id,
                "named": claim.named,
                "claimed_at": claim.at,
                "due_at": claim.due_at,
                "extended_at": claim.extended_at,
                "reminded_at": claim.reminded_at,
                "ended_at": claim.ended_at,
                "ending": claim.ending,
            }
            for claim in tales.claims
        ),
    )
    bulk.write(
        "delivery",
        (
            {
                "claim_id": claim.id,
                "note": claim.note,
                "delivered_at": claim.delivered_at,
                "asked": claim.asked,
            }
            for claim in tales.claims
            if claim.delivered_at
        ),
    )
    bulk.write(
        "confirmation",
        (
            {
                "claim_id": claim.id,
                "by_id": claim.tale.author_id,
                "thanks": claim.thanks,
                "confirmed_at": claim.ended_at,
            }
            for claim in tales.claims
            if claim.ending == "confirmed"
        ),
    )
    bulk.write(
        "reveal",
        (
            {"claim_id": claim.id, "by_id": claim.by.person_id, "revealed_at": claim.revealed_at}
            for claim in tales.claims
            if claim.revealed_at
        ),
    )


def write_trail(bulk: Bulk, tales: Tales, readers: set[int]) -> None:
    """The whole trail, and the notices of those who can sign in to read them."""
    bulk.write(
        "trail",
        (
            {
                "id": step.id,
                "at": step.at,
                "deed": step.deed,
                "subject": SUBJECT,
                "subject_id": step.tale.id,
                "station_id": step.tale.station_id,
                "actor_id": step.actor_id,
                "detail": step.detail,
            }
            for step in tales.steps
        ),
    )
    bulk.write("notice", _notices(tales.steps, readers, tales.moment - NEWS))


def write_walls(bulk: Bulk, tales: Tales) -> None:
    """The counts and revision of every wall on which a wish was ever hung."""
    bulk.write("wall", _walls(tales), _hang_wall())


def _notices(
    steps: list[Step], readers: set[int], read_before: datetime
) -> Iterator[Mapping[str, Any]]:
    for step in steps:
        for person_id in readers.intersection(step.told):
            text = step.tale.text
            yield {
                "person_id": person_id,
                "trail_id": step.id,
                "kind": step.told[person_id],
                "about": text if len(text) <= 24 else f"{text[:23]}…",
                "link": f"/wishes/{step.tale.public_id}",
                "told_at": step.at,
                "read_at": step.at + timedelta(hours=2) if step.at < read_before else None,
            }


def _walls(tales: Tales) -> Iterator[Mapping[str, Any]]:
    hanging = Counter((tale.station_id, tale.state) for tale in tales.tales)
    changed = {step.tale.station_id: step.at for step in tales.steps}  # in the order of time
    for station_id, at in sorted(changed.items()):
        counts = {state: hanging[station_id, state] for state in COUNTED}
        yield {"station_id": station_id, "revision": int(at.timestamp() * 1000), **counts}


def _hang_wall() -> Insert:
    """A new wall, or these wishes beside those that hang there."""
    new: Any = insert(Wall)
    coming = new.excluded
    grown = case((Wall.revision >= coming.revision, Wall.revision + 1), else_=coming.revision)
    more = {state: getattr(Wall, state) + coming[state] for state in COUNTED}
    hung: Insert = new.on_conflict_do_update(
        index_elements=[Wall.station_id], set_={"revision": grown, **more}
    )
    return hung

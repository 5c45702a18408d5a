"""Giving a role, at the desk or from the shell: the same rules and the same trail."""

from typing import Any

from wishwall.accounts.models import Person
from wishwall.accounts.queries import department_named
from wishwall.accounts.roles import KEEPER, OFFICER
from wishwall.kit.db import db
from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l
from wishwall.stations.queries import station_by_code
from wishwall.trail.models import record


def verify(courier: Person, *, by: Person | None, **detail: Any) -> bool:
    """A keeper has seen that this courier is one, or a list says so; False if it was known."""
    verified = courier.verify()
    if verified:
        record(
            "verified",
            subject="person",
            subject_id=courier.id,
            actor_id=by.id if by else None,
            **detail,
        )
    return verified


class StationUnknown(Refusal):
    status = 422
    sentence = _l("没有这个编号的驿站，请核对编号。")


def give(
    person: Person,
    role: str,
    *,
    by: Person | None,
    reason: str = "",
    station_code: str = "",
    department_name: str = "",
) -> bool:
    """Give the role, with its station or department; False if the person had it already."""
    station = station_by_code(db.session, station_code) if station_code else None
    if role == KEEPER and station_code and station is None:
        raise StationUnknown
    given = person.grant(
        role,
        by=by,
        reason=reason,
        station_id=station.id if station and role == KEEPER else None,
        department=department_named(department_name)
        if role == OFFICER and department_name
        else None,
    )
    if given:
        record(
            "granted",
            subject="person",
            subject_id=person.id,
            actor_id=by.id if by else None,
            role=role,
        )
    return given

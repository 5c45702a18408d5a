"""Visitors: the people who are signed in, as pages need them, asked of the database at once."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, ScalarSelect, bindparam, select

from wishwall.accounts.models import Person, Role, Visit, hashed
from wishwall.accounts.roles import ActsInRoles
from wishwall.kit.clock import now
from wishwall.kit.prepared import Prepared

Frame = tuple[object, ...]
Environ = MutableMapping[str, Any]
FOUND = "wishwall.visitor"  # in a request's environ, with the token that it was found by


class HeldRole(NamedTuple):
    """A role of a visitor."""

    kind: str
    station_id: int | None
    department_id: int | None


@dataclass(frozen=True, slots=True)
class Visitor(ActsInRoles):
    """A signed-in person; `unread` counts their unread notices when the request came in."""

    id: int
    public_id: str
    nickname: str
    courier_group: str | None
    is_verified: bool
    unread: int
    roles: tuple[HeldRole, ...]
    visit_token: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @classmethod
    def arriving(cls, person: Person, token: str) -> "Visitor":
        """Somebody whose visit begins in this very request; notices are counted from the next."""
        roles = (HeldRole(role.kind, role.station_id, role.department_id) for role in person.roles)
        return cls(
            person.id,
            person.public_id,
            person.nickname,
            person.courier_group,
            person.is_verified,
            0,
            tuple(roles),
            token,
        )

    def get_id(self) -> str:
        """What the session cookie holds: the token of the visit, not of the person."""
        return self.visit_token

    @property
    def frame(self) -> Frame:
        """All that a page's frame and its forms show of a visitor: never who they are."""
        return (
            self.is_courier,
            self.is_claimant,
            self.is_organiser,
            self.unread,
            *self.kept_station_ids(),
        )


SignedIn = Person | Visitor


class Visitors:
    """Finds visitors by the token of their visit, once a request."""

    def __init__(self, engine: Engine, unread: ScalarSelect[int]) -> None:
        """`unread` counts, beside a row of `person`, that person's unread notices."""
        found = (
            select(
                Person.id,
                Person.public_id,
                Person.nickname,
                Person.courier_group,
                Person.verified_at.is_not(None),
                unread,
                Role.kind,
                Role.station_id,
                Role.department_id,
            )
            .join(Visit, Visit.person_id == Person.id)
            .outerjoin(Role, Role.person_id == Person.id)
            .where(Visit.token_hash == bindparam("token_hash"), Visit.ends_at > bindparam("moment"))
            .order_by(Role.id)
        )
        self._asked = Prepared(engine, found)

    def of(self, token: str, environ: Environ, on: Connection | None = None) -> Visitor | None:
        """The visitor on a visit that has not ended; raises `SQLAlchemyError`."""
        if environ.get(FOUND, ("", None))[0] != token:
            environ[FOUND] = (token, self._ask(token, on))
        found: Visitor | None = environ[FOUND][1]
        return found

    def frame_of(self, token: str, environ: Environ, on: Connection) -> Frame | None:
        """What a page's frame shows of this visitor; raises `SQLAlchemyError`."""
        visitor = self.of(token, environ, on)
        return visitor.frame if visitor else None

    def _ask(self, token: str, on: Connection | None) -> Visitor | None:
        rows = self._asked.rows({"token_hash": hashed(token), "moment": now()}, on)
        if not rows:
            return None
        roles = tuple(HeldRole(*row[6:]) for row in rows if row[6])
        person_id, public_id, nickname, group, is_verified, unread, *_ = rows[0]
        return Visitor(person_id, public_id, nickname, group, is_verified, unread, roles, token)

"""People, roles, departments and visits."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from werkzeug.security import check_password_hash, generate_password_hash

from wishwall.accounts.errors import NotToOneself, RoleNeedsPlace, RoleUnknown
from wishwall.accounts.roles import COLUMNS, KEEPER, OFFICER, ActsInRoles
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.kit.ids import public_id

COURIER_GROUPS = ("parcel", "food", "ride-hailing", "freight", "cleaning", "other")
VISIT_LENGTH = timedelta(days=30)


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class Department(Base):
    """A government department that fulfils wishes."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)

    @classmethod
    def lock(cls, department_id: int) -> None:
        """Let no one else change what is counted per department until this transaction ends."""
        counted = select(cls.id).where(cls.id == department_id)
        db.session.execute(counted.with_for_update(key_share=True))


class Person(ActsInRoles, Base):
    """Someone with an account; `phone` is E.164 and is shown to nobody but themselves."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            f"courier_group IS NULL OR {_one_of('courier_group', COURIER_GROUPS)}",
            name="courier_group",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=public_id)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    nickname: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    courier_group: Mapped[str | None] = mapped_column(String(20))
    joined_at: Mapped[datetime] = mapped_column(default=now)
    verified_at: Mapped[datetime | None]

    roles: Mapped[list["Role"]] = relationship(
        back_populates="person", foreign_keys="Role.person_id", lazy="selectin", order_by="Role.id"
    )

    @property
    def is_verified(self) -> bool:
        """Whether a keeper or an employer's list says that this courier is one."""
        return self.verified_at is not None

    def verify(self) -> bool:
        """A keeper has seen that this courier is one; False if somebody had before."""
        return bool(Person.verify_all([self.id]))

    @classmethod
    def verify_all(cls, person_ids: Sequence[int]) -> Sequence[int]:
        """Somebody says that these couriers are such; those of whom nobody had said it before."""
        verified = (
            update(cls)
            .where(cls.id.in_(person_ids), cls.verified_at.is_(None))
            .values(verified_at=now())
            .returning(cls.id)
        )
        return db.session.scalars(verified).all()

    def set_password(self, password: str) -> None:
        """Keep only a scrypt hash of the password."""
        self.password_hash = generate_password_hash(password)

    def has_password(self, password: str) -> bool:
        """Whether this is the person's password."""
        return check_password_hash(self.password_hash, password)

    def grant(
        self,
        kind: str,
        *,
        by: "Person | None",
        reason: str = "",
        station_id: int | None = None,
        department: "Department | None" = None,
    ) -> bool:
        """Give a role; False if the person had it already. `by` is None from the shell."""
        if kind not in COLUMNS:
            raise RoleUnknown
        if by is not None and by.id == self.id:
            raise NotToOneself
        if (kind == KEEPER) != (station_id is not None) or (kind == OFFICER) != (
            department is not None
        ):
            raise RoleNeedsPlace
        department_id = department.id if department else None
        self.lock()
        scope = (kind, station_id, department_id)
        if scope in {(role.kind, role.station_id, role.department_id) for role in self.roles}:
            return False
        self.roles.append(
            Role(
                kind=kind,
                station_id=station_id,
                department_id=department_id,
                granted_by_id=by.id if by else None,
                reason=reason,
            )
        )
        db.session.flush()
        return True

    def lock(self) -> None:
        """Let no one else change what is counted per person until this transaction ends."""
        counted = select(Person.id).where(Person.id == self.id)
        db.session.execute(counted.with_for_update(key_share=True))


class Role(Base):
    """A capacity in which a person acts, and where."""

    __tablename__ = "role"
    __table_args__ = (
        CheckConstraint(_one_of("kind", tuple(COLUMNS)), name="kind"),
        CheckConstraint("(kind = 'keeper') = (station_id IS NOT NULL)", name="keeper_has_station"),
        CheckConstraint(
            "(kind = 'officer') = (department_id IS NOT NULL)", name="officer_has_department"
        ),
        Index("ix_role_person_id", "person_id"),
        Index("ix_role_station_id", "station_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])
    department: Mapped[Department | None] = relationship(lazy="joined")


class Visit(Base):
    """A sign-in that lasts thirty days, or until it is ended; the token is kept hashed."""

    __tablename__ = "visit"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime] = mapped_column(index=True)

    @classmethod
    def begin(cls, person: Person) -> str:
        """Begin a visit; returns the token for the cookie, which is kept nowhere else."""
        token = secrets.token_urlsafe(24)
        db.session.add(
            cls(token_hash=hashed(token), person_id=person.id, ends_at=now() + VISIT_LENGTH)
        )
        return token

    @classmethod
    def end(cls, token: str) -> None:
        """End a visit; quiet if it has ended already."""
        db.session.execute(delete(cls).where(cls.token_hash == hashed(token)))

    @classmethod
    def ended(cls, token_hashes: Iterable[str]) -> set[str]:
        """Which of these visits have ended."""
        asked = set(token_hashes)
        going_on = select(cls.token_hash).where(cls.token_hash.in_(asked), cls.ends_at > now())
        return asked.difference(db.session.scalars(going_on))

    @classmethod
    def forget_ended(cls) -> int:
        """Drop visits that have run out; returns how many."""
        result = db.session.execute(delete(cls).where(cls.ends_at <= now()))
        return result.rowcount  # type: ignore[attr-defined, no-any-return]


def hashed(token: str) -> str:
    """A visit's token as it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()

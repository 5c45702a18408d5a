"""Couriers who are expected: their employer has listed them, and they have not signed up yet.

Of a number only a hash is kept, under a key that is made of the site's secret, with the employer's
name and the day. It is dropped when its courier signs up, at the latest after a year.

Whoever signs up while a list comes in is verified either way: a sign-up looks here after it has
written its person, a list looks for people after it has asked new couriers to wait. On SQLite they
come one after the other as they are.
"""

import hmac
from collections.abc import Iterable
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.accounts.errors import EmployerUnclear
from wishwall.accounts.privacy import private_spans
from wishwall.kit.clock import today
from wishwall.kit.db import Base, db, insert
from wishwall.kit.text import one_line

KEPT_FOR = timedelta(days=365)
SHORTEST_NAME, LONGEST_NAME = 2, 40
TURN = 0x6C697374  # the advisory lock of lists, and of couriers who sign up


class ExpectedCourier(Base):
    """A number on an employer's list that no courier has signed up with; kept hashed."""

    __tablename__ = "expected_courier"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    employer: Mapped[str] = mapped_column(String(LONGEST_NAME))
    listed_on: Mapped[date] = mapped_column(default=today, index=True)

    @classmethod
    def let_arrivals_wait(cls) -> None:
        """No courier signs up until this transaction ends."""
        if db.engine.dialect.name == "postgresql":
            db.session.execute(select(func.pg_advisory_xact_lock(TURN)))

    @classmethod
    def among(cls, numbers: Iterable[str]) -> set[str]:
        """Those of these numbers that are expected."""
        hashes = {_hashed(number): number for number in numbers}
        kept = select(cls.number_hash).where(cls.number_hash.in_(hashes), cls._is_fresh())
        return {hashes[found] for found in db.session.scalars(kept)}

    @classmethod
    def expect(cls, numbers: Iterable[str], employer: str) -> None:
        """Keep these numbers until their couriers sign up; in place of what is too old."""
        own = {"employer": employer, "listed_on": today()}
        rows = [{"number_hash": _hashed(number), **own} for number in numbers]
        if rows:
            kept = insert(cls).on_conflict_do_update(index_elements=["number_hash"], set_=own)
            db.session.execute(kept, rows)

    @classmethod
    def arrive(cls, number: str) -> str:
        """A courier signs up: the employer who has listed the number, or nothing; kept no more."""
        if db.engine.dialect.name == "postgresql":
            db.session.execute(select(func.pg_advisory_xact_lock_shared(TURN)))
        found = delete(cls).where(cls.number_hash == _hashed(number), cls._is_fresh())
        return db.session.scalar(found.returning(cls.employer)) or ""

    @classmethod
    def forget_old(cls) -> int:
        """Drop numbers that nobody has signed up with; returns how many."""
        result = db.session.execute(delete(cls).where(~cls._is_fresh()))
        return result.rowcount  # type: ignore[attr-defined, no-any-return]

    @classmethod
    def _is_fresh(cls) -> ColumnElement[bool]:
        return cls.listed_on > today() - KEPT_FOR


def employer_named(text: str) -> str:
    """An employer's name as it is kept; raises `EmployerUnclear`."""
    name = one_line(text)
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or private_spans(name):
        raise EmployerUnclear
    return name


def _hashed(number: str) -> str:
    """Whoever has the table alone cannot try all numbers; that takes the site's secret."""
    secret = str(current_app.secret_key).encode()
    key = hmac.digest(secret, b"expected-courier", "sha256")
    return hmac.digest(key, number.encode(), "sha256").hex()

"""How often someone may do something: counts per rule and person, number or address.

`allow("LIMIT_SIGN_IN", phone)` counts one try in a fixed window, or raises `TooOften`. The rules
are settings. Counts are kept in the database, so that four processes count as one does, or in
Redis when configured; while Redis is away the database counts, and allows half as often.

Call it before the writing transaction of the request begins: the count is a transaction of its
own, which on SQLite would wait for the turn that the request itself holds.
"""

import hmac
import ipaddress
import json
import math
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Connection, Delete, String, case, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, is_writing
from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l

REDIS_PATIENCE_SECONDS = 0.03
REDIS_REST_SECONDS = 5.0
# A window that ends later than this was opened before the clock was set back, and is void. Not
# sooner: of two that count at once the one with the earlier moment may write after the other.
CLOCK_SLACK = timedelta(minutes=1)


class TooOften(Refusal):
    """The rule is used up for this window."""

    status = 429
    sentence = _l("太频繁了，请稍后再试。")

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds
        self.headers = {"Retry-After": str(retry_after_seconds)}


class Allowance(Base):
    """How much of one rule is used in the window that ends at `expires_at`."""

    __tablename__ = "allowance"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def init_app(app: Flask) -> None:
    """Choose where to count; a rule or an address of Redis that cannot be read raises here."""
    for name, value in app.config.items():
        if name.startswith("LIMIT_"):
            parse_many(value)
    app.extensions["wishwall-limits"] = _Counts(app.config.get("REDIS_URL") or "")


def allow(rule: str, *who: str) -> None:
    """Count one use of `rule` (the name of a setting) by `who`; raises `TooOften`."""
    if is_writing():
        raise RuntimeError("limits are counted before the writing transaction begins")
    counts: _Counts = current_app.extensions["wishwall-limits"]
    windows = parse_many(current_app.config[rule])
    wait = counts.spend(windows, rule, _hashed(rule, who))
    if wait is not None:
        longest = max(window.get_expiry() for window in windows)  # Redis rounds up
        raise TooOften(max(1, min(math.ceil(wait), longest)))


def address() -> str:
    """The client's address as limits see it: an IPv6 network is one client."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def forget_expired() -> int:
    """Drop windows that have ended, in a transaction of its own; returns how many."""
    return _erase(delete(Allowance).where(Allowance.expires_at <= now()))


class DatabaseStorage(Storage):
    """Counts in the application's own database, one statement each."""

    STORAGE_SCHEME = ["wishwall"]  # noqa: RUF012 - so declared by the library

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        moment = now()
        insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
        new = insert(Allowance).values(
            key=key, count=amount, expires_at=moment + timedelta(seconds=expiry)
        )
        stale = or_(
            Allowance.expires_at <= moment,
            Allowance.expires_at > moment + timedelta(seconds=expiry) + CLOCK_SLACK,
        )
        counted = new.on_conflict_do_update(
            index_elements=[Allowance.key],
            set_={
                "count": case((stale, amount), else_=Allowance.count + amount),
                "expires_at": case((stale, new.excluded.expires_at), else_=Allowance.expires_at),
            },
        ).returning(Allowance.count)
        with _own_transaction() as connection:
            return connection.execute(counted).scalar_one()

    def get(self, key: str) -> int:
        allowance = self._live(key)
        return allowance[0] if allowance else 0

    def get_expiry(self, key: str) -> float:
        allowance = self._live(key)
        return (allowance[1] if allowance else now()).timestamp()

    def check(self) -> bool:
        with db.engine.connect() as connection:
            connection.execute(select(1))
        return True

    def reset(self) -> int | None:
        return _erase(delete(Allowance))

    def clear(self, key: str) -> None:
        _erase(delete(Allowance).where(Allowance.key == key))

    def _live(self, key: str) -> tuple[int, datetime] | None:
        kept = select(Allowance.count, Allowance.expires_at).where(
            Allowance.key == key, Allowance.expires_at > now()
        )
        with db.engine.connect() as connection:
            row = connection.execute(kept).one_or_none()
        return (row[0], row[1]) if row else None


class _Counts:
    """Where uses are counted: Redis while it answers, otherwise the database."""

    def __init__(self, redis_url: str) -> None:
        self._database = DatabaseStorage()
        self._redis = _redis(redis_url) if redis_url else None
        self._redis_failed = False
        self._ask_redis_at = 0.0

    def spend(self, items: Sequence[RateLimitItem], rule: str, who: str) -> float | None:
        """Count one use; the seconds to wait if that was one too many."""
        if self._redis is None:
            return _spend(self._database, items, rule, who)
        if self._may_ask_redis():
            try:
                wait = _spend(self._redis, items, rule, who)
            except StorageError:
                self._redis_failed = True
                self._ask_redis_at = time.monotonic() + REDIS_REST_SECONDS
                current_app.logger.warning("Redis does not answer; limits count in the database")
            else:
                self._redis_failed = False
                return wait
        halves = [type(item)((item.amount + 1) // 2, item.multiples) for item in items]
        return _spend(self._database, halves, rule, who)

    def _may_ask_redis(self) -> bool:
        """After a failure one request asks for all, every few seconds."""
        if not self._redis_failed:
            return True
        if time.monotonic() < self._ask_redis_at:
            return False
        self._ask_redis_at = time.monotonic() + REDIS_REST_SECONDS
        return True


def _spend(storage: Storage, items: Sequence[RateLimitItem], rule: str, who: str) -> float | None:
    """Ask before counting: whoever is over the limit costs a read, not a write."""
    limiter = FixedWindowRateLimiter(storage)
    for item in items:
        if not limiter.test(item, rule, who):
            wait = _wait(storage, item.key_for(rule, who))
            if wait <= item.get_expiry() + CLOCK_SLACK.total_seconds():  # else counting mends it
                return wait
    for item in items:
        if not limiter.hit(item, rule, who):
            return _wait(storage, item.key_for(rule, who))
    return None


def _wait(storage: Storage, key: str) -> float:
    return storage.get_expiry(key) - now().timestamp()


def _redis(url: str) -> RedisStorage:
    # An extra, which a site without Redis does not install.
    from redis import ConnectionPool  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=REDIS_PATIENCE_SECONDS,
        socket_timeout=REDIS_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisStorage(url, connection_pool=pool, key_prefix="wishwall", wrap_exceptions=True)


def _hashed(rule: str, who: Sequence[str]) -> str:
    """No telephone number stands in a table of counts."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, json.dumps([rule, *who]).encode(), "sha256").hexdigest()


def _erase(which: Delete) -> int:
    with _own_transaction() as connection:
        return connection.execute(which).rowcount


def _own_transaction() -> AbstractContextManager[Connection]:
    return db.engine.execution_options(writing=True).begin()

"""A rule allows exactly so often, however many processes count and whatever Redis does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support.limits import allowed, small_app
from wishwall.kit import limits
from wishwall.kit.db import db, writing
from wishwall.kit.limits import Allowance, TooOften, address, allow, forget_expired

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.usefixtures("limited_site")
def test_a_rule_allows_exactly_so_often_and_says_how_long_to_wait() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert allowed("LIMIT_TRY", "+8613800138000", tries=9) == 5
        clock.shift(60)
        with pytest.raises(TooOften) as refusal:
            allow("LIMIT_TRY", "+8613800138000")
        assert refusal.value.retry_after_seconds == 14 * 60
        assert refusal.value.status == 429
        clock.shift(14 * 60)
        assert allowed("LIMIT_TRY", "+8613800138000", tries=9) == 5


@pytest.mark.usefixtures("limited_site")
def test_people_and_rules_are_counted_apart() -> None:
    assert allowed("LIMIT_TRY", "a", tries=9) == 5
    assert allowed("LIMIT_TRY", "b", tries=9) == 5
    assert allowed("LIMIT_TRY", "a", "b", tries=9) == 5
    assert allowed("LIMIT_TRY", "ab", tries=9) == 5
    assert allowed("LIMIT_MANY", "a", tries=60) == 50


def test_a_rule_of_two_windows_keeps_both(tmp_path: Path, apps: list[Flask]) -> None:
    apps.append(small_app(tmp_path, LIMIT_TRY="3 per minute; 5 per hour"))
    with apps[-1].app_context(), time_machine.travel(NOON, tick=False) as clock:
        assert allowed("LIMIT_TRY", "a", tries=9) == 3
        clock.shift(61)
        assert allowed("LIMIT_TRY", "a", tries=9) == 2


@pytest.mark.usefixtures("limited_site")
def test_no_number_stands_in_the_table_and_what_ended_is_forgotten() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        allow("LIMIT_TRY", "+8613800138000")
        allow("LIMIT_MANY", "+8613800138000")
        keys = db.session.scalars(select(Allowance.key)).all()
        assert len(keys) == 2 and not any("13800138000" in key for key in keys)
        clock.shift(1800)
        db.session.rollback()
        assert forget_expired() == 1
        (left,) = db.session.scalars(select(Allowance.key)).all()
        assert "LIMIT_MANY" in left


@pytest.mark.usefixtures("limited_site")
def test_a_clock_set_back_locks_nobody_out() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        clock.shift(45 * 86_400)
        assert allowed("LIMIT_TRY", "a", tries=9) == 5
        clock.shift(-45 * 86_400)
        assert allowed("LIMIT_TRY", "a", tries=9) == 5


def test_the_applications_own_database_counts_whichever_it_is(app: Flask) -> None:
    app.config["LIMIT_TRY"] = "4 per 15 minutes"
    with time_machine.travel(NOON, tick=False) as clock:
        assert allowed("LIMIT_TRY", "a", tries=9) == 4
        clock.shift(15 * 60)
        assert allowed("LIMIT_TRY", "a", tries=9) == 4
        assert forget_expired() == 0


@pytest.mark.usefixtures("limited_site")
def test_whoever_looked_at_the_clock_first_but_wrote_later_is_counted_too() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert allowed("LIMIT_TRY", "a", tries=3) == 3
        clock.shift(-6)
        assert allowed("LIMIT_TRY", "a", tries=9) == 2


@pytest.mark.usefixtures("limited_site")
def test_whoever_is_over_the_limit_costs_no_write() -> None:
    assert allowed("LIMIT_TRY", "a", tries=50) == 5
    assert db.session.scalars(select(Allowance.count)).all() == [5]


@pytest.mark.usefixtures("limited_site")
def test_counting_inside_the_requests_own_writing_is_a_mistake_said_at_once() -> None:
    with writing(), pytest.raises(RuntimeError, match="before the writing transaction"):
        allow("LIMIT_TRY", "a")
    allow("LIMIT_TRY", "a")


def test_a_rule_that_cannot_be_read_stops_the_site_from_starting(tmp_path: Path) -> None:
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config.update(LIMIT_TRY="now and then")
    with pytest.raises(ValueError, match="now and then"):
        limits.init_app(app)


@pytest.mark.parametrize(
    ("remote", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_client(remote: str, seen: str) -> None:
    with Flask(__name__).test_request_context(environ_base={"REMOTE_ADDR": remote}):
        assert address() == seen


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "X-Client-IP",
               "CF-Connecting-IP", "X-Originating-IP", "X-Cluster-Client-IP"],
)  # fmt: skip
def test_a_forged_header_counts_for_nothing(header: str) -> None:
    with Flask(__name__).test_request_context(
        headers={header: "198.51.100.7"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    ):
        assert address() == "203.0.113.9"

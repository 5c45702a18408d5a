"""The printed accounts are kept for the next start, and for nobody else to read."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from wishwall.accounts.models import Person
from wishwall.demo.city import DemoAccount
from wishwall.demo.commands import FILE, demo, read_accounts, save_accounts, show_accounts
from wishwall.kit.db import db, writing

ACCOUNTS = [
    DemoAccount("courier", "19900000001", "bado-kemi-nuza-tilo", "/me/wishes"),
    DemoAccount("grid-worker", "19900000005", "bado-kemi-nuza-tilo", "/me"),
]


def test_accounts_are_kept_whole_and_private(tmp_path: Path) -> None:
    save_accounts(tmp_path, ACCOUNTS)
    assert read_accounts(tmp_path) == ACCOUNTS
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_without_a_demo_city_nothing_is_shown(tmp_path: Path) -> None:
    assert read_accounts(tmp_path) == []
    assert show_accounts(tmp_path) == ""


def test_accounts_stand_in_columns_in_both_languages(tmp_path: Path) -> None:
    save_accounts(tmp_path, ACCOUNTS)
    shown = show_accounts(tmp_path)
    assert "小哥 courier" in shown and "网格员 grid worker" in shown
    lines = [line for line in shown.splitlines() if "199000" in line]
    columns = {len(line.split("199000")[0].encode("gbk")) for line in lines}
    assert len(columns) == 1


@pytest.fixture
def kept(app: Flask) -> Iterator[Path]:
    file = Path(app.instance_path) / FILE
    yield file
    file.unlink(missing_ok=True)


def test_the_command_builds_and_prints(app: Flask, kept: Path) -> None:
    done = app.test_cli_runner().invoke(
        demo, ["--stations", "3", "--wishes", "9", "--people", "20"]
    )
    assert done.exit_code == 0, done.output
    assert "19900000001" in done.output
    assert read_accounts(kept.parent)[0].phone == "19900000001"
    assert db.session.scalar(select(func.count(Person.id))) == 20


def test_the_command_refuses_real_people_kindly(app: Flask) -> None:
    with writing():
        db.session.add(Person(phone="+8613912345678", nickname="真人", password_hash="!"))
    done = app.test_cli_runner().invoke(demo, [])
    assert done.exit_code == 1
    assert "--among-real-people" in done.output

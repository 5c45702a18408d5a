"""`wishwall couriers import`, as the organiser sees it."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.desk.files import EMPLOYER, lines_of, of
from tests.desk.reports import counted
from tests.stations.files import csv_of
from tests.support.city import a_courier
from tests.support.tables import changed, contents
from wishwall.accounts.expected import ExpectedCourier
from wishwall.accounts.models import Person
from wishwall.commands import main
from wishwall.kit.db import db
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

NEW = "13712345678"


def run(
    app: Flask, folder: Path, content: bytes, *options: str, employer: str = EMPLOYER
) -> Result:
    file = folder / "名单.csv"
    file.write_bytes(content)
    db.session.rollback()
    command = ["couriers", "import", str(file), "--employer", employer, *options]
    return app.test_cli_runner().invoke(main, command)


def how_many_expected() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ExpectedCourier)) or 0


def test_the_report_says_what_became_of_each_row_in_both_languages(
    app: Flask, tmp_path: Path
) -> None:
    courier = a_courier()
    result = run(app, tmp_path, csv_of(lines_of(NEW, "123", *of(courier))))
    assert result.exit_code == 0, result.output
    assert "✗ 拒绝 refused · 第 3 行 row 3 ••• 手机号 “•••”" in result.output
    assert "不是 11 位手机号码 / is not a mobile number of 11 digits" in result.output
    hint = f"•••••••••{courier.phone[-2:]}"
    assert f"→ 更新 updated · 第 4 行 row 4 {hint}: 核实 verified" in result.output
    assert counted(result.output) == [1, 1, 0, 0, 1]
    assert "added 1, updated 1, unchanged 0, corrected 0, refused 1" in result.output
    assert courier.phone[3:] not in result.output and NEW not in result.output
    db.session.rollback()
    assert db.session.get_one(Person, courier.id).is_verified and how_many_expected() == 1
    deeds = select(Trail.actor_id).where(Trail.deed.in_(["verified", "imported"]))
    assert db.session.scalars(deeds).all() == [None, None], "the shell is nobody"


def test_importing_again_says_that_nothing_changed(app: Flask, tmp_path: Path) -> None:
    content = csv_of(lines_of(NEW, *of(a_courier())))
    run(app, tmp_path, content)
    before = contents()
    again = run(app, tmp_path, content)
    assert counted(again.output) == [0, 0, 2, 0, 0] and "没有任何变化" in again.output
    assert changed(before) == []


def test_a_dry_run_reports_the_same_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    content = csv_of(lines_of(NEW, "123", *of(a_courier())))
    before = contents()
    rehearsed = run(app, tmp_path, content, "--dry-run")
    assert "nothing was written" in rehearsed.output and changed(before) == []
    done = run(app, tmp_path, content)
    assert rehearsed.stdout.splitlines()[:-1] == done.stdout.splitlines()


def test_a_file_that_cannot_be_read_or_of_which_nothing_is_taken_fails(
    app: Flask, tmp_path: Path
) -> None:
    unreadable = run(app, tmp_path, b"\x89PNG\0")
    assert unreadable.exit_code == 1 and "NUL" in unreadable.output
    lacking = run(app, tmp_path, csv_of([["姓名"], ["赵某"]]))
    assert lacking.exit_code == 1 and "手机号" in lacking.output
    assert run(app, tmp_path, csv_of(lines_of("123"))).exit_code == 1
    assert how_many_expected() == 0


@pytest.mark.parametrize("employer", ["", "某", "司" * 41, "\u200b\u3000", "龙城速递 13800138000"])
def test_an_employer_has_a_name_and_no_number(app: Flask, tmp_path: Path, employer: str) -> None:
    before = contents()
    result = run(app, tmp_path, csv_of(lines_of(NEW)), employer=employer)
    assert result.exit_code == 1 and "请写单位名称" in result.output
    assert changed(before) == []

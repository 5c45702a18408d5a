"""`wishwall merchants import`, as the organiser sees it."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.merchants.files import a_discount, a_row, lines_of
from tests.stations.files import csv_of
from tests.support.city import a_station
from wishwall.commands import main
from wishwall.kit.db import db
from wishwall.merchants import commands
from wishwall.merchants.importing import listed
from wishwall.merchants.models import Merchant
from wishwall.merchants.planning import City
from wishwall.stations.models import Station

ONE_GOOD_ONE_CORRECTED_ONE_BAD = lines_of(
    a_row(),
    a_discount("8折", 商户名称="饺子馆"),
    a_row(商户名称="修车铺", 有效期至="2026-02-30"),
)


pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def station() -> Station:
    """The station of the rows."""
    return a_station("TY050001")


def run(app: Flask, folder: Path, content: bytes, *options: str) -> Result:
    file = folder / "商户.csv"
    file.write_bytes(content)
    db.session.rollback()
    return app.test_cli_runner().invoke(main, ["merchants", "import", str(file), *options])


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Merchant)) or 0


def test_the_report_names_every_refusal_and_correction_in_both_languages(
    app: Flask, tmp_path: Path
) -> None:
    result = run(app, tmp_path, csv_of(ONE_GOOD_ONE_CORRECTED_ONE_BAD))
    assert result.exit_code == 0, result.output
    assert "✗ 拒绝 refused · 第 4 行 row 4 TY050001 修车铺 有效期至 “2026-02-30”" in result.output
    assert "TY050001 饺子馆 数值 “8折”: 按减 20% 登记 / read as 20% off" in result.output
    assert "新增 2 更新 0 未变 0 已更正 1 拒绝 1" in result.output
    assert "added 2, updated 0, unchanged 0, corrected 1, refused 1" in result.output
    assert how_many() == 2


def test_importing_again_says_that_nothing_changed_and_an_update_says_what(
    app: Flask, tmp_path: Path
) -> None:
    run(app, tmp_path, csv_of(lines_of(a_row())))
    assert "没有任何变化" in run(app, tmp_path, csv_of(lines_of(a_row()))).output
    result = run(app, tmp_path, csv_of(lines_of(a_row(联系电话="0351-0000009", 限次="2/年"))))
    assert "→ 更新 updated · 第 2 行 row 2 TY050001" in result.output
    assert "联系电话、限次\n" in result.output


def test_a_dry_run_reports_the_same_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    rehearsed = run(app, tmp_path, csv_of(ONE_GOOD_ONE_CORRECTED_ONE_BAD), "--dry-run")
    assert how_many() == 0 and "nothing was written" in rehearsed.output
    done = run(app, tmp_path, csv_of(ONE_GOOD_ONE_CORRECTED_ONE_BAD))
    assert rehearsed.stdout.splitlines()[:-1] == done.stdout.splitlines()


def test_a_file_that_cannot_be_read_or_of_which_nothing_is_taken_fails(
    app: Flask, tmp_path: Path
) -> None:
    unreadable = run(app, tmp_path, b"\x89PNG\0")
    assert unreadable.exit_code == 1 and "NUL" in unreadable.output
    lacking = run(app, tmp_path, csv_of(lines_of(a_row(), without=("类别",))))
    assert lacking.exit_code == 1 and "类别" in lacking.output
    assert run(app, tmp_path, csv_of(lines_of(a_row(类别="?")))).exit_code == 1
    assert how_many() == 0


def test_whoever_is_quicker_to_register_a_shop_is_not_overwritten(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = listed()
    run(app, tmp_path, csv_of(lines_of(a_row())))
    monkeypatch.setattr(commands, "listed", lambda: City(before.stations, {}))
    result = run(app, tmp_path, csv_of(lines_of(a_row())))
    assert result.exit_code == 1 and "run it again" in result.output
    assert how_many() == 1

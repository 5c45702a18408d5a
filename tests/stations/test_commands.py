"""`wishwall stations import`, as the organiser sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.stations.files import a_row, csv_of, lines_of
from wishwall.kit import db as database
from wishwall.kit.db import Base, db
from wishwall.stations.commands import stations
from wishwall.stations.models import Amenity, Station

TWO_GOOD_ONE_BAD = lines_of(
    a_row(), a_row(驿站编号="TY050002", 区县="小店"), a_row(驿站编号="TY050003", 经度="")
)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("city", instance_path=str(tmp_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/city.sqlite3"
    database.init_app(app)
    app.cli.add_command(stations)
    with app.app_context():
        tables = [Base.metadata.tables[model.__tablename__] for model in (Station, Amenity)]
        Base.metadata.create_all(db.engine, tables=tables)
        yield app
        db.session.remove()
        db.engine.dispose()


def run(city: Flask, content: bytes, *options: str, name: str = "驿站.csv") -> Result:
    file = Path(city.instance_path) / name
    file.write_bytes(content)
    return city.test_cli_runner().invoke(args=["stations", "import", str(file), *options])


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Station)) or 0


def test_the_report_names_every_refusal_and_correction_in_both_languages(city: Flask) -> None:
    result = run(city, csv_of(TWO_GOOD_ONE_BAD))
    assert result.exit_code == 0, result.output
    assert "第 4 行 row 4 TY050003 经度" in result.output
    assert "没有填写 / is missing" in result.output
    assert "“小店”: 改为小店区 / read as 小店区" in result.output
    assert "新增 2 更新 0 未变 0 已更正 1 拒绝 1" in result.output
    assert "added 2, updated 0, unchanged 0, corrected 1, refused 1" in result.output
    assert how_many() == 2


def test_importing_again_says_plainly_that_nothing_changed(city: Flask) -> None:
    run(city, csv_of(TWO_GOOD_ONE_BAD))
    result = run(city, csv_of(TWO_GOOD_ONE_BAD))
    assert "没有任何变化" in result.output and "Nothing changed" in result.output


def test_an_update_says_what_changed(city: Flask) -> None:
    run(city, csv_of(lines_of(a_row())))
    result = run(city, csv_of(lines_of(a_row(联系电话="0351-0000009", 微波炉=""))))
    assert "第 2 行 row 2 TY050001: 联系电话、-微波炉" in result.output


def test_a_dry_run_reports_the_same_and_writes_nothing(city: Flask) -> None:
    rehearsed = run(city, csv_of(TWO_GOOD_ONE_BAD), "--dry-run")
    assert how_many() == 0 and "nothing was written" in rehearsed.output
    done = run(city, csv_of(TWO_GOOD_ONE_BAD))
    assert rehearsed.stdout.splitlines()[:-1] == done.stdout.splitlines()


def test_a_file_that_cannot_be_read_or_of_which_nothing_is_taken_fails(city: Flask) -> None:
    unreadable = run(city, b"\x89PNG\0")
    assert unreadable.exit_code == 1 and "NUL" in unreadable.output
    assert run(city, csv_of(lines_of(a_row(经度="")))).exit_code == 1
    assert how_many() == 0

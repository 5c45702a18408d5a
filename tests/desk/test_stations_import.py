"""Importing the city's stations at the desk: the same report as the command's."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.desk.reports import FIGURES, assert_alike, figures
from tests.stations.files import a_row, csv_of, lines_of, xlsx_of
from tests.support.city import an_organiser, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.commands import main
from wishwall.kit.db import db
from wishwall.stations.models import Station
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

DESK = "/desk/stations"
TWO_GOOD_ONE_BAD = csv_of(
    lines_of(a_row(), a_row(驿站编号="TY050002", 区县="小店"), a_row(驿站编号="TY050003", 经度=""))
)


@pytest.fixture(autouse=True)
def organiser(client: Client) -> Person:
    """An organiser at this browser."""
    person = an_organiser()
    sign_in(client, person)
    return person


def send(
    client: Client, content: bytes, name: str = "驿站.csv", *, dry: bool = False
) -> TestResponse:
    fields = {"file": (io.BytesIO(content), name), **({"dry_run": "y"} if dry else {})}
    return client.submit(DESK, DESK, fields)


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Station)) or 0


def test_the_page_reports_what_the_command_reports(
    app: Flask, client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "驿站.csv"
    file.write_bytes(TWO_GOOD_ONE_BAD)
    command = ["stations", "import", "--dry-run", str(file)]
    said = app.test_cli_runner().invoke(main, command).output
    page = client.as_page(send(client, TWO_GOOD_ONE_BAD), 200)
    assert_alike(page, said)


def test_good_rows_are_written_and_the_trail_says_by_whom(
    client: Client, organiser: Person
) -> None:
    page = client.as_page(send(client, TWO_GOOD_ONE_BAD), 200)
    assert "已写入" in page.text and how_many() == 2
    row = db.session.scalars(select(Trail)).one()
    assert (row.deed, row.actor_id) == ("imported", organiser.id)
    assert row.detail == {"added": 2, "updated": 0, "refused": 1}
    assert client.get("/stations/TY050001").status_code == 200


def test_a_workbook_is_read_as_well(client: Client) -> None:
    page = client.as_page(send(client, xlsx_of(lines_of(a_row())), "驿站.xlsx"), 200)
    assert figures(page)["新增"] == 1 and how_many() == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(client: Client) -> None:
    before = contents(but=("allowance", "answer"))
    rehearsed = client.as_page(send(client, TWO_GOOD_ONE_BAD, dry=True), 200)
    assert "什么也没有写入" in rehearsed.text
    assert changed(before, but=("allowance", "answer")) == []
    done = client.as_page(send(client, TWO_GOOD_ONE_BAD), 200)
    assert figures(rehearsed) == figures(done)
    assert rehearsed.one(".table").to_text() == done.one(".table").to_text()


def test_importing_again_says_that_nothing_changed(client: Client) -> None:
    send(client, TWO_GOOD_ONE_BAD)
    before = contents(but=("allowance", "answer"))
    page = client.as_page(send(client, TWO_GOOD_ONE_BAD), 200)
    assert "名录没有任何变化" in page.text and "已写入" not in page.text
    assert figures(page) == dict(zip(FIGURES, (0, 0, 2, 1, 1), strict=True))
    assert changed(before, but=("allowance", "answer")) == []


def test_the_same_form_twice_imports_once(client: Client) -> None:
    key = sealed(client)
    for _ in range(2):
        fields = {**key, "file": (io.BytesIO(TWO_GOOD_ONE_BAD), "驿站.csv")}
        page = client.as_page(client.post(DESK, data=fields), 200)
        assert figures(page)["新增"] == 2
    assert db.session.scalars(select(Trail.deed)).all() == ["imported"]
    other = {**key, "file": (io.BytesIO(csv_of(lines_of(a_row()))), "驿站.csv")}
    assert client.post(DESK, data=other).status_code == 409


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "驿站.png"),
        (b"PK\x03\x04 no workbook", "驿站.xlsx"),
        (b"", "驿站.csv"),
        ("只有一列\n没有表头\n".encode(), "驿站.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    client: Client, content: bytes, name: str
) -> None:
    before = contents()
    page = client.as_page(send(client, content, name), 422)
    assert len(page.select(".error")) == 1 and not page.select("#report")
    assert changed(before) == []


def test_a_form_without_a_file_asks_for_one(client: Client) -> None:
    before = contents()
    page = client.as_page(client.submit(DESK, DESK, {}), 422)
    assert "请选一个文件" in page.text
    assert changed(before) == []

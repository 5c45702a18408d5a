"""Importing the city's shops at the desk: the same report as the command's."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.desk.reports import FIGURES, assert_alike, figures
from tests.merchants.files import a_discount, a_row, lines_of
from tests.stations.files import csv_of, xlsx_of
from tests.support.city import a_keeper, a_station, an_organiser, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents
from wishwall.accounts.models import Person
from wishwall.commands import main
from wishwall.kit.db import db
from wishwall.merchants import importing
from wishwall.merchants.models import Merchant
from wishwall.merchants.planning import City
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

DESK = "/desk/merchants"
KEPT_FOR_THE_SECOND_TAP = ("allowance", "answer")
ONE_GOOD_ONE_CORRECTED_ONE_BAD = csv_of(
    lines_of(
        a_row(),
        a_discount("8折", 商户名称="饺子馆"),
        a_row(商户名称="修车铺", 有效期至="2026-02-30"),
    )
)


@pytest.fixture(autouse=True)
def organiser(client: Client) -> Person:
    """An organiser at this browser; the station of the rows is there."""
    a_station("TY050001")
    person = an_organiser()
    sign_in(client, person)
    return person


def send(
    client: Client, content: bytes, name: str = "商户.csv", *, dry: bool = False
) -> TestResponse:
    fields = {"file": (io.BytesIO(content), name), **({"dry_run": "y"} if dry else {})}
    return client.submit(DESK, DESK, fields)


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Merchant)) or 0


def test_the_page_reports_what_the_command_reports(
    app: Flask, client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "商户.csv"
    file.write_bytes(ONE_GOOD_ONE_CORRECTED_ONE_BAD)
    command = ["merchants", "import", "--dry-run", str(file)]
    said = app.test_cli_runner().invoke(main, command).output
    assert_alike(client.as_page(send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD), 200), said)


def test_good_rows_are_written_and_the_trail_says_by_whom(
    client: Client, organiser: Person
) -> None:
    page = client.as_page(send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD), 200)
    assert "已写入" in page.text and how_many() == 2
    row = db.session.scalars(select(Trail).where(Trail.subject == "merchants")).one()
    assert (row.deed, row.subject, row.actor_id) == ("imported", "merchants", organiser.id)
    assert row.detail == {"added": 2, "updated": 0, "refused": 1}
    assert "龙城理发（龙城1店）" in client.page("/stations/TY050001/merchants").text


def test_the_front_of_the_desk_leads_there_and_a_workbook_is_read_as_well(client: Client) -> None:
    assert client.page("/desk").link("导入商户") == DESK
    page = client.as_page(send(client, xlsx_of(lines_of(a_row())), "商户.xlsx"), 200)
    assert figures(page)["新增"] == 1 and how_many() == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(client: Client) -> None:
    before = contents(but=KEPT_FOR_THE_SECOND_TAP)
    rehearsed = client.as_page(send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD, dry=True), 200)
    assert "什么也没有写入" in rehearsed.text
    assert changed(before, but=KEPT_FOR_THE_SECOND_TAP) == []
    done = client.as_page(send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD), 200)
    assert figures(rehearsed) == figures(done)
    assert rehearsed.one(".table").to_text() == done.one(".table").to_text()


def test_importing_again_says_that_nothing_changed(client: Client) -> None:
    send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD)
    before = contents(but=KEPT_FOR_THE_SECOND_TAP)
    page = client.as_page(send(client, ONE_GOOD_ONE_CORRECTED_ONE_BAD), 200)
    assert "名录没有任何变化" in page.text and "已写入" not in page.text
    assert figures(page) == dict(zip(FIGURES, (0, 0, 2, 1, 1), strict=True))
    assert changed(before, but=KEPT_FOR_THE_SECOND_TAP) == []


def test_the_same_form_twice_imports_once(client: Client) -> None:
    key = sealed(client)
    for _twice in range(2):
        fields = {**key, "file": (io.BytesIO(ONE_GOOD_ONE_CORRECTED_ONE_BAD), "商户.csv")}
        page = client.as_page(client.post(DESK, data=fields), 200)
        assert figures(page)["新增"] == 2
    assert db.session.scalars(select(Trail.deed)).all() == ["imported", "shops-listed"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "商户.png"),
        (b"PK\x03\x04 no workbook", "商户.xlsx"),
        (b"", "商户.csv"),
        (b"x" * (8 * 1024 * 1024 + 1), "商户.csv"),
        (csv_of(lines_of(a_row(), without=("类别",))), "商户.csv"),
    ],
    ids=["a picture", "no workbook", "empty", "too large", "a column is missing"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    client: Client, content: bytes, name: str
) -> None:
    before = contents()
    page = client.as_page(send(client, content, name), 422)
    assert len(page.select("#file-error")) == 1 and not page.select("#report")
    assert changed(before) == []


def test_a_form_without_a_file_asks_for_one(client: Client) -> None:
    before = contents()
    page = client.as_page(client.submit(DESK, DESK, {}), 422)
    assert "请选一个文件" in page.one("#file-error").to_text()
    assert changed(before) == []


def test_whoever_is_quicker_to_register_a_shop_is_not_overwritten(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unaware = importing.listed()
    send(client, csv_of(lines_of(a_row())))
    monkeypatch.setattr(importing, "listed", lambda: City(unaware.stations, {}))
    before = contents()
    page = client.as_page(send(client, csv_of(lines_of(a_row()))), 409)
    assert "什么都没有写入" in page.one("#file-error").to_text()
    assert changed(before) == []


def test_of_a_file_full_of_faults_a_page_shows_the_first_ones(client: Client) -> None:
    rows = [a_row(类别="?", 商户名称=f"第{number}店") for number in range(501)]
    page = client.as_page(send(client, csv_of(lines_of(*rows))), 200)
    assert figures(page)["没有收下"] == 501
    assert len(page.select(".table tbody tr")) == 500
    assert "只列出前 500 条，一共 501 条" in page.text


def test_it_is_the_organisers_business(client: Client) -> None:
    sign_in(client, a_keeper(a_station()))
    assert client.get(DESK).status_code == 403
    assert DESK not in client.get("/desk").text

"""Importing an employer's list at the desk, beside the form for one courier."""

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.desk.files import EMPLOYER, lines_of, of
from tests.desk.reports import assert_alike, figures
from tests.stations.files import csv_of, xlsx_of
from tests.support.city import a_courier, a_keeper, a_station, an_organiser, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import changed, contents, everything_kept
from wishwall.accounts.expected import ExpectedCourier
from wishwall.accounts.models import Person
from wishwall.commands import main
from wishwall.kit.db import db
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

DESK, LIST = "/desk/couriers", "/desk/couriers/list"
NEW = "13712345678"
KEPT_FOR_THE_SECOND_TAP = ("allowance", "answer")


@pytest.fixture(autouse=True)
def organiser(client: Client) -> Person:
    """An organiser at this browser."""
    person = an_organiser()
    sign_in(client, person)
    return person


def send(
    client: Client,
    content: bytes,
    name: str = "名单.csv",
    *,
    employer: str = EMPLOYER,
    dry: bool = False,
) -> TestResponse:
    file = (io.BytesIO(content), name)
    fields = {"employer": employer, "file": file, **({"dry_run": "y"} if dry else {})}
    return client.submit(DESK, LIST, fields)


def how_many_expected() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ExpectedCourier)) or 0


def test_the_page_reports_what_the_command_reports(
    app: Flask, client: Client, tmp_path: Path
) -> None:
    content = csv_of(lines_of(NEW, "123", *of(a_courier()), NEW))
    file = tmp_path / "名单.csv"
    file.write_bytes(content)
    command = ["couriers", "import", "--dry-run", "--employer", EMPLOYER, str(file)]
    said = app.test_cli_runner().invoke(main, command).output
    page = client.as_page(send(client, content), 200)
    assert_alike(page, said)
    assert list(figures(page))[:2] == ["等注册", "这次核实"]


def test_couriers_are_verified_and_the_trail_says_by_whom(
    client: Client, organiser: Person
) -> None:
    courier = a_courier()
    page = client.as_page(send(client, csv_of(lines_of(NEW, *of(courier)))), 200)
    assert "已写入" in page.text and how_many_expected() == 1
    assert db.session.get_one(Person, courier.id).is_verified
    rows = db.session.scalars(select(Trail).order_by(Trail.id)).all()
    assert [(row.deed, row.actor_id) for row in rows] == [
        ("verified", organiser.id),
        ("imported", organiser.id),
    ]
    assert rows[0].detail == {"employer": EMPLOYER}
    assert rows[1].detail == {"employer": EMPLOYER, "added": 1, "updated": 1, "refused": 0}


def test_a_dry_run_reports_the_same_writes_nothing_and_leaves_the_employer_to_go_on_with(
    client: Client,
) -> None:
    content = xlsx_of(lines_of(NEW, "123", *of(a_courier())))
    before = contents(but=KEPT_FOR_THE_SECOND_TAP)
    rehearsed = client.as_page(send(client, content, "名单.xlsx", dry=True), 200)
    assert "什么也没有写入" in rehearsed.text
    assert changed(before, but=KEPT_FOR_THE_SECOND_TAP) == []
    file = (io.BytesIO(content), "名单.xlsx")
    done = client.as_page(client.submit(rehearsed, LIST, {"file": file}), 200)
    assert figures(rehearsed) == figures(done) and "已写入" in done.text
    again = client.as_page(send(client, content, "名单.xlsx"), 200)
    assert "名录没有任何变化" in again.text and figures(again)["没有变化"] == 2


def test_the_same_form_twice_imports_once(client: Client) -> None:
    key = sealed(client, employer=EMPLOYER)
    for _twice in range(2):
        fields = {**key, "file": (io.BytesIO(csv_of(lines_of(NEW))), "名单.csv")}
        page = client.as_page(client.post(LIST, data=fields), 200)
        assert figures(page)["等注册"] == 1
    assert db.session.scalars(select(Trail.deed)).all() == ["imported"]


def test_no_number_stays_behind_not_even_in_the_answer_that_is_kept(client: Client) -> None:
    send(client, csv_of(lines_of(NEW, NEW, "137 1234 5679 0", "赵某某某某某某某")))
    kept = everything_kept()
    assert "•••••••••78" in kept, "the answer is kept"
    for private in (NEW, "137 1234", "赵某"):
        assert private not in kept


@pytest.mark.parametrize(
    ("employer", "content", "where"),
    [
        ("", csv_of(lines_of(NEW)), "employer"),
        ("某", csv_of(lines_of(NEW)), "employer"),
        ("司" * 41, csv_of(lines_of(NEW)), "employer"),
        ("赵某 13800138000", csv_of(lines_of(NEW)), "employer"),
        (EMPLOYER, b"", "file"),
        (EMPLOYER, b"x" * (8 * 1024 * 1024 + 1), "file"),
        (EMPLOYER, csv_of([["姓名"], ["赵某"]]), "file"),
    ],
    ids=["no name", "a sign", "a long name", "a number", "empty", "too large", "no such column"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    client: Client, employer: str, content: bytes, where: str, language: str
) -> None:
    client.get(f"/desk?lang={language}")
    before = contents()
    page = client.as_page(send(client, content, employer=employer), 422)
    assert [error.attrs["id"] for error in page.select(".error")] == [f"{where}-error"]
    assert page.form(LIST).values["employer"] == employer
    assert not page.select("#report")
    assert changed(before) == []


def test_a_form_without_a_file_asks_for_one(client: Client) -> None:
    page = client.as_page(client.submit(DESK, LIST, {"employer": EMPLOYER}), 422)
    assert "请选一个文件" in page.one("#file-error").to_text()
    assert page.one("[autofocus]").attrs["id"] == "file"
    page = client.as_page(client.submit(DESK, LIST, {}), 422)
    assert page.one("[autofocus]").attrs["id"] == "employer", "the first one on the page"


def test_a_keeper_verifies_one_at_a_time_and_no_list(client: Client) -> None:
    sign_in(client, a_keeper(a_station()))
    page = client.page(DESK)
    assert page.form(DESK).names() and not page.select("#file")
    fields = sealed(client, employer=EMPLOYER, file=(io.BytesIO(csv_of(lines_of(NEW))), "a.csv"))
    assert client.post(LIST, data=fields).status_code == 403
    assert how_many_expected() == 0

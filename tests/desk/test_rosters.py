"""An employer's list: what is read of it, who is verified, who is expected, and what is kept."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.desk.files import EMPLOYER, HEADER, a_sign_up, lines_of, of
from tests.stations.files import csv_of, xlsx_of
from tests.support.city import a_courier, a_keeper, a_person, a_station, a_volunteer
from tests.support.client import Client
from tests.support.tables import changed, contents, everything_kept
from wishwall.accounts.expected import KEPT_FOR, ExpectedCourier
from wishwall.accounts.models import Person
from wishwall.desk.granting import verify
from wishwall.desk.rosters import Plan, apply, listed, plan, read_roster
from wishwall.kit.clock import now, today
from wishwall.kit.db import db, writing
from wishwall.stations.reading import UnreadableFile
from wishwall.ticking import tick
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")

NEW, ANOTHER = "13712345678", "13787654321"


def bring_in(content: bytes, filename: str = "名单.csv", *, employer: str = EMPLOYER) -> Plan:
    roster = read_roster(content, filename)
    with writing():
        planned = plan(roster, listed(roster))
        apply(planned, employer=employer)
    return planned


def bring_in_numbers(*numbers: str) -> Plan:
    return bring_in(csv_of(lines_of(*numbers)))


def outcomes(planned: Plan) -> list[str]:
    return [decision.outcome for decision in planned.decisions]


def refused(planned: Plan) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.value, finding.zh) for finding in planned.findings]


def expected() -> Sequence[ExpectedCourier]:
    db.session.rollback()
    return db.session.scalars(select(ExpectedCourier)).all()


def is_verified(person: Person) -> bool:
    db.session.rollback()
    return db.session.get_one(Person, person.id).is_verified


def who_was_verified() -> list[tuple[int, int | None, dict[str, str]]]:
    rows = db.session.scalars(select(Trail).where(Trail.deed == "verified").order_by(Trail.id))
    return [(row.subject_id, row.actor_id, row.detail) for row in rows]


def sign_up(client: Client, number: str, **changed: str) -> Person:
    client.submit("/sign-up", "/sign-up", dict(a_sign_up(number, **changed)))
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.phone == f"+86{number}")).one()


def test_couriers_with_an_account_are_verified_at_once_and_the_trail_names_their_employer() -> None:
    first, second, other = a_courier(), a_courier(), a_courier()
    assert outcomes(bring_in_numbers(*of(first, second))) == ["updated"] * 2
    assert is_verified(first) and is_verified(second) and not is_verified(other)
    by_list = {"employer": EMPLOYER}
    assert who_was_verified() == [(first.id, None, by_list), (second.id, None, by_list)]
    whole = db.session.scalars(select(Trail).where(Trail.deed == "imported")).one()
    assert (whole.subject, whole.detail) == (
        "couriers",
        {"employer": EMPLOYER, "added": 0, "updated": 2, "refused": 0},
    )
    assert expected() == []


def test_whoever_signs_up_later_is_verified_then_and_nothing_is_kept_any_more(
    client: Client,
) -> None:
    assert outcomes(bring_in_numbers(NEW)) == ["added"]
    (kept,) = expected()
    assert (kept.employer, kept.listed_on, len(kept.number_hash)) == (EMPLOYER, today(), 64)
    courier = sign_up(client, NEW)
    assert courier.is_verified and expected() == []
    assert who_was_verified() == [(courier.id, None, {"employer": EMPLOYER})]


def test_whoever_is_on_no_list_is_not_verified(client: Client) -> None:
    bring_in_numbers(NEW)
    assert not sign_up(client, ANOTHER).is_verified and len(expected()) == 1


def test_a_list_is_for_couriers_only(client: Client) -> None:
    bring_in_numbers(NEW)
    assert not sign_up(client, NEW, role="volunteer").is_verified
    volunteer, both = a_volunteer(), a_courier()
    with writing():
        both.grant("merchant", by=None)
    planned = bring_in_numbers(*of(volunteer, both))
    assert outcomes(planned) == ["refused", "updated"]
    assert refused(planned) == [(2, f"•••••••••{volunteer.phone[-2:]}", "用它注册的人不是小哥")]
    assert not is_verified(volunteer)


def test_the_same_list_again_changes_nothing_in_whatever_format() -> None:
    lines = lines_of(NEW, *of(a_courier()), title="龙城速递小哥名单")
    assert outcomes(bring_in(csv_of(lines))) == ["added", "updated"]
    before = contents()
    for content, name in (
        (csv_of(lines), "a.csv"),
        (csv_of(lines, "utf-8"), "a.csv"),
        (csv_of(lines, "gb18030"), "a.csv"),
        (xlsx_of(lines), "a.xlsx"),
    ):
        again = bring_in(content, name, employer="另一家公司")
        assert outcomes(again) == ["unchanged"] * 2 and not again.writes
    assert changed(before) == []


def test_whom_a_keeper_has_verified_stays_so() -> None:
    courier, keeper = a_courier(), a_keeper(a_station())
    with writing():
        verify(db.session.get_one(Person, courier.id), by=keeper)
    before = contents()
    assert outcomes(bring_in_numbers(*of(courier))) == ["unchanged"]
    assert changed(before) == []


def test_a_workbook_has_numbers_of_its_own_and_a_header_may_be_english() -> None:
    header = ["name", "phone"]
    content = xlsx_of([header, ["Zhao", 13712345678], ["Qian", "+86 137 8765 4321"]])
    assert outcomes(bring_in(content, "list.xlsx")) == ["added"] * 2
    assert outcomes(bring_in(csv_of(lines_of(NEW, ANOTHER)))) == ["unchanged"] * 2


def test_a_row_is_refused_by_its_number_in_the_file_and_never_shows_the_telephones() -> None:
    content = csv_of(
        [*lines_of(NEW, "1371234567", "1.37E+10", NEW, "赵某某", "", ANOTHER), [], ["x", "y"]]
    )
    planned = bring_in(content)
    assert refused(planned) == [
        (3, "••••••••67", "不是 11 位手机号码"),
        (4, "••••••10", "表格软件把号码写成了科学计数，末几位没有了；请把这一列设成文本，重新填写"),
        (5, "•••••••••78", "第 2 行已有这个号码"),
        (6, "•••", "不是 11 位手机号码"),
        (10, "", "这一行的格数和表头不一样"),
    ]
    assert planned.count("added") == 2 and planned.empty_rows == 2


def test_a_list_without_the_column_says_so() -> None:
    with pytest.raises(UnreadableFile, match="没有找到这些列：手机号。"):
        read_roster(csv_of(lines_of(NEW, header=["工号", "姓名", "电话", "身份证号"])), "a.csv")
    with pytest.raises(UnreadableFile, match="有两列都叫“手机号”"):
        read_roster(csv_of(lines_of(NEW, header=[*HEADER[:3], "手机号"])), "a.csv")


def test_no_number_of_a_list_is_kept_in_plain_nor_anything_else_of_it(client: Client) -> None:
    bring_in_numbers(NEW, f"{ANOTHER}x", *of(a_volunteer()))
    kept = everything_kept()
    for private in (NEW, ANOTHER, "赵某", "LC001"):
        assert private not in kept
    sign_up(client, NEW)
    assert NEW not in "\n".join(str(row[2]) for row in who_was_verified())


def test_after_a_year_a_number_is_forgotten(client: Client) -> None:
    bring_in_numbers(NEW)
    almost = now() + KEPT_FOR - timedelta(days=1)
    with time_machine.travel(almost, tick=False):
        assert tick()["expected-forgotten"] == 0
    with time_machine.travel(almost + timedelta(days=1), tick=False):
        assert not sign_up(client, NEW).is_verified, "though no clock has ticked"
        assert tick()["expected-forgotten"] == 1
    assert expected() == []


def test_who_was_too_long_on_a_list_may_be_listed_again() -> None:
    bring_in_numbers(NEW)
    with time_machine.travel(now() + KEPT_FOR, tick=False):
        assert outcomes(bring_in(csv_of(lines_of(NEW)), employer="另一家公司")) == ["added"]
        (kept,) = expected()
        assert (kept.employer, kept.listed_on) == ("另一家公司", today())


def test_a_long_list_takes_few_questions_and_leaves_nobody_out() -> None:
    known = [a_person("courier") for _ in range(3)]
    numbers = [f"1370000{number:04d}" for number in range(1_200)]
    planned = bring_in_numbers(*of(known[0]), *numbers, *of(*known[1:]))
    assert (planned.count("added"), planned.count("updated")) == (1_200, 3)
    assert len(expected()) == 1_200 and all(is_verified(person) for person in known)

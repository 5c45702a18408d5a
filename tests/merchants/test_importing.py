"""A city's list of shops comes in: what is added, changed, and left alone."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.merchants.files import a_discount, a_price, a_row, lines_of
from tests.stations.files import csv_of, xlsx_of
from tests.support.city import a_person, a_station
from tests.support.shops import a_shop, a_voucher, an_offer, wrong_in_the_books
from tests.support.statements import statements
from tests.support.tables import changed, contents
from wishwall.kit.clock import today
from wishwall.kit.db import db, writing
from wishwall.merchants.importing import LISTED, apply, listed, read_merchants
from wishwall.merchants.models import Merchant
from wishwall.merchants.notes import tell
from wishwall.merchants.offers import Offer
from wishwall.merchants.planning import Plan, plan
from wishwall.merchants.supply import Supply
from wishwall.merchants.vouchers import Voucher
from wishwall.stations.models import Station
from wishwall.trail.models import Happening, Trail

pytestmark = pytest.mark.usefixtures("app")

NAME, TEXT = a_row()["商户名称"], a_row()["优惠内容"]


@pytest.fixture(autouse=True)
def station() -> Station:
    """The station of the rows."""
    return a_station("TY050001", lat=37.77, lon=112.57)


def bring_in(content: bytes, filename: str = "商户.csv") -> Plan:
    rows = read_merchants(content, filename)
    with writing():
        planned = plan(rows, listed(), today())
        apply(planned)
    return planned


def bring_in_rows(*rows: Mapping[str, str], without: tuple[str, ...] = ()) -> Plan:
    return bring_in(csv_of(lines_of(*rows, without=without)))


def outcomes(planned: Plan) -> list[str]:
    return [decision.outcome for decision in planned.decisions]


def the_offer() -> Offer:
    db.session.rollback()
    return db.session.scalars(select(Offer)).one()


def a_listed_shop(station: Station) -> Merchant:
    """The shop of the rows, as a keeper has entered it."""
    row = a_row()
    return a_shop(station, name=NAME, address=row["地址"], phone=row["联系电话"])


def test_a_row_becomes_a_shop_without_an_owner_and_an_offer_in_force(station: Station) -> None:
    assert outcomes(bring_in_rows(a_row())) == ["added"]
    offer = the_offer()
    shop = offer.merchant
    assert (shop.station_id, shop.owner_id, shop.name) == (station.id, None, NAME)
    assert (shop.kind, shop.lat, shop.lon) == ("barber", 37.77, 112.57)
    assert len(shop.public_id) == len(offer.public_id) == 10
    assert (offer.state, offer.revision, offer.issued) == ("live", 1, 0)
    assert (offer.valid_from, offer.valid_until) == (today(), date(2099, 12, 31))
    assert (offer.quota_count, offer.quota_period, offer.supply_period) == (1, "month", "month")
    a_voucher(offer)


def test_the_trail_says_it_once_with_counts() -> None:
    bring_in_rows(a_row(), a_price("9.9", 商户名称="修车铺"), a_price("-1", 商户名称="小店"))
    row = db.session.scalars(select(Trail).where(Trail.subject == "merchants")).one()
    assert (row.deed, row.subject, row.subject_id) == ("imported", "merchants", 0)
    assert row.actor_id is None, "the shell is nobody"
    assert row.detail == {"added": 2, "updated": 0, "refused": 1}


def test_each_station_that_is_concerned_hears_of_it_once(station: Station) -> None:
    a_station()
    bring_in_rows(a_row(), a_price("9.9", 商户名称="修车铺"))
    row = db.session.scalars(select(Trail).where(Trail.deed == LISTED)).one()
    assert row.station_id == station.id
    (message,) = tell(station.id, [Happening(row.id, row.deed, row.subject, 0, station.id)])
    assert "修车铺" in message.html


def test_the_same_list_again_changes_nothing_in_whatever_format() -> None:
    rows = [a_row(), a_discount("８折", 商户名称=" 饺子馆 "), a_price("9.9", 商户名称="修车铺")]
    lines = lines_of(*rows, title="暖心商户一览表")
    assert outcomes(bring_in(csv_of(lines))) == ["added"] * 3
    before = contents()
    for content, name in (
        (csv_of(lines), "a.csv"),
        (csv_of(lines, "utf-8"), "a.csv"),
        (csv_of(lines, "gb18030"), "a.csv"),
        (xlsx_of(lines), "a.xlsx"),
    ):
        again = bring_in(content, name)
        assert outcomes(again) == ["unchanged"] * 3 and not again.writes
        assert again.corrected == 1
    assert changed(before) == []


def test_a_workbook_has_numbers_and_days_of_its_own() -> None:
    header, line = lines_of(a_row(优惠方式="price"))
    cells: list[object] = list(line)
    cells[header.index("数值")], cells[header.index("有效期至")] = 9.9, date(2099, 1, 31)
    [decision] = bring_in(xlsx_of([header, cells]), "a.xlsx").decisions
    assert (decision.outcome, decision.findings) == ("added", ())
    assert (the_offer().value, the_offer().valid_until) == (990, date(2099, 1, 31))


def test_other_terms_update_the_offer_which_stays_in_force_and_vouchers_keep_theirs() -> None:
    bring_in_rows(a_price("10"))
    before, voucher = the_offer(), a_voucher(the_offer())
    changed_at, public_id = before.changed_at, before.public_id
    [decision] = bring_in_rows(a_price("8.5", 限次="2/月", 有效期至="")).decisions
    assert decision.outcome == "updated"
    assert decision.changes == ["value", "quota_count", "valid_until"]
    offer = the_offer()
    assert (offer.public_id, offer.state, offer.revision) == (public_id, "live", 2)
    assert (offer.value, offer.quota_count, offer.valid_until) == (850, 2, None)
    assert offer.changed_at > changed_at and offer.issued == 1
    assert db.session.get_one(Voucher, voucher.id).promise["value"] == 1000
    assert wrong_in_the_books(offer.id) == []


def test_another_period_counts_anew_and_a_removed_limit_needs_no_voucher() -> None:
    bring_in_rows(a_row(限次="1/天"))
    a_voucher(the_offer())
    bring_in_rows(a_row(限次="1/年"))
    offer = the_offer()
    assert (offer.quota_period, offer.supply_period) == ("year", "year")
    a_voucher(offer)
    assert wrong_in_the_books(offer.id) == []
    bring_in_rows(a_row(限次=""))
    assert (the_offer().needs_voucher, the_offer().supply_period) == (False, "ever")


def test_a_supply_of_before_limits_a_period_no_more(station: Station) -> None:
    offer = an_offer(a_listed_shop(station), text=TEXT, quota_period="day", supply_period="day")
    year = f"{today():%Y}"
    with writing():
        db.session.add(Supply(offer_id=offer.id, period=year, granted=0))
    bring_in_rows(a_row(限次="1/年"))
    a_voucher(the_offer())
    assert db.session.get_one(Supply, (offer.id, year)).granted is None


def test_a_number_limited_on_the_site_keeps_its_period(station: Station) -> None:
    offer = an_offer(a_listed_shop(station), text=TEXT, supply_count=9, supply_period="month")
    refused = bring_in_rows(a_row(限次="1/天"))
    assert outcomes(refused) == ["refused"] and refused.findings[0].column == "限次"
    assert outcomes(bring_in_rows(a_row(限次="3/月"))) == ["updated"]
    db.session.refresh(offer)
    assert (offer.quota_count, offer.supply_count, offer.supply_period) == (3, 9, "month")


def test_a_last_day_before_the_first_day_is_refused(station: Station) -> None:
    offer = an_offer(a_listed_shop(station), text=TEXT, valid_from=date(2090, 1, 1))
    refused = bring_in_rows(a_row(有效期至="2089-12-31"))
    assert outcomes(refused) == ["refused"] and str(offer.valid_from) in refused.findings[0].en


@pytest.mark.parametrize("state", ["waiting", "asked", "paused", "refused"])
def test_what_a_keeper_has_decided_stays_so_and_is_noted(station: Station, state: str) -> None:
    an_offer(a_listed_shop(station), text=TEXT, state=state)
    planned = bring_in_rows(a_row())
    assert outcomes(planned) == ["updated"] and the_offer().state == state
    [finding] = planned.findings
    assert finding.kind == "noted" and state in finding.en


def test_a_shop_with_an_owner_is_never_touched(station: Station) -> None:
    shop = a_shop(station, name=NAME, owner=a_person("merchant"))
    an_offer(shop, text=TEXT)
    before = contents()
    planned = bring_in_rows(a_row(), a_row(优惠内容="免费充电"))
    assert outcomes(planned) == ["refused", "refused"] and changed(before) == []
    assert {finding.column for finding in planned.findings} == {"商户名称"}
    assert all("店主" in each.zh and "owner" in each.en for each in planned.findings)


def test_other_facts_of_a_shop_are_taken_but_not_its_place(station: Station) -> None:
    shop = a_shop(station, name=NAME, lat=37.9, lon=112.6, hours="09:00-21:00")
    an_offer(shop, text="洗头五折")
    planned = bring_in_rows(a_row(地址="小店区龙城街道22号"))
    assert outcomes(planned) == ["added"] and "地址" in planned.findings[0].zh
    db.session.refresh(shop)
    assert (shop.address, shop.lat, shop.hours) == ("小店区龙城街道22号", 37.9, "09:00-21:00")


def test_a_shop_may_offer_more_than_one_thing() -> None:
    rows = a_row(), a_row(优惠内容="免费充电"), a_row(优惠内容="免费歇脚", 地址="别处")
    planned = bring_in_rows(*rows)
    assert outcomes(planned) == ["added", "added", "refused"]
    [finding] = planned.findings
    assert finding.column == "地址" and "第 2 行" in finding.zh and "row 2" in finding.en
    assert db.session.scalar(select(func.count()).select_from(Merchant)) == 1
    edited = [row | {"地址": "新址1号"} for row in rows[:2]]
    assert outcomes(bring_in_rows(*edited)) == ["updated", "unchanged"]
    assert outcomes(bring_in_rows(*edited)) == ["unchanged", "unchanged"]


def test_the_same_offer_twice_is_refused_naming_the_first_row() -> None:
    planned = bring_in_rows(a_row(), a_row(), a_row(商户名称="另一家"))
    assert outcomes(planned) == ["added", "refused", "added"]
    assert "第 2 行" in planned.findings[0].zh and "row 2" in planned.findings[0].en


def test_shops_of_one_name_at_two_stations_are_two() -> None:
    a_station("TY050002")
    assert outcomes(bring_in_rows(a_row(), a_row(驿站编号="TY050002"))) == ["added", "added"]


def test_shops_and_columns_that_the_list_does_not_have_are_left_alone(station: Station) -> None:
    an_offer(a_shop(station))
    bring_in_rows(a_row())
    before = contents()
    narrow = bring_in_rows(a_row(), without=("限次", "有效期至", "联系电话"))
    assert outcomes(narrow) == ["unchanged"] and changed(before) == []
    bring_in_rows(a_row(商户名称="另一家"), without=("限次", "有效期至", "联系电话"))
    shop = db.session.scalars(select(Merchant).where(Merchant.name == "另一家")).one()
    assert shop.phone == ""


def test_empty_rows_are_counted_and_crooked_rows_are_refused() -> None:
    header, row = lines_of(a_row())
    planned = bring_in(csv_of([header, row, [""] * len(row), [], row[:-2]]))
    assert (outcomes(planned), planned.empty_rows) == (["added", "refused"], 2)


def test_a_large_list_is_written_in_few_statements() -> None:
    rows = [a_price("10", 商户名称=f"第{number}店") for number in range(1201)]
    planned = plan(read_merchants(csv_of(lines_of(*rows)), "a.csv"), listed(), today())
    done: list[int] = []
    with writing(), statements() as sent:
        apply(planned, done.append)
    assert done == [500, 500, 201] and len(sent) < 20
    edited = [a_price("9", 商户名称=f"第{number}店") for number in range(1201)]
    assert set(outcomes(bring_in_rows(*edited))) == {"updated"}

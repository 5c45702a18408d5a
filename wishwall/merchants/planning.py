"""What becomes of each row of a city's list of shops, as the city is today; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from wishwall.merchants.checking import COLUMNS, NAME, QUOTA, TEXT, UNTIL, check, in_chinese
from wishwall.merchants.offers import LIVE
from wishwall.merchants.words import OFFER_STATES
from wishwall.stations.cells import CODE
from wishwall.stations.decisions import Decided, Outcome, PlanOf
from wishwall.stations.findings import Checked
from wishwall.stations.reading import Row

FACTS = ("kind", "address", "phone")
TERMS = ("method", "value", "quota_count", "quota_period", "valid_until")

Fields = Mapping[str, Any]


class ListedStation(NamedTuple):
    """A station as far as a shop needs it."""

    id: int
    lat: float
    lon: float


class ListedOffer(NamedTuple):
    """An offer as it is now."""

    id: int
    state: str
    revision: int
    valid_from: date
    supply_count: int | None
    terms: Fields


class ListedShop(NamedTuple):
    """A shop as it is now, with its offers by their texts."""

    id: int
    has_owner: bool
    facts: Fields
    offers: Mapping[str, ListedOffer]


class City(NamedTuple):
    """Stations by code; shops by their station's code and their own name."""

    stations: Mapping[str, ListedStation]
    shops: Mapping[tuple[str, str], ListedShop]


@dataclass(frozen=True)
class Decision(Decided):
    """What becomes of one row: what it says of the shop and the offer, and what of it differs.

    A new shop has no id, a new offer is None. The first row that is taken speaks for the shop;
    `facts` is empty in those after it.
    """

    name: str = ""
    station: ListedStation | None = None
    shop_id: int | None = None
    offer: ListedOffer | None = None
    facts: Fields = field(default_factory=dict)
    terms: Fields = field(default_factory=dict)
    changes: Sequence[str] = ()

    @property
    def label(self) -> str:
        """The station's code and the shop's name."""
        return f"{self.code} {self.name}".strip()


Plan = PlanOf[Decision]


def plan(rows: Iterable[Row], city: City, today: date) -> Plan:
    """Decide on every row. An offer belongs to the first row that has it."""
    decisions: list[Decision] = []
    first_rows: dict[tuple[str, ...], int] = {}
    spoken_for: dict[tuple[str, str], Decision] = {}
    empty_rows = 0
    for row in rows:
        if row.is_empty and row.fits:
            empty_rows += 1
            continue
        checked = check(row, today)
        _refuse_repeated(checked, first_rows)
        decision = _decide(checked, city, spoken_for.get(_shop(checked)))
        if decision.outcome != "refused":
            spoken_for.setdefault(_shop(checked), decision)
        decisions.append(decision)
    return Plan(decisions, empty_rows)


def _shop(checked: Checked) -> tuple[str, str]:
    return checked.code, str(checked.fields.get("name", ""))


def _refuse_repeated(checked: Checked, first_rows: dict[tuple[str, ...], int]) -> None:
    offer = (*_shop(checked), str(checked.fields.get("text", "")))
    first = first_rows.setdefault(offer, checked.row) if all(offer) else checked.row
    if first != checked.row:
        zh = f"第 {first} 行已有这家店的这条优惠，只看第一次出现的那行"
        en = f"row {first} has this offer of this shop already; only the first one counts"
        checked.find("refused", TEXT, offer[-1], zh, en)


def _decide(checked: Checked, city: City, earlier: Decision | None) -> Decision:
    code, name = _shop(checked)
    station, shop = city.stations.get(code), city.shops.get((code, name))
    offer = shop.offers.get(str(checked.fields.get("text", ""))) if shop else None
    _compare_shop(checked, station, shop, earlier)
    if shop and offer and not shop.has_owner:
        _compare_offer(checked, offer)
    if checked.is_refused or station is None:
        return Decision(checked.row, code, "refused", tuple(checked.findings), name)
    facts, terms = {} if earlier else _of(checked, FACTS), _of(checked, TERMS)
    changes = _differing(facts, shop and shop.facts) + _differing(terms, offer and offer.terms)
    if changes and not offer:
        changed = "、".join(COLUMNS[fact] for fact in changes)
        zh, en = f"这家店的{changed}也改了", f"changed of this shop too: {changed}"
        checked.find("noted", NAME, name, zh, en)
    outcome: Outcome = "added" if offer is None else "updated" if changes else "unchanged"
    return Decision(
        checked.row,
        code,
        outcome,
        tuple(checked.findings),
        name,
        station,
        shop and shop.id,
        offer,
        facts,
        {"text": checked.fields["text"], **terms},
        changes,
    )


def _compare_shop(
    checked: Checked,
    station: ListedStation | None,
    shop: ListedShop | None,
    earlier: Decision | None,
) -> None:
    refused = {finding.column for finding in checked.findings if finding.kind == "refused"}
    if station is None and CODE not in refused:
        checked.find("refused", CODE, checked.code, "没有这座驿站", "there is no such station")
    if shop and shop.has_owner:
        zh = "这家店有店主在网站上管理，名单不改动它；请店主自己改"
        en = "its owner looks after it on the site, the list leaves it alone; please ask the owner"
        checked.find("refused", NAME, _shop(checked)[1], zh, en)
    if earlier:
        _compare_rows(checked, earlier)


def _compare_rows(checked: Checked, earlier: Decision) -> None:
    zh = f"和第 {earlier.row} 行不一样，那行是同一家店"
    en = f"differs from row {earlier.row}, which is about the same shop"
    for fact in _differing(_of(checked, FACTS), earlier.facts):
        checked.find("refused", COLUMNS[fact], str(checked.fields[fact]), zh, en)


def _compare_offer(checked: Checked, offer: ListedOffer) -> None:
    fields = checked.fields
    period = fields.get("quota_period", offer.terms["quota_period"])
    if offer.supply_count is not None and period != offer.terms["quota_period"]:
        zh = "网站上给它限了份数，限次的周期请在网站上改"
        en = "its number is limited on the site; please change the period of the limit there"
        checked.find("refused", QUOTA, str(period or ""), zh, en)
    until = fields.get("valid_until")
    if until and until < offer.valid_from:
        zh = f"比它开始的日子 {offer.valid_from} 还早"
        en = f"is before its first day, {offer.valid_from}"
        checked.find("refused", UNTIL, str(until), zh, en)
    if offer.state != LIVE:
        zh = f"它在网站上{in_chinese(OFFER_STATES[offer.state])}，名单不改变这一点"
        en = f"it is {offer.state} on the site, and stays so"
        checked.find("noted", TEXT, str(fields["text"]), zh, en)


def _of(checked: Checked, names: Sequence[str]) -> dict[str, Any]:
    """What the row says of these; nothing of columns that the file does not have."""
    return {name: checked.fields[name] for name in names if name in checked.fields}


def _differing(new: Fields, old: Fields | None) -> list[str]:
    return [] if old is None else [name for name in new if new[name] != old[name]]

"""Builders of the list of shops that a city's office might send."""

from collections.abc import Mapping

GOOD_ROW = {
    "商户名称": "龙城理发（龙城1店）",
    "类别": "理发",
    "驿站编号": "TY050001",
    "优惠内容": "每月免费理发一次",
    "优惠方式": "free",
    "数值": "",
    "限次": "1/月",
    "有效期至": "2099-12-31",
    "地址": "小店区龙城街道21号",
    "联系电话": "0351-0005000",
}
HEADER = list(GOOD_ROW)


def a_row(**changed: str) -> dict[str, str]:
    """A good row with some cells changed."""
    return GOOD_ROW | changed


def a_discount(value: str, **changed: str) -> dict[str, str]:
    """A row that takes so much off."""
    return a_row(优惠方式="discount", 数值=value, **changed)


def a_price(value: str, **changed: str) -> dict[str, str]:
    """A row that asks so much."""
    return a_row(优惠方式="price", 数值=value, **changed)


def lines_of(
    *rows: Mapping[str, str], title: str = "", without: tuple[str, ...] = ()
) -> list[list[str]]:
    """A header and rows, under a title line if there is a title; some columns may be missing."""
    names = [name for name in HEADER if name not in without]
    titles = [[title] + [""] * (len(names) - 1)] if title else []
    return [*titles, names, *([row[name] for name in names] for row in rows)]

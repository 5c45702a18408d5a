"""Builders of the list of couriers that an employer might send."""

from collections.abc import Mapping, Sequence

from wishwall.accounts.models import Person

EMPLOYER = "龙城速递太原分公司"
HEADER = ["工号", "姓名", "手机号", "身份证号"]


def lines_of(
    *numbers: str, header: Sequence[str] = tuple(HEADER), title: str = ""
) -> list[list[str]]:
    """A header and a row for each number, among columns that are nobody's business here."""
    titles = [[title] + [""] * (len(header) - 1)] if title else []
    rows = [[f"LC{row:03d}", "赵某", number, "-"] for row, number in enumerate(numbers, start=1)]
    return [*titles, list(header), *rows]


def of(*people: Person) -> list[str]:
    """Their numbers as an employer writes them."""
    return [person.phone.removeprefix("+86") for person in people]


def a_sign_up(number: str, **changed: str) -> Mapping[str, str]:
    """What somebody fills in who signs up as a courier."""
    fields = {
        "phone": number,
        "nickname": "南寒一阵风",
        "password": "warm tea at noon",
        "role": "courier",
        "group": "food",
    }
    return fields | changed

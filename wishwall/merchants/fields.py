"""Fields of the shops' forms: numbers, days and times of day as people write them."""

import re
import unicodedata
from datetime import date
from typing import Any

from wtforms import ValidationError

from wishwall.kit.forms import LineField
from wishwall.kit.i18n import _l

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class NumberField(LineField):
    """A whole number, or nothing where it is not required; full-width digits too."""

    def __init__(self, label: Any, *, most: int, required: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.most, self.required = most, required
        self.number: int | None = None

    def pre_validate(self, _form: Any) -> None:
        typed = plain(self.data or "")
        if not typed and not self.required:
            return
        if not typed.isdecimal() or len(typed) > 7 or not 1 <= int(typed) <= self.most:
            raise ValidationError(_l("请填 1 到 %(most)s 的整数。", most=self.most))
        self.number = int(typed)


class DayField(LineField):
    """A day of the calendar, or nothing."""

    day: date | None = None

    def pre_validate(self, _form: Any) -> None:
        typed = plain(self.data or "")
        if not typed:
            return
        try:
            self.day = date.fromisoformat(typed)
        except ValueError:
            raise ValidationError(_l("请写成 2027-12-31 这样的日期。")) from None
        if not 2000 <= self.day.year <= 2100:
            raise ValidationError(_l("请写成 2027-12-31 这样的日期。"))


class TimeField(LineField):
    """A time of day in minutes from midnight, or nothing."""

    minute: int | None = None

    def pre_validate(self, _form: Any) -> None:
        typed = plain(self.data or "")
        if not typed:
            return
        found = _TIME.fullmatch(typed)
        if found is None:
            raise ValidationError(_l("请写成 14:00 这样的时间。"))
        self.minute = int(found[1]) * 60 + int(found[2])


def plain(text: str) -> str:
    """Full-width digits and signs as plain ones."""
    return unicodedata.normalize("NFKC", text)

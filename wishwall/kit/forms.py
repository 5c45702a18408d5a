"""What all forms share: the idempotency key, cleaned text and telephone numbers."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import phonenumbers
from flask_babel import LazyString
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError

from wishwall.kit.i18n import _l
from wishwall.kit.text import Unwritable, clean, one_line

LETTERS = re.compile("[A-Za-z]")


def new_key() -> str:
    """A fresh idempotency key for one form on one page."""
    return secrets.token_urlsafe(16)


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """A form that happens once: every POST form of the site."""

    key = HiddenField(default=new_key)

    def renew_key(self) -> None:
        """After a used key was refused: the next press is a new deed."""
        self.key.data = new_key()


class _CleanedText:
    """Shared by one-line and many-line fields: clean on the way in, refuse what cannot be kept."""

    cleaner: Callable[[str], str]
    data: Any

    def process_formdata(self, values: list[Any]) -> None:
        try:
            self.data = type(self).cleaner(_typed(values))
        except Unwritable:
            self.data = ""
            raise ValueError(_l("有无法识别的字符，请重新输入。")) from None


class LineField(_CleanedText, StringField):
    """A line of text."""

    cleaner = staticmethod(one_line)


class TextField(_CleanedText, TextAreaField):
    """A few lines of text."""

    cleaner = staticmethod(clean)


class ChoiceField(StringField):
    """One of a few words; a template shows `choices`, pairs of a word and what it is called."""

    data: Any

    def __init__(
        self,
        label: LazyString,
        *,
        choices: Iterable[tuple[str, LazyString]],
        or_say: LazyString | None = None,
        **options: Any,
    ) -> None:
        """Any other word is refused with `or_say`, unless a form decides that itself."""
        super().__init__(label, **options)
        self.choices = list(choices)
        self._or_say = or_say

    def process_formdata(self, values: list[Any]) -> None:
        self.data = _typed(values)

    def pre_validate(self, _form: Any) -> None:
        if self._or_say and self.data not in dict(self.choices):
            raise ValidationError(self._or_say)


class Length:
    """Between `least` and `most` characters, counted after cleaning."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Any, field: Field) -> None:
        length = len(_typed([field.data]))
        if length == 0 and self.least > 0:
            raise ValidationError(_l("请填写这一项。"))
        if length < self.least:
            raise ValidationError(_l("太短了，至少 %(least)s 个字。", least=self.least))
        if length > self.most:
            raise ValidationError(
                _l("太长了，最多 %(most)s 个字，现在 %(now)s 个。", most=self.most, now=length)
            )


def phone_number(text: str) -> str | None:
    """A mainland mobile number in E.164 (+8613800000000), or None if it is not one."""
    if LETTERS.search(unicodedata.normalize("NFKC", text)):
        return None  # the library reads them as the keys of a telephone
    try:
        number = phonenumbers.parse(text[:40], "CN")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    if number.country_code != 86 or len(national) != 11 or national[0] != "1" or national[1] < "3":
        return None
    return f"+86{national}"


class PhoneField(LineField):
    """A mobile number, kept in E.164; what was typed stays in the field when it is not one."""

    def pre_validate(self, _form: Any) -> None:
        if not self.number:
            raise ValidationError(_l("请填写 11 位手机号码。"))

    @property
    def number(self) -> str:
        """The number in E.164, or nothing where it is not one."""
        return phone_number(self.data or "") or ""


def _typed(values: list[Any]) -> str:
    """What was typed into a field; a file where text belongs is nothing."""
    return next((value for value in values if isinstance(value, str)), "")

"""The forms of shops: registering, an offer's terms, and one for each deed."""

import re
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, PasswordField, ValidationError

from wishwall.accounts.privacy import private_spans
from wishwall.kit.clock import today
from wishwall.kit.forms import ChoiceField, KeyedForm, Length, LineField
from wishwall.kit.i18n import _l
from wishwall.merchants.fields import DayField, NumberField, TimeField, plain
from wishwall.merchants.offers import Offer
from wishwall.merchants.sentences import written_value
from wishwall.merchants.terms import TermsError, parse_value
from wishwall.merchants.words import COMPLAINTS, KINDS, METHODS, PERIODS
from wishwall.stations.hours import HoursError, parse_hours
from wishwall.stations.places import parse_near

LONGEST_REVISION = 9
MOST_QUOTA, MOST_SUPPLY, MOST_GIVEN = 99, 100_000, 999
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")


def refuse_private(field: Field) -> None:
    """What hangs on a wall names no telephone, identity card or number plate."""
    if not field.errors and private_spans(field.data):
        raise ValidationError(_l("人人都看得见，请不要写电话、证件或车牌号码。"))


class _StationField(KeyedForm):
    """Where a shop joins: asked first."""

    station = LineField(_l("最近的驿站"), validators=[Length(1, 20)])


class _ShopFields(KeyedForm):
    """A shop: who it is and where."""

    name = LineField(_l("店名"), validators=[Length(2, 40)])
    kind = ChoiceField(_l("哪类店"), choices=KINDS.items(), or_say=_l("请选一类。"))
    address = LineField(_l("地址"), validators=[Length(4, 120)])
    place = LineField(_l("位置"))
    phone = LineField(_l("店里电话"), validators=[Length(0, 40)])
    hours = LineField(_l("营业时间"), validators=[Length(0, 120)])

    def validate_phone(self, field: Field) -> None:
        _must_be_a_telephone(field)

    def validate_hours(self, field: Field) -> None:
        if field.errors or not field.data:
            return
        try:
            parse_hours(field.data)
        except HoursError:
            raise ValidationError(_l("请写成 09:00-21:00 这样的时间。")) from None

    def validate_place(self, field: Field) -> None:
        if not field.data:
            return
        try:
            parse_near(field.data)
        except ValueError:
            raise ValidationError(_l("没能看懂这个位置，可以空着。")) from None


class OfferForm(KeyedForm):
    """What a shop offers."""

    offer_text = LineField(_l("给小哥什么"), validators=[Length(2, 60)])
    offer_method = ChoiceField(_l("怎么优惠"), choices=METHODS.items(), or_say=_l("请选一种优惠。"))
    offer_value = LineField(_l("折扣或价格"), validators=[Length(0, 20)])
    quota_count = NumberField(_l("每人可用几次"), most=MOST_QUOTA)
    quota_period = ChoiceField(_l("多久算一期"), choices=[("", _l("不限次")), *PERIODS.items()])
    supply_count = NumberField(_l("每期一共几份"), most=MOST_SUPPLY)
    valid_from = DayField(_l("从哪天起"))
    valid_until = DayField(_l("到哪天止"))
    from_time = TimeField(_l("每天从几点"))
    until_time = TimeField(_l("到几点"))
    verified_only = BooleanField(_l("只给站长核实过的小哥"))
    value: int | None = None

    def validate_offer_text(self, field: Field) -> None:
        refuse_private(field)

    def validate_offer_value(self, field: Field) -> None:
        if self.offer_method.data not in METHODS:
            return
        try:
            self.value = parse_value(self.offer_method.data, field.data or "")
        except TermsError as error:
            raise ValidationError(error.sentence) from None

    def validate_quota_period(self, field: Field) -> None:
        if field.data and field.data not in PERIODS:
            raise ValidationError(_l("请选一项。"))
        if field.data and not self.quota_count.data:
            self.quota_count.data = "1"
            self.quota_count.number = 1
        if self.quota_count.data and not field.data:
            raise ValidationError(_l("请选每天、每月还是每年。"))

    def validate_supply_count(self, field: Field) -> None:
        if not field.errors and field.data and not self.quota_period.data:
            raise ValidationError(_l("限了份数，就要说每人可用几次。"))

    def validate_valid_until(self, field: Field) -> None:
        if field.errors or self.valid_until.day is None:
            return
        if self.valid_until.day < today():
            raise ValidationError(_l("这一天已经过去了。"))
        if self.valid_from.day and self.valid_until.day < self.valid_from.day:
            raise ValidationError(_l("结束的日子在开始之前。"))

    def validate_until_time(self, _field: Field) -> None:
        start, end = self.from_time, self.until_time
        if start.errors or end.errors:
            return
        if bool(start.data) != bool(end.data):
            raise ValidationError(_l("从几点到几点，两个都要填。"))
        if start.minute is not None and start.minute == end.minute:
            raise ValidationError(_l("开始和结束不能是同一时间。"))

    @property
    def terms(self) -> dict[str, Any]:
        """What is offered, as `Offer` keeps it."""
        period = self.quota_period.data or None
        return {
            "text": self.offer_text.data,
            "method": self.offer_method.data,
            "value": self.value,
            "quota_count": self.quota_count.number,
            "quota_period": period,
            "supply_count": self.supply_count.number,
            "supply_period": period or "ever",
            "valid_from": self.valid_from.day or today(),
            "valid_until": self.valid_until.day,
            "from_minute": self.from_time.minute,
            "until_minute": self.until_time.minute,
            "verified_only": bool(self.verified_only.data),
        }


class _ContactFields(KeyedForm):
    """Whom a keeper asks, and the shop's door."""

    contact_name = LineField(_l("联系人"), validators=[Length(0, 20)])
    contact_phone = LineField(_l("联系人手机（不公开）"), validators=[Length(0, 20)])
    photo = FileField(_l("门头照片"))

    def validate_contact_phone(self, field: Field) -> None:
        _must_be_a_telephone(field)


class _Shop(_ShopFields, _ContactFields):
    """All that a shop says of itself."""

    @property
    def shop(self) -> dict[str, Any]:
        """As `Merchant` keeps it; its place only where one was given."""
        names = ("name", "kind", "address", "phone", "hours", "contact_name", "contact_phone")
        typed = {name: self[name].data or "" for name in names}
        numbers = {name: plain(typed[name]) for name in ("phone", "contact_phone")}
        return {**typed, **numbers, **self._place}

    @property
    def _place(self) -> dict[str, float]:
        if not self.place.data:
            return {}
        lat, lon = parse_near(self.place.data)
        return {"lat": lat, "lon": lon}


class ShopForm(_StationField, _Shop, OfferForm):
    """A shop joins, with the first thing that it offers; the fields stand as they are asked."""

    owner_phone = LineField(_l("店主的手机号"))


class ShopEditForm(_Shop):
    """The facts of a shop that is there; without a photo or a place these stay as they are."""

    without_photo = BooleanField(_l("不要现在的照片"))


class OwnerForm(KeyedForm):
    """Whose shop it is."""

    owner_phone = LineField(_l("店主的手机号"), validators=[Length(1, 40)])


def filled_with(offer: Offer) -> OfferForm:
    """The form as it would be typed to offer just that."""
    form = OfferForm(formdata=None)
    form.offer_text.data, form.offer_method.data = offer.text, offer.method
    form.offer_value.data = written_value(offer.method, offer.value)
    form.quota_count.data = str(offer.quota_count or "")
    form.quota_period.data = offer.quota_period or ""
    form.supply_count.data = str(offer.supply_count or "")
    form.valid_from.data = offer.valid_from.isoformat()
    form.valid_until.data = offer.valid_until.isoformat() if offer.valid_until else ""
    form.from_time.data, form.until_time.data = map(_clock, (offer.from_minute, offer.until_minute))
    form.verified_only.data = offer.verified_only
    return form


def _clock(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


class GiftForm(KeyedForm):
    """What somebody pays for, and for how many couriers."""

    gift_text = LineField(_l("请小哥什么"), validators=[Length(2, 60)])
    gift_count = NumberField(_l("几份"), most=MOST_GIVEN, required=True)

    def validate_gift_text(self, field: Field) -> None:
        refuse_private(field)


class CheckForm(KeyedForm):
    """Somebody has looked at an offer; the page says at which revision of it."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision; None where a form does not say, one that never was if it says nonsense."""
        said = str(self.revision.data or "")
        if not said:
            return None
        return int(said) if said.isdecimal() and len(said) <= LONGEST_REVISION else 0


class QuestionForm(KeyedForm):
    question = LineField(_l("想问店主什么"), validators=[Length(2, 200)])


class RefusalForm(KeyedForm):
    reason = LineField(_l("原因（店主会看到）"), validators=[Length(2, 200)])


class ComplaintForm(KeyedForm):
    reason = ChoiceField(_l("怎么了"), choices=COMPLAINTS.items(), or_say=_l("请选一个原因。"))


class CounterForm(KeyedForm):
    """The counter's code, and when it was used if it is entered later."""

    code = LineField(_l("券上的 6 位码"), validators=[Length(1, 40)])
    used_at = TimeField(_l("几点用的"))


class VoidForm(KeyedForm):
    """A voucher is taken back, by a keeper who types their own password again."""

    code = LineField(_l("券上的 6 位码"), validators=[Length(1, 40)])
    reason = LineField(_l("原因（小哥会看到）"), validators=[Length(2, 200)])
    password = PasswordField(_l("您自己的密码"), validators=[Length(1, 128)])


class PlainForm(KeyedForm):
    """A deed that needs no words."""


def _must_be_a_telephone(field: Field) -> None:
    if not field.errors and field.data and not _PHONE.fullmatch(plain(field.data)):
        raise ValidationError(_l("请填电话号码，例如 0351-2000000。"))

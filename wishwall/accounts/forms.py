"""Signing in, signing up, granting a role."""

import unicodedata
from typing import Any

from wtforms import PasswordField, ValidationError

from wishwall.accounts.models import COURIER_GROUPS
from wishwall.accounts.privacy import private_spans
from wishwall.accounts.roles import COURIER, GRANTABLE, MERCHANT, ORGANISER, VOLUNTEER
from wishwall.accounts.words import GROUPS, ROLES
from wishwall.kit.forms import ChoiceField, KeyedForm, Length, LineField, PhoneField
from wishwall.kit.i18n import _l

OFFICIAL_WORDS = (
    *("管理员", "管理員", "管理者", "官方", "客服", "站长", "站長", "网格员", "部门", "工会"),
    *("市委", "政府", "公安", "警察", "民警", "法院", "admin", "official"),
)


class SignInForm(KeyedForm):
    phone = PhoneField(_l("手机号"))
    password = PasswordField(_l("密码"), validators=[Length(1, 128)])


class SignUpForm(KeyedForm):
    phone = PhoneField(_l("手机号"))
    nickname = LineField(_l("昵称"), validators=[Length(2, 20)])
    password = PasswordField(_l("密码（至少 8 位）"), validators=[Length(8, 128)])
    role = ChoiceField(
        _l("我是"),
        choices=[(kind, ROLES[kind]) for kind in (COURIER, VOLUNTEER, MERCHANT)],
        or_say=_l("请选一个身份。"),
    )
    group = ChoiceField(
        _l("我属于"),
        choices=[("", _l("请选择")), *((kind, GROUPS[kind]) for kind in COURIER_GROUPS)],
    )

    def validate_nickname(self, field: LineField) -> None:
        name = field.data or ""
        letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).lower()
        if any(word in letters for word in OFFICIAL_WORDS):
            raise ValidationError(_l("昵称不能像官方身份，请换一个。"))
        if private_spans(name):
            raise ValidationError(_l("昵称人人看得见，不要写电话、证件或车牌号码。"))

    def validate_group(self, field: Any) -> None:
        if self.role.data == COURIER and field.data not in COURIER_GROUPS:
            raise ValidationError(_l("请选您属于哪一类小哥。"))

    @property
    def courier_group(self) -> str | None:
        """The group of a courier; a volunteer has none."""
        return str(self.group.data) if self.role.data == COURIER else None


class GrantForm(KeyedForm):
    """A role for somebody, by an organiser who types their own password again."""

    phone = PhoneField(_l("对方的手机号"))
    role = ChoiceField(
        _l("身份"),
        choices=[(kind, ROLES[kind]) for kind in GRANTABLE if kind != ORGANISER],
        or_say=_l("请选一个身份。"),
    )
    station = LineField(_l("驿站编号（站长）"), validators=[Length(0, 20)])
    department = LineField(_l("部门名称（部门人员）"), validators=[Length(0, 60)])
    reason = LineField(_l("原因"), validators=[Length(2, 200)])
    password = PasswordField(_l("您自己的密码"), validators=[Length(1, 128)])

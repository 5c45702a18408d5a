"""What accounts refuse, in words."""

from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l


class RoleUnknown(Refusal):
    status = 422
    sentence = _l("没有这种身份。")


class RoleNeedsPlace(Refusal):
    status = 422
    sentence = _l("站长要写明驿站编号，部门人员要写明部门名称，其他身份都不写。")


class NotToOneself(Refusal):
    status = 422
    sentence = _l("不能给自己授予身份，请另一位城市管理者来办。")


class EmployerUnclear(Refusal):
    status = 422
    sentence = _l("请写单位名称，2 到 40 个字，不要写电话或证件号码。")

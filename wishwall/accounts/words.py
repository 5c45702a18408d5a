"""What the screens call roles and groups."""

from wishwall.kit.i18n import _l

ROLES = {
    "courier": _l("小哥"),
    "volunteer": _l("志愿者"),
    "merchant": _l("商户"),
    "officer": _l("部门人员"),
    "keeper": _l("站长"),
    "grid-worker": _l("网格员"),
    "organiser": _l("城市管理者"),
}

GROUPS = {
    "parcel": _l("快递员"),
    "food": _l("外卖骑手"),
    "ride-hailing": _l("网约车司机"),
    "freight": _l("货车司机"),
    "cleaning": _l("保洁员"),
    "other": _l("其他"),
}

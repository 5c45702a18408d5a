"""What the screens call the ten amenities."""

from wishwall.kit.i18n import _l

AMENITIES = {
    "air-conditioning": _l("空调"),
    "seats": _l("沙发桌椅"),
    "microwave": _l("微波炉"),
    "water": _l("饮水机"),
    "books": _l("书架"),
    "first-aid": _l("药箱"),
    "umbrella": _l("雨伞"),
    "tools": _l("工具箱"),
    "sockets": _l("充电插座"),
    "wifi": _l("无线网"),
}

"""What the screens call things of shops: kinds, methods, periods, states, decisions, notices."""

from wishwall.kit.i18n import _l

KINDS = {
    "food": _l("餐饮"),
    "shop": _l("便利店"),
    "barber": _l("理发"),
    "repair": _l("修车"),
    "laundry": _l("洗衣"),
    "pharmacy": _l("药店"),
    "glasses": _l("眼镜"),
    "phones": _l("手机维修"),
    "other-shop": _l("其他"),
}

METHODS = {
    "discount": _l("打折"),
    "price": _l("特价"),
    "free": _l("免费"),
}

PERIODS = {
    "day": _l("每天"),
    "month": _l("每月"),
    "year": _l("每年"),
}

OFFER_STATES = {
    "waiting": _l("等站长核对"),
    "asked": _l("站长有问题"),
    "live": _l("生效中"),
    "paused": _l("暂停中"),
    "refused": _l("没有通过"),
}

VOUCHER_STATES = {
    "live": _l("可用"),
    "used": _l("已使用"),
    "expired": _l("已过期"),
    "void": _l("已作废"),
}

COMPLAINTS = {
    "turned-away": _l("店家不认这个优惠"),
    "closed": _l("店关门了"),
}

NOTICES = {
    "offer-waits": _l("商户「%(about)s」等您核对"),
    "offer-approved": _l("您的优惠「%(about)s」通过了，小哥现在能看到"),
    "offer-asked": _l("站长对您的优惠「%(about)s」有个问题，请回答"),
    "offer-refused": _l("您的优惠「%(about)s」没有通过，点开看原因"),
    "offer-paused": _l("站长暂停了您的优惠「%(about)s」"),
    "offer-resumed": _l("站长恢复了您的优惠「%(about)s」"),
    "gift-waits": _l("有人想在您店里请小哥「%(about)s」，收到钱后请确认"),
    "gift-approved": _l("待用「%(about)s」上墙了，小哥现在能领"),
    "gift-refused": _l("待用「%(about)s」没有上墙，点开看原因"),
    "gift-all-used": _l("您请的「%(about)s」都到小哥手里了，谢谢您"),
    "offer-complained": _l("有小哥反映优惠「%(about)s」用不了，请看一看"),
    "offer-paused-by-complaints": _l("优惠「%(about)s」被多人反映用不了，已暂停"),
    "shop-handed-over": _l("站长把店铺「%(about)s」交给您管理了"),
    "voucher-void": _l("您的券「%(about)s」被作废，点开看原因"),
}

"""What the screens call things: states, categories, deeds of the story, notices."""

from wishwall.kit.i18n import _l

CATEGORIES = {
    "goods": _l("用品"),
    "skills": _l("技能"),
    "legal": _l("法律"),
    "family": _l("家庭"),
    "living": _l("生活"),
    "company": _l("陪伴"),
}

STATES = {
    "open": _l("待认领"),
    "claimed": _l("已认领"),
    "delivered": _l("已送达"),
    "confirmed": _l("已实现"),
    "withdrawn": _l("已撤回"),
    "expired": _l("已到期"),
    "hidden": _l("已隐藏"),
}

REPORT_REASONS = {
    "private": _l("写了别人的电话或隐私"),
    "advert": _l("广告"),
    "offensive": _l("骂人或不文明"),
    "not-a-wish": _l("不是心愿"),
    "other": _l("其他"),
}

STORY = {
    "posted": _l("心愿贴上了墙"),
    "edited": _l("作者改了内容"),
    "claimed": _l("有人认领了"),
    "released": _l("认领人放弃了认领，心愿重新开放"),
    "timed-out": _l("认领超时，心愿重新开放"),
    "extended": _l("认领人延长了期限"),
    "delivered": _l("认领人说已经送达"),
    "confirmed": _l("作者确认收到"),
    "reopened": _l("作者说还没有收到，心愿重新开放"),
    "withdrawn": _l("心愿已撤回"),
    "expired": _l("心愿到期，没有人认领"),
    "hidden": _l("站长隐藏了这个心愿"),
    "reported": _l("有人举报，已通知站长"),
    "revealed": _l("认领人查看了作者的电话"),
    "claim-reminded": _l("已提醒认领人"),
    "keeper-asked": _l("等了很久，已请站长帮忙"),
    "confirmation-asked": _l("已再次请作者确认"),
}
FOR_EVERYONE = {
    "posted",
    "claimed",
    "released",
    "timed-out",
    "extended",
    "delivered",
    "confirmed",
    "reopened",
    "expired",
    "keeper-asked",
}

NOTICES = {
    "wish-posted-for-you": _l("站长替您贴上了心愿「%(about)s」"),
    "your-wish-claimed": _l("您的心愿「%(about)s」有人认领了"),
    "your-wish-released": _l("您的心愿「%(about)s」被放弃认领，已重新开放"),
    "your-claim-released": _l("站长结束了您对「%(about)s」的认领"),
    "your-wish-extended": _l("您的心愿「%(about)s」认领期限延长了"),
    "your-wish-delivered": _l("您的心愿「%(about)s」已送达，收到请确认"),
    "your-delivery-confirmed": _l("「%(about)s」已确认收到，谢谢您"),
    "your-wish-confirmed-for-you": _l("站长替您确认收到了「%(about)s」"),
    "your-delivery-reopened": _l("「%(about)s」的作者说还没有收到，心愿已重新开放"),
    "claimed-wish-withdrawn": _l("您认领的「%(about)s」已被撤回，不用再准备了"),
    "your-wish-withdrawn-for-you": _l("站长替您撤回了「%(about)s」"),
    "claimed-wish-hidden": _l("您认领的「%(about)s」被站长隐藏，不用再准备了"),
    "your-wish-hidden": _l("您的心愿「%(about)s」被站长隐藏，点开看原因"),
    "your-wish-expired": _l("您的心愿「%(about)s」到期了，需要的话请再许一次"),
    "your-wish-timed-out": _l("您的心愿「%(about)s」认领超时，已重新开放"),
    "your-claim-timed-out": _l("您对「%(about)s」的认领超时，已自动放弃"),
    "your-claim-due": _l("您认领的「%(about)s」还没送达，别忘了"),
    "wish-waits-long": _l("心愿「%(about)s」在您的驿站等了很久，请帮忙想想办法"),
    "please-confirm": _l("「%(about)s」收到了吗？请确认，或说明还没有收到"),
    "wish-reported": _l("心愿「%(about)s」被举报，请看一看"),
    "your-number-revealed": _l("认领人查看了您的电话，以便完成「%(about)s」"),
}

"""What the wall refuses, in kind words."""

from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l


class AlreadyClaimed(Refusal):
    sentence = _l("刚刚被别人认领了，谢谢您的好意。看看别的心愿吧。")


class OwnWish(Refusal):
    sentence = _l("这是您自己的心愿，留给别人来认领吧。")


class TooManyClaims(Refusal):
    sentence = _l("您手上认领的心愿已到上限，先完成或放弃一个再来。")


class TooManyOpenWishes(Refusal):
    sentence = _l("您还有心愿挂在墙上没人认领。等它们有了着落，再许新的。")


class NotClaimed(Refusal):
    sentence = _l("这个心愿已不在认领中，请看看它现在的情况。")


class AlreadyExtended(Refusal):
    sentence = _l("这次认领已经延期过一次，不能再延了。来不及的话，请放弃，让别人来。")


class NotDelivered(Refusal):
    sentence = _l("这个心愿还没有送达，或已经确认过了。")


class ReopeningTooLate(Refusal):
    sentence = _l("送达太久，不能重新挂上墙了。还需要的话，请再许一个。")


class NotOpen(Refusal):
    sentence = _l("心愿已有人认领或已结束，不能再改。")


class NotWithdrawable(Refusal):
    sentence = _l("这个心愿已送达或已结束，不能撤回。")


class AlreadyHidden(Refusal):
    sentence = _l("这个心愿已经被隐藏。")


class TooManyContacts(Refusal):
    sentence = _l("您今天查看的电话已到上限，请明天再来。")

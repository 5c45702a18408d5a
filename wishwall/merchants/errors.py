"""What shops, offers and vouchers refuse, in kind words."""

from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _l


class NameTaken(Refusal):
    sentence = _l("这座驿站下已有同名的店。如果是您的，请让站长把它交给您。")


class HasOwner(Refusal):
    sentence = _l("这家店已经有店主了，请店主自己来改。")


class NotAnOwner(Refusal):
    """This person cannot be given a shop; said beside the number."""

    status = 422


class NotToOneself(NotAnOwner):
    sentence = _l("不能把店交给自己，请别的站长来办。")


class NoSuchPerson(NotAnOwner):
    sentence = _l("没有这个手机号的人。请店主先注册。")


class MayNotJoin(NotAnOwner):
    sentence = _l("这个人的身份不能登记商户。")


class NotWaiting(Refusal):
    sentence = _l("这条优惠已经有人处理过了，请看看现在的情况。")


class ChangedSince(Refusal):
    sentence = _l("这条优惠刚刚改过，请再看一遍现在的内容。")


class OwnShop(Refusal):
    status = 403
    sentence = _l("这是您自己的店，请别的站长来核对。")


class OwnGift(Refusal):
    status = 403
    sentence = _l("这是您自己请的，请店家或站长来确认。")


class GiftStays(Refusal):
    sentence = _l("待用是别人付过钱的，不能改，只能暂停或不收。")


class NotLive(Refusal):
    sentence = _l("这条优惠现在没有生效，看看别家吧。")


class NotPaused(Refusal):
    sentence = _l("这条优惠没有暂停，或正在等站长核对。")


class NotNow(Refusal):
    sentence = _l("现在不在优惠的日期或时段里，到时候再来。")


class NoVoucherNeeded(Refusal):
    sentence = _l("这条优惠不用领券，到店说一声就行。")


class ForCouriers(Refusal):
    status = 403
    sentence = _l("优惠券是给小哥的。")


class ForVerifiedCouriers(Refusal):
    status = 403
    sentence = _l("这家店请小哥先让站长核实身份。去最近的驿站找站长，一分钟就好。")


class QuotaUsed(Refusal):
    sentence = _l("您这一期的次数用完了，下一期再来。")


class AllGone(Refusal):
    sentence = _l("这一期已经被领完了，下次早点来。")


class AlreadyRedeemed(Refusal):
    sentence = _l("这张券已经用过了，没有再用一次。")


class NotRedeemable(Refusal):
    sentence = _l("这张券已过期或作废，请小哥再领一张。")


class NotGivenBack(Refusal):
    sentence = _l("这张券已经用过或过期，不用退了。")


class NotNotedToday(Refusal):
    sentence = _l("补记只能记当天、券还有效时用掉的。请核对时间。")


class GivenAgain(Refusal):
    sentence = _l("小哥后来又领了一张同样的券，这张不能补记了。")


class SupplyTooSmall(Refusal):
    sentence = _l("已经发出去的券比这个数多，不能改小到这么多。")

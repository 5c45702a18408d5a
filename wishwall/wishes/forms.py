"""The forms of the wall: one for each verb, none longer than its verb needs."""

from flask_wtf.file import FileField
from wtforms import BooleanField, ValidationError

from wishwall.accounts.privacy import private_spans
from wishwall.kit.forms import ChoiceField, KeyedForm, Length, LineField, TextField
from wishwall.kit.i18n import _l
from wishwall.wishes.words import CATEGORIES, REPORT_REASONS


class _WordsForm(KeyedForm):
    """The words of a wish; private numbers are warned about before they are masked."""

    text = TextField(_l("心愿"), validators=[Length(2, 200)])
    category = ChoiceField(_l("类别"), choices=CATEGORIES.items(), or_say=_l("请选一个类别。"))
    publish_masked = BooleanField(_l("知道了，遮住号码后照样贴上墙"))
    warns_of_private = False

    def validate_text(self, field: TextField) -> None:
        if field.errors or self.publish_masked.data:
            return
        if private_spans(field.data):
            self.warns_of_private = True
            raise ValidationError(
                _l(
                    "里面有电话、证件或车牌号码。墙上人人可见，我们会把它遮住；认领人可以另外看到您的电话。"
                )
            )


class PostForm(_WordsForm):
    """A new wish; a keeper at the counter adds the courier's telephone."""

    photo = FileField(_l("照片"))
    courier_phone = LineField(_l("小哥的手机号"))


class EditForm(_WordsForm):
    """Other words for an open wish."""


class ClaimForm(KeyedForm):
    named = BooleanField(_l("在墙上写出我的名字"))


class ReasonForm(KeyedForm):
    """A release or a reopening: a reason if there is one."""

    reason = LineField(_l("原因"), validators=[Length(0, 200)])


class HideForm(KeyedForm):
    reason = LineField(_l("原因（作者会看到）"), validators=[Length(2, 200)])


class DeliveryForm(KeyedForm):
    note = LineField(_l("留言"), validators=[Length(0, 200)])
    photo = FileField(_l("物品照片"))


class ConfirmationForm(KeyedForm):
    thanks = LineField(_l("说声谢谢"), validators=[Length(0, 200)])


class ReportForm(KeyedForm):
    reason = ChoiceField(
        _l("哪里不对"), choices=REPORT_REASONS.items(), or_say=_l("请选一个原因。")
    )
    note = LineField(_l("说明"), validators=[Length(0, 200)])


class PlainForm(KeyedForm):
    """A verb that needs no words: extend, withdraw, reveal."""

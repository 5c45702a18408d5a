"""What people do to a wish: each view finds it, authorises, calls one verb and answers."""

from flask import Response
from flask_wtf import FlaskForm

from wishwall.accounts.limited import limited
from wishwall.accounts.viewing import actor
from wishwall.kit.answers import done, wants_fragment
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once, repeatable
from wishwall.photos.storing import UnusablePhoto
from wishwall.photos.uploads import photo_taken, photographed
from wishwall.wishes import forms
from wishwall.wishes.access import find_for, rules
from wishwall.wishes.blueprint import bp
from wishwall.wishes.models import Wish
from wishwall.wishes.page import wish_page


@bp.post("/wishes/<id:wish_id>/claim")
@limited("LIMIT_ACTIONS")
@once
def claim(wish_id: str) -> Response:
    wish = find_for("wish.claim", wish_id)
    form = forms.ClaimForm()
    if not form.validate():
        return _again(wish, "claim", form)
    wish.claim(by=actor(), rules=rules(), named=form.named.data)
    return _answer(wish, _("认领好了，请在期限内送达。谢谢您！"))


@bp.post("/wishes/<id:wish_id>/release")
@limited("LIMIT_ACTIONS")
@once
def release(wish_id: str) -> Response:
    wish = find_for("wish.release", wish_id)
    form = forms.ReasonForm()
    if not form.validate():
        return _again(wish, "release", form)
    wish.release(by=actor(), rules=rules(), reason=form.reason.data)
    return _answer(wish, _("已放弃认领，心愿重新开放。"))


@bp.post("/wishes/<id:wish_id>/extension")
@limited("LIMIT_ACTIONS")
@once
def extend(wish_id: str) -> Response:
    wish = find_for("wish.extend", wish_id)
    wish.extend(by=actor(), rules=rules())
    return _answer(wish, _("期限已延长。"))


@bp.post("/wishes/<id:wish_id>/delivery")
@limited("LIMIT_ACTIONS")
@photographed
@once
def deliver(wish_id: str) -> Response:
    wish = find_for("wish.done", wish_id)
    form = forms.DeliveryForm()
    if not form.validate():
        return _again(wish, "delivery", form)
    try:
        photo = photo_taken(by_id=actor().id)
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return _again(wish, "delivery", form)
    wish.deliver(by=actor(), note=form.note.data, photo=photo)
    return _answer(wish, _("已告诉小哥东西送到了，等对方确认。"))


@bp.post("/wishes/<id:wish_id>/confirmation")
@limited("LIMIT_ACTIONS")
@once
def confirm(wish_id: str) -> Response:
    wish = find_for("wish.confirm", wish_id)
    form = forms.ConfirmationForm()
    if not form.validate():
        return _again(wish, "confirmation", form)
    wish.confirm(by=actor(), thanks=form.thanks.data)
    return _answer(wish, _("已确认收到，祝您一路顺风！"))


@bp.post("/wishes/<id:wish_id>/reopening")
@limited("LIMIT_ACTIONS")
@once
def reopen(wish_id: str) -> Response:
    wish = find_for("wish.reopen", wish_id)
    form = forms.ReasonForm()
    if not form.validate():
        return _again(wish, "reopening", form)
    wish.reopen(by=actor(), rules=rules(), reason=form.reason.data)
    return _answer(wish, _("心愿重新挂上了墙。"))


@bp.post("/wishes/<id:wish_id>/withdrawal")
@limited("LIMIT_ACTIONS")
@once
def withdraw(wish_id: str) -> Response:
    wish = find_for("wish.withdraw", wish_id)
    wish.withdraw(by=actor())
    return _answer(wish, _("心愿已撤回。"))


@bp.post("/wishes/<id:wish_id>/edit")
@limited("LIMIT_ACTIONS")
@once
def edit(wish_id: str) -> Response:
    wish = find_for("wish.edit", wish_id)
    form = forms.EditForm()
    if not form.validate():
        return _again(wish, "edit", form)
    wish.edit(by=actor(), text=form.text.data, category=form.category.data)
    return _answer(wish, _("改好了。"))


@bp.post("/wishes/<id:wish_id>/report")
@limited("LIMIT_ACTIONS")
@once
def report(wish_id: str) -> Response:
    wish = find_for("wish.report", wish_id)
    form = forms.ReportForm()
    if not form.validate():
        return _again(wish, "report", form)
    wish.report(by=actor(), reason=form.reason.data, note=form.note.data)
    return _answer(wish, _("谢谢提醒，站长会来看。"))


@bp.post("/wishes/<id:wish_id>/contact")
@limited("LIMIT_ACTIONS")
@repeatable
def contact(wish_id: str) -> Response:
    """The one place where a number is shown: to the claimant, noted where the author sees it."""
    wish = find_for("wish.contact", wish_id)
    phone = wish.reveal_contact(by=actor(), rules=rules())
    response = wish_page(wish, phone=phone)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/wishes/<id:wish_id>/hiding")
@limited("LIMIT_ACTIONS")
@once
def hide(wish_id: str) -> Response:
    wish = find_for("wish.moderate", wish_id)
    form = forms.HideForm()
    if not form.validate():
        return _again(wish, "hiding", form)
    wish.hide(by=actor(), reason=form.reason.data)
    return _answer(wish, _("已隐藏，作者会看到原因。"))


def _answer(wish: Wish, said: str) -> Response:
    return wish_page(wish, said=said) if wants_fragment() else done(wish.link, said)


def _again(wish: Wish, deed: str, form: FlaskForm) -> Response:
    return wish_page(wish, 422, filled={deed: form})

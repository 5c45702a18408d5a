"""Couriers who are such: a keeper verifies one at the counter."""

from flask import Response, make_response, render_template

from wishwall.accounts.limited import limited
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.viewing import actor
from wishwall.desk.blueprint import bp
from wishwall.desk.forms import VerifyForm
from wishwall.desk.granting import verify
from wishwall.kit.answers import done
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once


@bp.get("/couriers")
def couriers() -> Response:
    return _page(VerifyForm(formdata=None))


@bp.post("/couriers")
@limited("LIMIT_ACTIONS")
@once
def verify_courier() -> Response:
    form = VerifyForm()
    if not form.validate():
        return _page(form, status=422)
    courier = person_by_phone(form.phone.number)
    if courier is None or not courier.is_courier:
        form.phone.errors = [_("没有这个手机号的小哥。请先帮他注册。")]
        return _page(form, status=422)
    verify(courier, by=actor())
    return done("/desk/couriers", _("%(name)s 已核实。", name=courier.nickname))


def _page(form: VerifyForm, *, status: int = 200) -> Response:
    return make_response(render_template("desk/couriers.html", form=form), status)

"""The desk of keepers and organisers: what waits for them, and granting roles."""

from flask import Response, current_app, make_response, render_template
from flask_login import current_user

from wishwall.accounts.errors import NotToOneself
from wishwall.accounts.forms import GrantForm
from wishwall.accounts.limited import limited
from wishwall.accounts.queries import person_by_phone, staff
from wishwall.accounts.viewing import actor
from wishwall.accounts.words import ROLES
from wishwall.desk.blueprint import bp
from wishwall.desk.granting import give
from wishwall.kit.answers import done
from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, repeatable
from wishwall.kit.limits import allow
from wishwall.merchants.queries import complained_of, waiting_offers
from wishwall.wishes.attention import long_waiting, reported_wishes


@bp.get("")
def front() -> Response:
    stations = None if current_user.is_organiser else current_user.kept_station_ids()
    page = render_template(
        "desk/front.html",
        reported=reported_wishes(stations),
        waiting=long_waiting(stations, current_app.config["KEEPER_ASKED_DAYS"]),
        offers=waiting_offers(stations),
        complaints=complained_of(stations),
    )
    return make_response(page)


@bp.get("/people")
def people() -> Response:
    return _people_page(GrantForm(formdata=None))


@bp.post("/people")
@limited("LIMIT_ACTIONS")
@keyed
def grant() -> Response:
    """The organiser's own password is asked again, outside the transaction that grants."""
    form = GrantForm()
    if not form.validate():
        return _people_page(form, 422)
    organiser = actor()
    allow("LIMIT_SIGN_IN", organiser.phone)
    if not organiser.has_password(form.password.data or ""):
        form.password.errors = [_("密码不对，没有授予任何身份。")]
        return _people_page(form, 401)
    return _grant(form=form)


@repeatable
def _grant(*, form: GrantForm) -> Response:
    person = person_by_phone(form.phone.number)
    if person is None:
        form.phone.errors = [_("这个手机号还没有注册，请对方先注册。")]
        return _people_page(form, 422)
    if person.id == current_user.id:
        form.phone.errors = [str(NotToOneself.sentence)]
        return _people_page(form, 422)
    try:
        give(
            person,
            form.role.data,
            by=actor(),
            reason=form.reason.data,
            station_code=form.station.data,
            department_name=form.department.data,
        )
    except Refusal as refusal:
        form.role.errors = [str(refusal.sentence)]
        return _people_page(form, 422)
    role = str(ROLES[form.role.data])
    return done("/desk/people", _("%(name)s 现在是%(role)s。", name=person.nickname, role=role))


def _people_page(form: GrantForm, status: int = 200) -> Response:
    return make_response(render_template("desk/people.html", form=form, staff=staff()), status)

"""The desk of keepers and organisers: what waits for them, importing stations, granting roles."""

from flask import Blueprint, Response, current_app, make_response, render_template
from flask_login import current_user

from wishwall.accounts.errors import NotToOneself
from wishwall.accounts.forms import GrantForm
from wishwall.accounts.limited import limited
from wishwall.accounts.queries import person_by_phone, staff
from wishwall.accounts.viewing import actor
from wishwall.accounts.words import ROLES
from wishwall.desk.forms import ImportForm, VerifyForm
from wishwall.desk.granting import give, verify
from wishwall.kit.answers import done
from wishwall.kit.db import db
from wishwall.kit.errors import Refusal
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, once, repeatable
from wishwall.kit.limits import allow
from wishwall.merchants.queries import complained_of, waiting_offers
from wishwall.stations.importing import Plan, apply, listed, plan, read_stations
from wishwall.stations.reading import MOST_BYTES, Row, UnreadableFile
from wishwall.trail.models import record
from wishwall.wishes.attention import long_waiting, reported_wishes

bp = Blueprint("desk", __name__, url_prefix="/desk")


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


@bp.get("/stations")
def stations_import() -> Response:
    return _import_page(ImportForm(formdata=None))


@bp.post("/stations")
@limited("LIMIT_ACTIONS")
@keyed
def run_stations_import() -> Response:
    """The file is read outside the transaction: a large one takes seconds."""
    form = ImportForm()
    if not form.validate():
        return _import_page(form, status=422)
    if not form.file.data:
        form.file.errors = [_("请选一个文件。")]
        return _import_page(form, status=422)
    try:
        content = form.file.data.stream.read(MOST_BYTES + 1)
        rows = read_stations(content, form.file.data.filename or "")
    except UnreadableFile as unreadable:
        form.file.errors = [str(unreadable)]
        return _import_page(form, status=422)
    return _import(rows=rows, dry_run=form.dry_run.data)


@once
def _import(*, rows: list[Row], dry_run: bool) -> Response:
    planned = plan(rows, listed(db.session))
    if not dry_run and planned.writes:
        apply(planned, db.session)
        counts = {name: planned.count(name) for name in ("added", "updated", "refused")}
        record("imported", subject="stations", subject_id=0, actor_id=current_user.id, **counts)
    return _import_page(ImportForm(formdata=None), planned=planned, dry_run=dry_run)


@bp.get("/couriers")
def couriers() -> Response:
    return _couriers_page(VerifyForm(formdata=None))


@bp.post("/couriers")
@limited("LIMIT_ACTIONS")
@once
def verify_courier() -> Response:
    form = VerifyForm()
    if not form.validate():
        return _couriers_page(form, 422)
    courier = person_by_phone(form.phone.number)
    if courier is None or not courier.is_courier:
        form.phone.errors = [_("没有这个手机号的小哥。请先帮他注册。")]
        return _couriers_page(form, 422)
    verify(courier, by=actor())
    return done("/desk/couriers", _("%(name)s 已核实。", name=courier.nickname))


def _couriers_page(form: VerifyForm, status: int = 200) -> Response:
    return make_response(render_template("desk/couriers.html", form=form), status)


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


def _import_page(
    form: ImportForm, *, planned: Plan | None = None, dry_run: bool = False, status: int = 200
) -> Response:
    page = render_template("desk/stations_import.html", form=form, plan=planned, dry_run=dry_run)
    return make_response(page, status)

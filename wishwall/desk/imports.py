"""Lists that an organiser imports at the desk: of stations, of shops, and any other."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, make_response, render_template
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from wishwall.accounts.limited import limited
from wishwall.desk.blueprint import bp
from wishwall.desk.forms import ImportForm
from wishwall.kit.clock import today
from wishwall.kit.db import db
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, once
from wishwall.merchants import checking as merchants_checking
from wishwall.merchants import importing as merchants
from wishwall.merchants.planning import plan as plan_merchants
from wishwall.stations import checking as stations_checking
from wishwall.stations import importing as stations
from wishwall.stations.decisions import PlanOf
from wishwall.stations.reading import MOST_BYTES, UnreadableFile
from wishwall.trail.models import record

Rows = TypeVar("Rows")
Plan = TypeVar("Plan", bound=PlanOf[Any])
Page = Callable[..., Response]  # of a form; with `planned` and `dry_run`, or with a `status`


def take(
    form: ImportForm,
    *,
    read: Callable[[bytes, str], Rows],
    plan: Callable[[Rows], Plan],
    apply: Callable[[Plan], None],
    page: Page,
) -> Response:
    """Answer a list that was sent; a large one takes seconds to read, before the transaction."""
    if not form.validate():
        return page(form, status=422)
    sent = form.file.data
    try:
        rows = read(sent.stream.read(MOST_BYTES + 1), sent.filename or "")
    except UnreadableFile as unreadable:
        form.file.errors = [str(unreadable)]
        return page(form, status=422)
    try:
        return _bring_in(form=form, rows=rows, plan=plan, apply=apply, page=page)
    except IntegrityError:  # PostgreSQL lets others write meanwhile
        form.file.errors = [_("刚刚有人登记了名单里的内容，什么都没有写入，请再导入一次。")]
        return page(form, status=409)


@once
def _bring_in(
    *,
    form: ImportForm,
    rows: Rows,
    plan: Callable[[Rows], Plan],
    apply: Callable[[Plan], None],
    page: Page,
) -> Response:
    planned, dry_run = plan(rows), form.dry_run.data
    if planned.writes and not dry_run:
        apply(planned)
    form.start_over()
    return page(form, planned=planned, dry_run=dry_run)


@bp.get("/stations")
def stations_import() -> Response:
    return _stations_page(ImportForm(formdata=None))


@bp.post("/stations")
@limited("LIMIT_ACTIONS")
@keyed
def run_stations_import() -> Response:
    return take(
        ImportForm(),
        read=stations.read_stations,
        plan=lambda rows: stations.plan(rows, stations.listed(db.session)),
        apply=_apply_stations,
        page=_stations_page,
    )


@bp.get("/merchants")
def merchants_import() -> Response:
    return _merchants_page(ImportForm(formdata=None))


@bp.post("/merchants")
@limited("LIMIT_ACTIONS")
@keyed
def run_merchants_import() -> Response:
    return take(
        ImportForm(),
        read=merchants.read_merchants,
        plan=lambda rows: plan_merchants(rows, merchants.listed(), today()),
        apply=lambda planned: merchants.apply(planned, actor_id=current_user.id),
        page=_merchants_page,
    )


def _apply_stations(planned: stations.Plan) -> None:
    stations.apply(planned, db.session)
    counts = {name: planned.count(name) for name in ("added", "updated", "refused")}
    record("imported", subject="stations", subject_id=0, actor_id=current_user.id, **counts)


def _stations_page(form: ImportForm, **report: Any) -> Response:
    required = stations_checking.REQUIRED
    return _page(form, title=_("导入驿站"), action="/desk/stations", columns=required, **report)


def _merchants_page(form: ImportForm, **report: Any) -> Response:
    required = merchants_checking.REQUIRED
    return _page(form, title=_("导入商户"), action="/desk/merchants", columns=required, **report)


def _page(form: ImportForm, *, status: int = 200, **shown: Any) -> Response:
    return make_response(render_template("desk/import.html", form=form, **shown), status)

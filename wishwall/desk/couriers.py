"""Couriers who are such: a keeper verifies one at the counter, an organiser a whole list."""

from flask import Response, make_response, render_template
from flask_login import current_user

from wishwall.accounts.limited import limited
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.viewing import actor
from wishwall.desk.blueprint import bp
from wishwall.desk.forms import RosterForm, VerifyForm
from wishwall.desk.granting import verify
from wishwall.desk.imports import take
from wishwall.desk.rosters import NUMBER, NUMBER_IN_ENGLISH, Plan, apply, listed, plan, read_roster
from wishwall.kit.answers import done
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, once


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


@bp.post("/couriers/list")
@limited("LIMIT_ACTIONS")
@keyed
def run_couriers_import() -> Response:
    form = RosterForm()
    return take(
        form,
        read=read_roster,
        plan=lambda roster: plan(roster, listed(roster)),
        apply=lambda planned: apply(
            planned, employer=form.employer.data or "", actor_id=current_user.id
        ),
        page=_roster_page,
    )


def _roster_page(
    form: RosterForm, *, planned: Plan | None = None, dry_run: bool = False, status: int = 200
) -> Response:
    counter = VerifyForm(formdata=None)
    return _page(counter, roster=form, planned=planned, dry_run=dry_run, status=status)


def _page(
    form: VerifyForm,
    *,
    roster: RosterForm | None = None,
    planned: Plan | None = None,
    dry_run: bool = False,
    status: int = 200,
) -> Response:
    page = render_template(
        "desk/couriers.html",
        form=form,
        roster=roster or RosterForm(formdata=None),
        columns=[f"{NUMBER} / {NUMBER_IN_ENGLISH}"],
        planned=planned,
        dry_run=dry_run,
    )
    return make_response(page, status)

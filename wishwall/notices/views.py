"""The inbox."""

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user
from sqlalchemy import select

from wishwall.kit.answers import done
from wishwall.kit.db import db
from wishwall.kit.forms import KeyedForm
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import once
from wishwall.kit.urls import asked_number
from wishwall.notices.models import Notice, read_up_to
from wishwall.trail.queries import newest_happening

bp = Blueprint("notices", __name__)

A_PAGE = 30


@bp.get("/me/notices")
def inbox() -> Response:
    before, newest = asked_number("before"), newest_happening()
    query = select(Notice).where(Notice.person_id == current_user.id)
    if before:
        query = query.where(Notice.id < before)
    found = db.session.scalars(query.order_by(Notice.id.desc()).limit(A_PAGE + 1)).all()
    page = render_template(
        "notices/inbox.html",
        notices=found[:A_PAGE],
        next_before=found[A_PAGE - 1].id if len(found) > A_PAGE else "",
        is_newest=before is None,
        form=KeyedForm(formdata=None),
        stream="/me/live",
        after=newest,
    )
    return make_response(page)


@bp.post("/me/notices/reading")
@once
def reading() -> Response:
    seen = asked_number("up_to")
    if seen is not None:
        read_up_to(seen, by_id=current_user.id)
    return done("/me/notices", _("都看过了。"))

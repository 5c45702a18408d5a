"""Signing up, in and out, and a person's own page.

A known and an unknown telephone number get the same answers after the same work: signing up
always leads to signing in, and only the right password gets further. Passwords are hashed
outside the writing transaction, which nobody else should wait for.
"""

from collections.abc import Callable
from functools import cache
from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, render_template, request, session
from flask_login import current_user, login_user
from werkzeug.security import check_password_hash, generate_password_hash

from wishwall.accounts.forms import SignInForm, SignUpForm
from wishwall.accounts.models import Person, Role, Visit
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.visitors import Visitor
from wishwall.accounts.words import GROUPS, ROLES
from wishwall.kit.answers import done, go, safe_next
from wishwall.kit.db import db, insert, writing
from wishwall.kit.i18n import _
from wishwall.kit.idempotency import keyed, repeatable
from wishwall.kit.ids import public_id
from wishwall.kit.limits import address, allow

bp = Blueprint("accounts", __name__)

AfterSignUp = Callable[[Person], None]
AfterSignIn = Callable[[Person], tuple[str, str] | None]
DRAFTS, TYPED_PHONE = ("draft", "shop_draft"), "typed_phone"
_after_sign_up: list[AfterSignUp] = []
_after_sign_in: list[AfterSignIn] = []


def after_sign_up(deed: AfterSignUp) -> None:
    """Let a feature do something for whoever has just signed up, in the same transaction."""
    if deed not in _after_sign_up:
        _after_sign_up.append(deed)


def after_sign_in(deed: AfterSignIn) -> None:
    """Let a feature finish what a stranger began; it may say where to go and what to say."""
    if deed not in _after_sign_in:
        _after_sign_in.append(deed)


@bp.get("/sign-in")
def sign_in() -> Response:
    form = SignInForm(formdata=None)
    form.phone.data = session.get(TYPED_PHONE, "")
    return _sign_in_page(form)


@bp.post("/sign-in")
@keyed
def try_sign_in() -> Response:
    allow("LIMIT_SIGN_IN_ADDRESS", address())
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    allow("LIMIT_SIGN_IN", form.phone.number)
    person = person_by_phone(form.phone.number)
    nobodys_hash = _nobodys_hash()  # made once, whoever comes first
    known_hash = person.password_hash if person else nobodys_hash
    if not check_password_hash(known_hash, form.password.data or "") or person is None:
        form.password.errors = [_("手机号或密码不对，请再试一次。")]
        return _sign_in_page(form, 422)
    with writing():
        _begin_visit(person)
        for finish in _after_sign_in:
            if finished := finish(person):
                return done(*finished)
    return go(safe_next(request.args.get("next")))


@bp.get("/sign-up")
def sign_up() -> Response:
    form = SignUpForm(formdata=None)
    form.role.data = request.args.get("role", "")[:20]
    return _sign_up_page(form)


@bp.post("/sign-up")
@keyed
def try_sign_up() -> Response:
    allow("LIMIT_SIGN_UP_ADDRESS", address())
    form = SignUpForm()
    if not form.validate():
        return _sign_up_page(form, 422)
    password_hash = generate_password_hash(form.password.data or "")
    with writing():
        joined = db.session.scalar(
            insert(Person)
            .values(
                phone=form.phone.number,
                nickname=form.nickname.data,
                password_hash=password_hash,
                public_id=public_id(),
                courier_group=form.courier_group,
            )
            .on_conflict_do_nothing(index_elements=["phone"])
            .returning(Person.id)
        )
        if joined is not None:
            db.session.add(Role(person_id=joined, kind=form.role.data))
            db.session.flush()
            for deed in _after_sign_up:
                deed(db.session.get_one(Person, joined))
    session[TYPED_PHONE] = form.phone.data
    flash(_("请用刚才的手机号和密码登录。如果这个号码以前注册过，用原来的密码。"))
    return go("/sign-in" + _next_again())


@bp.post("/sign-out")
@repeatable
def sign_out() -> Response:
    if current_user.is_authenticated:
        Visit.end(current_user.visit_token)
    session.clear()
    return done("/", _("已退出。"))


@bp.get("/me")
def me() -> Response:
    roles = [ROLES[role.kind] for role in current_user.roles]
    group = GROUPS.get(current_user.courier_group or "", "")
    return make_response(render_template("accounts/me.html", roles=roles, group=group))


def _begin_visit(person: Person) -> None:
    """A new session for a new visit; only what was being written stays."""
    drafts = {name: session[name] for name in DRAFTS if name in session}
    if current_user.is_authenticated:
        Visit.end(current_user.visit_token)
    session.clear()
    session.update(drafts)
    session.permanent = True
    login_user(Visitor.arriving(person, Visit.begin(person)))


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        drafts=[name for name in DRAFTS if name in session],
        next_again=_next_again(),
    )
    return make_response(page, status)


def _sign_up_page(form: SignUpForm, status: int = 200) -> Response:
    page = render_template("accounts/sign_up.html", form=form, next_again=_next_again())
    return make_response(page, status)


def _next_again() -> str:
    """The query that carries the way back from form to form."""
    target = safe_next(request.args.get("next"))
    return "" if target == "/" else f"?next={quote(target, safe='/')}"


@cache
def _nobodys_hash() -> str:
    """What an unknown number's password is checked against, so that it takes as long."""
    return generate_password_hash("nobody has this password")

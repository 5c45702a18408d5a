"""Posting a wish: by a courier, by a keeper at the counter, or before signing in."""

from flask import Response, abort, make_response, render_template, request

from wishwall.accounts.limited import limited
from wishwall.accounts.models import Person
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.viewing import actor
from wishwall.drafts import browser as drafts
from wishwall.kit.answers import done, go, wants_fragment
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.kit.forms import phone_number
from wishwall.kit.i18n import _, _l
from wishwall.kit.idempotency import once
from wishwall.kit.limits import address, allow
from wishwall.photos.storing import UnusablePhoto
from wishwall.photos.uploads import photo_taken, photographed, prepare_photo
from wishwall.stations.models import Station
from wishwall.stations.queries import station_by_code
from wishwall.wishes import cards
from wishwall.wishes.access import rules
from wishwall.wishes.blueprint import bp
from wishwall.wishes.forms import PostForm
from wishwall.wishes.models import Wish
from wishwall.wishes.queries import WallHead, card_rows
from wishwall.wishes.walls import head_or_404, post_again, post_context
from wishwall.wishes.words import STATES


class NotForYou(Refusal):
    status = 403
    sentence = _l("许愿是给小哥的。您可以去认领别人的心愿。")


@bp.post("/stations/<code:code>/wishes")
@limited("LIMIT_POSTING", "LIMIT_POSTING_ADDRESS")
@photographed
@once
def post(code: str) -> Response:
    head, form = head_or_404(code), PostForm()
    by = actor()
    author = _author(form, by, head)
    valid = form.validate()
    if author is None:
        form.courier_phone.errors = [_("没有这个手机号的小哥。请先帮他注册。")]
    if not valid or author is None:
        return post_again(head, form)
    try:
        wish = _hang(head, form, author=author, by=by)
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return post_again(head, form)
    _drop_draft_of(head)
    return _posted(head, wish)


def keep_draft() -> Response:
    """A stranger wrote a wish: keep it, ask them to sign in, post it then."""
    allow("LIMIT_POSTING_ADDRESS", address())
    head, form = head_or_404(str((request.view_args or {})["code"])), PostForm()
    if not form.validate():
        return post_again(head, form)
    prepare_photo()
    written = {"station": head.code, "text": form.text.data, "category": form.category.data}
    try:
        with writing():
            drafts.keep(drafts.WISH, written, photo_taken(by_id=None))
    except UnusablePhoto as unusable:
        form.photo.errors = [str(unusable.sentence)]
        return post_again(head, form)
    return go("/sign-in")


def post_draft(person: Person) -> tuple[str, str] | None:
    """After signing in: post the browser's draft; where to go then, and what to say."""
    draft = drafts.found(drafts.WISH)
    station = station_by_code(db.session, draft.fields["station"]) if draft else None
    if draft is None or station is None:
        drafts.drop(drafts.WISH)
        return None
    wall = f"/stations/{station.code}/wishes"
    if not person.is_courier:
        return wall, str(NotForYou.sentence)
    try:
        with db.session.begin_nested():
            wish = Wish.post(
                station=station,
                author=person,
                by=person,
                text=draft.fields["text"],
                category=draft.fields["category"],
                photo=draft.photo,
                rules=rules(),
            )
    except Refusal as refusal:  # the draft stays, and stands in the form
        return wall, str(refusal.sentence)
    drafts.drop(drafts.WISH)
    return wish.link, _("您的心愿贴上墙了。")


def _author(form: PostForm, by: Person, head: WallHead) -> Person | None:
    """Whose wish it is: the courier at the keeper's counter, or whoever posts."""
    if head.station_id in by.kept_station_ids() and (form.courier_phone.data or not by.is_courier):
        number = phone_number(form.courier_phone.data or "")
        courier = person_by_phone(number) if number else None
        return courier if courier is not None and courier.is_courier else None
    if not by.is_courier:
        abort(404)  # a keeper, and not of this station
    return by


def _hang(head: WallHead, form: PostForm, *, author: Person, by: Person) -> Wish:
    return Wish.post(
        station=db.session.get_one(Station, head.station_id),
        author=author,
        by=by,
        text=form.text.data,
        category=form.category.data,
        photo=photo_taken(by_id=by.id),
        rules=rules(),
    )


def _drop_draft_of(head: WallHead) -> None:
    """The draft of this wall stood in the form: it is not posted a second time."""
    draft = drafts.found(drafts.WISH)
    if draft is not None and draft.fields["station"] == head.code:
        drafts.drop(drafts.WISH)


def _posted(head: WallHead, wish: Wish) -> Response:
    if not wants_fragment():
        return done(f"/stations/{head.code}/wishes", _("您的心愿贴上墙了。"))
    now_hanging = head_or_404(head.code).counts
    context = post_context(head)
    card = cards.rendered(card_rows(wish.id)).html
    page = render_template(
        "wishes/posted.html",
        id=wish.public_id,
        card=card,
        counts=now_hanging,
        states=STATES,
        **context,
    )
    return make_response(page, 201)

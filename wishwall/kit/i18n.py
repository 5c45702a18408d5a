"""Two languages: Chinese is written in the source, English is translated.

The reader's choice is `?lang=` (kept in a cookie), then `Accept-Language`, then Chinese.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, LazyString, ngettext
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from wishwall.kit.clock import in_city
from wishwall.kit.files import write_whole

__all__ = [
    "_",
    "_l",
    "day",
    "day_time",
    "html_lang",
    "in_both",
    "init_app",
    "language",
    "ngettext",
    "speaking",
]

TRANSLATIONS = Path(__file__).parent.parent / "translations"
LOCALES = {"zh": "zh_Hans", "en": "en"}
HTML_LANGS = {"zh": "zh-Hans", "en": "en"}
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600

babel = Babel()
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def _(sentence: str, **values: object) -> str:
    """A sentence in the reader's language."""
    said: str = _catalog(language()).gettext(sentence)
    return said % values if values else said


def _l(sentence: str, **values: object) -> LazyString:
    """A sentence translated only when it is said."""
    return LazyString(_, sentence, **values)


def language() -> str:
    """The reader's language, 'zh' or 'en'; chosen once a request."""
    if spoken := _spoken.get():
        return spoken
    try:
        here: str = g.language  # asked some eighty times a page
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return "zh"
        here = g.language = _chosen()
    return here


def html_lang() -> str:
    """The language as the `lang` attribute says it."""
    return HTML_LANGS[language()]


def switch_path() -> str:
    """This page's address, ready for `lang=…` to be appended."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    path = request.path
    if request.method == "POST":  # the page came in answer to a form: name one that can be opened
        router, asked = current_app.url_map.bind(""), []
        while not router.test(path, method="GET"):
            path = path.rsplit("/", 1)[0] or "/"
    return f"{quote(path)}?{urlencode(asked)}&" if asked else f"{quote(path)}?"


def day(moment: datetime, spoken: str = "") -> str:
    """A day of the city, as the reader or who speaks `spoken` says it: 11月23日, Nov 23."""
    return _day(in_city(moment).date(), spoken or language())


@lru_cache(maxsize=1000)
def _day(local: date, spoken: str) -> str:
    return f"{local.month}月{local.day}日" if spoken == "zh" else f"{local:%b} {local.day}"


def day_time(moment: datetime) -> str:
    """A day and the minute: 11月23日 14:02."""
    return f"{day(moment)} {in_city(moment):%H:%M}"


def init_app(app: Flask) -> None:
    """Compile what is newer than its compiled form, and choose a language per request."""
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        _compile(po)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    babel.init_app(app, locale_selector=lambda: LOCALES[language()])
    app.jinja_env.globals["_"] = _on_page
    app.after_request(_remember)
    app.jinja_env.globals.update(language=language, html_lang=html_lang, day=day, day_time=day_time)
    app.context_processor(lambda: {"switch_path": switch_path(), "_": _in(language())})


def in_both(sentence: LazyString) -> str:
    """The sentence in Chinese and in English, as the shell says it."""
    said = []
    for spoken in LOCALES:
        with speaking(spoken):
            said.append(str(sentence))
    return " / ".join(dict.fromkeys(said))


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Say everything in this language, whoever asks."""
    before = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(before)


def _on_page(sentence: str, **values: object) -> Markup:
    """A sentence of a template; what is put into it is escaped."""
    return _in(language())(sentence, **values)


@cache
def _in(spoken: str) -> Callable[..., Markup]:
    """The same for one page, which need not ask for its language again."""

    def say(sentence: str, **values: object) -> Markup:
        said = _safe(spoken, sentence)
        return said % values if values else said

    return say


@lru_cache(maxsize=4096)
def _safe(spoken: str, sentence: str) -> Markup:
    return Markup(_catalog(spoken).gettext(sentence))  # noqa: S704 - ours, as the catalog is


@cache
def _catalog(spoken: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [LOCALES[spoken]])


def chosen(header: str, *wishes: str | None) -> str:
    """The language of the first wish that names one, else of an `Accept-Language` header."""
    for wish in wishes:
        if wish in LOCALES:
            return wish
    return _preferred(header)


def _chosen() -> str:
    header = request.headers.get("Accept-Language", "")
    return chosen(header, request.args.get("lang"), request.cookies.get(COOKIE))


@lru_cache(maxsize=256)
def _preferred(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(list(LOCALES)) or "zh"


def _remember(response: Response) -> Response:
    chosen = request.args.get("lang")
    if chosen in LOCALES and chosen != request.cookies.get(COOKIE):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _compile(po: Path) -> None:
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return
    with po.open("rb") as source:
        catalog = read_po(source, locale=po.parent.parent.name)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    write_whole(mo, compiled.getvalue())

"""Two languages: Chinese is written in the source, English is translated.

The reader's choice is `?lang=` (kept in a cookie), then `Accept-Language`, then Chinese.
"""

import io
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, has_request_context, request
from flask_babel import Babel, LazyString, force_locale, get_locale, gettext, lazy_gettext, ngettext

from wishwall.kit.clock import in_city
from wishwall.kit.files import write_whole

__all__ = ["_", "_l", "day", "day_time", "html_lang", "in_both", "init_app", "language", "ngettext"]

TRANSLATIONS = Path(__file__).parent.parent / "translations"
LOCALES = {"zh": "zh_Hans", "en": "en"}
HTML_LANGS = {"zh": "zh-Hans", "en": "en"}
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600

_ = gettext
babel = Babel()


def _l(sentence: str, **values: object) -> LazyString:
    """A sentence translated only when it is said."""
    return lazy_gettext(sentence, **values)


def language() -> str:
    """The reader's language: 'zh' or 'en'."""
    return "en" if str(get_locale()) == "en" else "zh"


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


def day(moment: datetime) -> str:
    """A day of the city: 11月23日, Nov 23."""
    local = in_city(moment)
    return f"{local.month}月{local.day}日" if language() == "zh" else f"{local:%b} {local.day}"


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
    babel.init_app(app, locale_selector=lambda: LOCALES[_chosen()])
    app.after_request(_remember)
    app.jinja_env.globals.update(language=language, html_lang=html_lang, day=day, day_time=day_time)
    app.context_processor(lambda: {"switch_path": switch_path()})


def in_both(sentence: LazyString) -> str:
    """The sentence in Chinese and in English, as the shell says it."""
    said = []
    for locale in LOCALES.values():
        with force_locale(locale):
            said.append(str(sentence))
    return " / ".join(dict.fromkeys(said))


def _chosen() -> str:
    if not has_request_context():
        return "zh"
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LOCALES:
            return wish
    return request.accept_languages.best_match(list(LOCALES)) or "zh"


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

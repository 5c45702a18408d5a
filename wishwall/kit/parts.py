"""Parts of a page that are the same wherever they are given the same values: rendered once."""

from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup

from wishwall.kit.i18n import language

PARTS_KEPT = 500


def init_app(app: Flask) -> None:
    """Give templates `kept('kit/_top.html', …)`."""
    app.jinja_env.globals["kept"] = kept


def kept(template: str, **values: str | int | bool) -> Markup:
    """A part in the reader's language, made of nothing but these values."""
    return _rendered(template, language(), **values)


@lru_cache(maxsize=PARTS_KEPT)
def _rendered(template: str, _language: str, **values: str | int | bool) -> Markup:
    html = current_app.jinja_env.get_template(template).render(values)
    return Markup(html)  # noqa: S704 - a template of ours has escaped it

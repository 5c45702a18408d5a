"""Refusals: the ways something is not done, each with a status and a sentence for people."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from flask_babel import LazyString
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from wishwall.kit.i18n import _l
from wishwall.kit.write_queue import QueueTooLong

SQLITE_UNAVAILABLE = {
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
}


class Refusal(Exception):
    """A rule of the wall said no; nothing has changed. Subclasses carry their own words."""

    status: ClassVar[int] = 409
    sentence: LazyString = _l("现在不能这样做，请刷新看看最新情况。")
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, sentence: LazyString | None = None) -> None:
        super().__init__()
        if sentence is not None:
            self.sentence = sentence


class KeyMissing(Refusal):
    """A POST came without an idempotency key."""

    status = 400
    sentence = _l("页面不完整，请重新打开后再试。")


class KeyReused(Refusal):
    """The same key came with other content."""

    sentence = _l("这张表单已经用过了。内容还在，请再按一次。")


def is_unavailable(error: Exception) -> bool:
    """Whether the database is busy, full or away, as opposed to a mistake of ours."""
    if isinstance(error, (QueueTooLong, PoolTimeout)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return any(name.startswith(known) for known in SQLITE_UNAVAILABLE)
    return isinstance(error, OperationalError) or error.connection_invalidated


def sentence_for(error: HTTPException) -> LazyString:
    """What an HTTP error means, said plainly."""
    return SENTENCES.get(error.code or 500, SENTENCES[500])


SENTENCES = {
    400: _l("页面过期或不完整。请返回、刷新后再试一次。"),
    401: _l("请先登录。"),
    403: _l("您的身份不能做这件事，需要的话请找站长。"),
    404: _l("没有找到。它可能已被撤回，或者网址有误。"),
    405: _l("这个网址不能这样用，请回首页重新找。"),
    413: _l("文件太大了，请换一张小一点的。"),
    429: _l("太频繁了，请稍后再试。"),
    500: _l("我们这边出错了。您的内容没有保存，请稍后再试。"),
    503: _l("现在太忙了，请稍等几秒再试。"),
}

"""The sentences of the inbox, taught by the features that send notices."""

from collections.abc import Mapping

from flask_babel import LazyString

_sentences: dict[str, LazyString] = {}


def learn(sentences: Mapping[str, LazyString]) -> None:
    """Add sentences by kind of notice; each may use `%(about)s`."""
    _sentences.update(sentences)


def say(kind: str, about: str) -> str:
    """The sentence of a notice in the reader's language."""
    return str(_sentences[kind]) % {"about": about}

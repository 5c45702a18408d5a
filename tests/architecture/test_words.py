"""Words on screens are Chinese first and English too; no file names the machine it was made on."""

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from jinja2 import nodes

from tests.support.project import (
    PACKAGE,
    ROOT,
    jinja,
    kept_files,
    python_files,
    template_files,
)

ENGLISH = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
TRANSLATING = {"_", "_l", "gettext", "ngettext", "pgettext", "npgettext"}
SAID_IN_CHINESE_ALWAYS = {"中文"}  # the way back for someone lost in English
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
MACHINE = re.compile(
    r"(?<![\w.*}/-])/(?:work|root|home|Users|mnt|opt(?!/homebrew))/"
    r"|--(?:extra-)?index-url[= ]\S|--find-links[= ]\S|/simple/?\s*$"
)


def test_no_file_names_a_machine_or_an_index() -> None:
    named = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in kept_files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not named, "\n" + "\n".join(named)


def test_every_sentence_has_an_english_translation() -> None:
    english = _english()
    lacking = []
    for sentence, where in dict(_sentences()).items():
        message = english.get(sentence)
        if message is None or not _whole(message.string) or message.fuzzy:
            lacking.append(f"{where}: {sentence}")
    assert not lacking, f"{len(lacking)} without English:\n" + "\n".join(lacking)


def test_translations_keep_the_placeholders() -> None:
    odd = [
        str(message.id)
        for message in _english()
        if message.id and set(_placeholders(message.id)) != set(_placeholders(message.string))
    ]
    assert not odd


def test_no_translation_is_left_over() -> None:
    said = {sentence for sentence, _ in _sentences()}
    left = [_first(message.id) for message in _english() if message.id]
    assert not [sentence for sentence in left if sentence not in said]


def test_templates_say_nothing_untranslated() -> None:
    untranslated = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in template_files()
        for line, text in _untranslated(jinja().parse(file.read_text("utf-8")))
        if text not in SAID_IN_CHINESE_ALWAYS
    ]
    assert not untranslated, "\n" + "\n".join(untranslated)


def _english() -> Catalog:
    if not ENGLISH.exists():
        return Catalog("en")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def _sentences() -> Iterator[tuple[str, str]]:
    """Each sentence for people, and where it stands."""
    methods = [("python", file) for file in python_files(PACKAGE)]
    methods += [("jinja2", file) for file in template_files()]
    for method, file in methods:
        for line, message, _comments, _context in extract_from_file(method, file, KEYWORDS):
            yield _first(message), f"{file.relative_to(ROOT)}:{line}"


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, (tuple, list)) else message)


def _whole(translated: object) -> bool:
    return all(translated) if isinstance(translated, (tuple, list)) else bool(translated)


def _placeholders(message: object) -> list[str]:
    forms = message if isinstance(message, (tuple, list)) else (message,)
    return [found for form in forms for found in PLACEHOLDER.findall(str(form))]


def _untranslated(template: nodes.Node) -> Iterator[tuple[int, str]]:
    """Chinese that is not an argument of a translating call."""
    if isinstance(template, nodes.Call) and getattr(template.node, "name", "") in TRANSLATING:
        return
    value = getattr(template, "data", None) or getattr(template, "value", None)
    if isinstance(template, (nodes.TemplateData, nodes.Const)) and CHINESE.search(str(value)):
        for line in str(value).splitlines():
            if CHINESE.search(line):
                yield template.lineno, re.sub(r"<[^>]*>", "", line).strip()
    for child in template.iter_child_nodes():
        yield from _untranslated(child)

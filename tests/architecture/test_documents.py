"""The documents say what is true: their tables, paths, settings and quotations are checked."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.project import PACKAGE, ROOT, python_files
from wishwall.commands import main
from wishwall.config import SETTINGS, Setting

README = ROOT / "README.md"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
MADE_LATER = (".venv/", "instance/", "build/", "static/vendor/")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"`([\w.][\w./-]*/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def test_readme_names_the_make_targets_there_are() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert sorted(_first_cells(README, "make target")) == sorted(f"make {name}" for name in targets)


def test_readme_names_the_commands_there_are() -> None:
    assert sorted(_first_cells(README, "command")) == sorted(_commands(main, "wishwall"))


def test_readme_names_the_settings_there_are_with_their_defaults() -> None:
    there = [_line_of(setting) for setting in SETTINGS]
    assert _table(README, "setting") == there, "README should say:\n" + "\n".join(there)


def test_no_document_names_a_setting_that_is_not_there() -> None:
    known = {f"WISHWALL_{setting.name}" for setting in SETTINGS} | {"WISHWALL_INSTANCE"}
    for document in DOCUMENTS:
        assert set(re.findall(r"WISHWALL_\w+", document.read_text("utf-8"))) <= known, document.name


def test_the_words_of_the_glossary_stand_in_the_code() -> None:
    code = "\n".join(file.read_text("utf-8") for file in python_files(PACKAGE))
    for word in _first_cells(README, "identifier"):
        assert re.search(rf"(class|def) {word}\b|\"{word}\"", code), word


def test_the_fixtures_of_the_table_are_there() -> None:
    code = "\n".join(file.read_text("utf-8") for file in python_files(ROOT / "tests" / "support"))
    for name in _first_cells(ROOT / "CONTRIBUTING.md", "fixture"):
        assert re.search(rf"@pytest\.fixture.*\ndef {name}\(", code), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_in_a_document_leads_somewhere(document: Path) -> None:
    prose = FENCED.sub("", document.read_text("utf-8"))
    named = [(ROOT, path) for path in PATH.findall(prose) if not path.startswith(MADE_LATER)]
    linked = [(document.parent, path) for path in LINK.findall(prose)]
    lost = [path for folder, path in (*named, *linked) if not (folder / path).exists()]
    assert not lost, f"{document.name} names what is not there: {lost}"


def test_quoted_lines_stand_in_the_source() -> None:
    quoted = list(_quotations(ROOT / "docs" / "architecture.md"))
    assert quoted
    for file, lines in quoted:
        source = iter(file.read_text("utf-8").splitlines())
        for line in lines:  # each after the one before
            assert line in source, f"{file.relative_to(ROOT)} does not say:\n{line}"


def _table(document: Path, head: str) -> list[str]:
    """The rows of the table whose first column is so called."""
    _before, found, after = document.read_text("utf-8").partition(f"\n| {head} |")
    assert found, f"{document.name} has no table of {head}"
    rows = after.partition("\n\n")[0].splitlines()
    return rows[2:]


def _first_cells(document: Path, head: str) -> list[str]:
    return [
        name for row in _table(document, head) for name in re.findall("`(.*?)`", row.split("|")[1])
    ]


def _commands(group: click.Group, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def _line_of(setting: Setting) -> str:
    default = setting.default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return f"| `WISHWALL_{setting.name}` | {f'`{shown}`' if shown else ''} | {setting.why} |"


def _quotations(document: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each quoted piece of Python: the file that its first line names, and its lines."""
    for language, block in FENCED.findall(document.read_text("utf-8")):
        if language == "python":
            name, *lines = block.splitlines()
            yield ROOT / name.removeprefix("# "), lines

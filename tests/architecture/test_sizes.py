"""Small files: what is over its budget is listed, and split, or allowed here with a reason."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.project import MIGRATIONS, ROOT

PYTHON, CONFTEST, PAGE, FRAGMENT, CSS = 300, 120, 120, 40, 200
ALLOWED = {  # path: why it may be longer
    "wishwall/wishes/models.py": "the life cycle is read as one: every arrow below the one before",
}
FOLDERS = ("wishwall", "templates", "static", "tests", "benchmarks")


def test_no_file_is_over_its_budget() -> None:
    over = [
        f"{name}: {lines} lines, the budget is {budget}"
        for name, lines, budget in _measured()
        if lines > budget and name not in ALLOWED
    ]
    assert not over, "\n" + "\n".join(over)


def test_no_allowance_is_left_over() -> None:
    needed = {name for name, lines, budget in _measured() if lines > budget}
    assert set(ALLOWED) <= needed


def _measured() -> Iterator[tuple[str, int, int]]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if (budget := _budget(file)) is not None:
                lines = len(file.read_text("utf-8").splitlines())
                yield file.relative_to(ROOT).as_posix(), lines, budget


def _budget(file: Path) -> int | None:
    if file.is_relative_to(MIGRATIONS) or file.is_relative_to(ROOT / "static" / "vendor"):
        return None
    if file.name == "conftest.py":
        return CONFTEST
    if file.suffix == ".html":
        return FRAGMENT if file.name.startswith("_") else PAGE
    return {".py": PYTHON, ".css": CSS}.get(file.suffix)

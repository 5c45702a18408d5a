"""Imports point only to a lower tier and stand at the top of the file (DESIGN: layout)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.project import PACKAGE, ROOT, python_files

TIERS = (
    ("kit",),
    ("accounts",),
    ("stations", "trail", "photos"),
    ("live", "notices", "drafts", "points"),
    ("wishes", "merchants", "hazards", "cases", "activities", "books"),
    ("home", "desk", "statistics"),
)
TIER_OF = {package: tier for tier, packages in enumerate(TIERS) for package in packages}
TOP = len(TIERS)  # the package's own modules: they put everything together
PART_OF_TOP = {"demo", "migrations"}
NOT_IN_MODELS = ("flask", "wtforms")


def test_imports_point_only_to_a_lower_tier() -> None:
    upward = [
        f"{shown}: {name} is in tier {_tier(name)}, not below tier {_tier_of_file(file)}"
        for file, shown, name in _imports()
        if _tier(name) >= _tier_of_file(file) and not _same_package(file, name)
    ]
    assert not upward, "\n" + "\n".join(upward)


def test_every_package_has_a_tier() -> None:
    packages = {folder.parent.name for folder in PACKAGE.glob("*/__init__.py")}
    assert packages <= set(TIER_OF) | PART_OF_TOP


def test_imports_of_our_own_stand_at_the_top_of_the_file() -> None:
    late = [
        f"{file.relative_to(ROOT)}:{node.lineno}: move this import to the top"
        for file in python_files(PACKAGE)
        for node in _late_imports(ast.parse(file.read_text("utf-8")))
    ]
    assert not late, "\n" + "\n".join(late)


def test_models_know_nothing_of_the_web() -> None:
    wrong = []
    for file in PACKAGE.glob("*/models.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for name in _names(node):
                first, last = name.split(".")[0], name.split(".")[-1]
                if first.startswith(NOT_IN_MODELS) or last in {"forms", "views"}:
                    wrong.append(f"{file.relative_to(ROOT)}:{_line(node)}: models import {name}")
    assert not wrong, "\n" + "\n".join(wrong)


def _imports() -> Iterator[tuple[Path, str, str]]:
    """Each import of our own: the file, the line as shown, the module's name."""
    for file in python_files(PACKAGE):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            for name in _names(node):
                if name.split(".")[0] == PACKAGE.name:
                    yield file, f"{file.relative_to(ROOT)}:{_line(node)}", name


def _names(node: ast.AST) -> list[str]:
    """The modules that an import names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    if node.level:
        return [f"{PACKAGE.name}.relative"]  # in no tier, so refused: write the name out
    if node.module == PACKAGE.name:
        return [f"{PACKAGE.name}.{alias.name}" for alias in node.names]
    return [node.module or ""]


def _late_imports(tree: ast.Module) -> Iterator[ast.stmt]:
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        own = any(name.split(".")[0] == PACKAGE.name for name in _names(node))
        if own and isinstance(node, ast.stmt) and id(node) not in top:
            yield node


def _tier(name: str) -> int:
    parts = name.split(".")
    return TIER_OF.get(parts[1], TOP) if len(parts) > 1 else TOP


def _tier_of_file(file: Path) -> int:
    parts = file.relative_to(PACKAGE).parts
    return TIER_OF.get(parts[0], TOP + 1) if len(parts) > 1 else TOP + 1


def _same_package(file: Path, name: str) -> bool:
    inside = file.relative_to(PACKAGE).parts
    return len(inside) > 1 and name.split(".")[1:2] == [inside[0]]


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)

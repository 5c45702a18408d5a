"""No template lies about unused, none is missing, none switches escaping off."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import meta, nodes

from tests.support.project import PACKAGE, TEMPLATES, jinja, python_files, template_files

ENDINGS = tuple({file.suffix for file in template_files()})


def test_every_template_is_used_somewhere() -> None:
    used = set(_named_in_python()) | set(_named_in_templates())
    unused = {_name(file) for file in template_files()} - used
    assert not unused, f"nothing renders, includes, extends or imports {sorted(unused)}"


def test_every_template_that_is_named_exists() -> None:
    missing = [name for name in _named_in_templates() if not (TEMPLATES / name).is_file()]
    assert not missing


def test_no_template_switches_escaping_off() -> None:
    unsafe = [
        f"{_name(file)}:{node.lineno}"
        for file in template_files()
        for node in jinja()
        .parse(file.read_text("utf-8"))
        .find_all((nodes.Filter, nodes.ScopedEvalContextModifier))
        if not isinstance(node, nodes.Filter) or node.name in {"safe", "forceescape"}
    ]
    assert not unsafe, f"only escaped text may reach a page: {unsafe}"


def _named_in_python() -> Iterator[str]:
    for file in python_files(PACKAGE):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and str(node.value).endswith(ENDINGS):
                yield str(node.value)


def _named_in_templates() -> Iterator[str]:
    for file in template_files():
        tree = jinja().parse(file.read_text("utf-8"))
        for name in meta.find_referenced_templates(tree):
            if name is not None:
                yield name
        for call in tree.find_all(nodes.Call):  # kept('kit/_top.html', …)
            for given in call.args:
                if isinstance(given, nodes.Const) and str(given.value).endswith(".html"):
                    yield str(given.value)


def _name(file: Path) -> str:
    return file.relative_to(TEMPLATES).as_posix()

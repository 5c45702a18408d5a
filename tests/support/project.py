"""The project's own files, for the tests that read them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "wishwall"
TEMPLATES = ROOT / "templates"
MIGRATIONS = PACKAGE / "migrations"


def python_files(*folders: Path) -> Iterator[Path]:
    """All modules below these folders but the migrations, which are written once."""
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            if not file.is_relative_to(MIGRATIONS):
                yield file


def template_files() -> list[Path]:
    """All templates, by path."""
    return sorted(file for file in TEMPLATES.rglob("*") if file.is_file())


def jinja() -> Environment:
    """Reads the templates as the application does, without loading it."""
    return Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def kept_files() -> Iterator[Path]:
    """The text files that travel with the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for name in listed.stdout.split("\0"):
        file = ROOT / name
        if name and file.is_file() and b"\0" not in file.read_bytes()[:8000]:
            yield file

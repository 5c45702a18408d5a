"""What a test needs from the system: found, or missed out loud."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import pytest

ON_CI = os.environ.get("CI") == "true"


def find(names: Iterable[str], folders: Iterable[str] = ()) -> Path | None:
    """The first of these programs on PATH, or in one of these folders (newest version first)."""
    wanted = list(names)
    for name in wanted:
        if found := shutil.which(name):
            return Path(found)
    for pattern in folders:
        for folder in sorted(Path("/").glob(pattern.removeprefix("/")), reverse=True):
            for name in wanted:
                if (folder / name).is_file():
                    return folder / name
    return None


def missing(what: str) -> NoReturn:
    """Skip, saying why; on CI nothing may be missing."""
    sentence = f"{what} is not installed; tests/setup_system.sh says how to get it"
    if ON_CI:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)

"""systemd understands the units, and they let a server do what it must."""

import platform
import shutil
import subprocess
from pathlib import Path

from tests.support.needs import find, missing
from tests.support.province import DEPLOY

UNITS = ("wishwall@.service", "wishwall.target")


def test_systemd_has_nothing_against_the_units(tmp_path: Path) -> None:
    program = find(["systemd-analyze"])
    if program is None:
        missing(f"systemd ({platform.system()})")
    command = tmp_path / "wishwall"
    command.touch(mode=0o755)
    for name in UNITS:
        text = (DEPLOY / name).read_text("utf-8")
        there = text.replace("/srv/wishwall/.venv/bin/wishwall", str(command))
        (tmp_path / name).write_text(there, "utf-8")
    shutil.copy(tmp_path / UNITS[0], tmp_path / "wishwall@8001.service")
    said = subprocess.run(
        [program, "verify", tmp_path / "wishwall@8001.service", tmp_path / UNITS[1]],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if "wishwall" in line]
    assert said.returncode == 0 and ours == [], said.stderr


def test_the_target_names_the_servers_that_nginx_knows() -> None:
    target = (DEPLOY / "wishwall.target").read_text("utf-8")
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    for port in ("8001", "8002"):
        assert f"wishwall@{port}.service" in target
        assert nginx.count(f"server 127.0.0.1:{port} ") == 2

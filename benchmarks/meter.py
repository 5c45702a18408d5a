"""What a server's worker spends: instructions where the machine counts them, else CPU time."""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cache

COUNT = ("perf", "stat", "-x", ",", "-e", "instructions")
ATTACH_SECONDS = 0.1


def unit() -> str:
    """What is counted on this machine."""
    return "instructions" if _counts_instructions() else "CPU nanoseconds"


def spent(worker: int, work: Callable[[], None]) -> int:
    """What the worker spends on it, user and system, all its threads."""
    if _counts_instructions():
        return _instructions(worker, work)
    before = _cpu_nanoseconds(worker)
    work()
    return _cpu_nanoseconds(worker) - before


@cache
def _counts_instructions() -> bool:
    """Virtual machines mostly do not."""
    if shutil.which("perf") is None:
        return False
    tried = subprocess.run([*COUNT, "true"], capture_output=True, text=True, check=False)  # noqa: S603
    return tried.returncode == 0 and _count_in(tried.stderr) is not None


def _instructions(worker: int, work: Callable[[], None]) -> int:
    counting = subprocess.Popen(  # noqa: S603
        [*COUNT, "-p", str(worker)], stderr=subprocess.PIPE, text=True
    )
    time.sleep(ATTACH_SECONDS)
    try:
        work()
    finally:
        counting.send_signal(signal.SIGINT)
        said = counting.communicate()[1]
    count = _count_in(said)
    if count is None:
        raise RuntimeError(f"perf counted nothing: {said}")
    return count


def _count_in(said: str) -> int | None:
    found = re.search(r"^(\d+),", said, re.MULTILINE)
    return int(found[1]) if found else None


def _cpu_nanoseconds(process: int) -> int:
    """Linux gives every process a clock of the CPU time of all its threads."""
    return time.clock_gettime_ns((~process << 3) | 2)

"""`python -m benchmarks [NAME]`."""

import sys
from collections.abc import Callable

from benchmarks import live, merchants, pages, painted

BENCHMARKS: dict[str, Callable[[], None]] = {
    "pages": pages.main,
    "live": live.main,
    "painted": painted.main,
    "merchants": merchants.main,
}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    for name in chosen:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()

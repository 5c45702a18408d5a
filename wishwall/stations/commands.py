"""`wishwall stations …`: bringing a city's list of stations in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup

from wishwall.kit.db import db, writing
from wishwall.stations.checking import AMENITY_COLUMNS, LAT, LON, TEXTS
from wishwall.stations.decisions import Decided, PlanOf
from wishwall.stations.importing import Decision, Plan, apply, listed, plan, read_stations
from wishwall.stations.reading import MOST_BYTES, Row, UnreadableFile

stations = AppGroup("stations", help="驿站名录 / The directory of stations.")

COLUMNS = {name: column for column, name in TEXTS.items()} | {"lat": LAT, "lon": LON}
AMENITIES = {kind: column for column, kind in AMENITY_COLUMNS.items()}
SIGNS = {"refused": "✗ 拒绝 refused", "corrected": "~ 更正 corrected", "noted": "? 核对 check"}
Kind = TypeVar("Kind", bound=Decided)
Rows = TypeVar("Rows")


@stations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只报告，不写入 / Report only, write nothing.")
def import_stations(file: Path, *, dry_run: bool) -> None:
    """从表格导入驿站 / Import stations from FILE (CSV or XLSX).

    Good rows are imported, all in one transaction; bad rows are refused and named. Stations
    that FILE does not name stay as they are. Exit code 1 if FILE cannot be read or none of
    its rows could be taken; otherwise 0, even if some rows were refused.
    """
    rows = rows_of(file, read_stations)
    planned = _look(rows) if dry_run else _import(rows)
    report(planned, _changed, dry_run=dry_run)


def rows_of(file: Path, read: Callable[[bytes, str], Rows]) -> Rows:
    """The rows of a list; one that cannot be read ends the command, which says why."""
    try:
        with file.open("rb") as opened:
            return read(opened.read(MOST_BYTES + 1), file.name)
    except (UnreadableFile, OSError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many more rows are done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("导入 importing", total=total)
        yield lambda done: bar.advance(task, done)


def report(
    planned: PlanOf[Kind], changed: Callable[[Kind], Iterable[str]], *, dry_run: bool
) -> None:
    """Say what was found and done, row by row; the command fails if no row could be taken."""
    for decision in planned.decisions:
        _report_row(decision, changed)
    _report_counts(planned)
    if dry_run:
        click.echo("试运行，什么都没有写入。 / Dry run: nothing was written.")
    if planned.decisions and planned.count("refused") == len(planned.decisions):
        raise click.exceptions.Exit(1)


def _look(rows: list[Row]) -> Plan:
    return plan(rows, listed(db.session))


def _import(rows: list[Row]) -> Plan:
    with writing():
        planned = plan(rows, listed(db.session))
        if planned.writes:
            with progress(len(planned.writes)) as advance:
                apply(planned, db.session, advance)
    return planned


def _report_row(decision: Kind, changed: Callable[[Kind], Iterable[str]]) -> None:
    for finding in decision.findings:
        place = f"第 {finding.row} 行 row {finding.row} {decision.label} {finding.column}"
        said = f"{finding.zh} / {finding.en}"
        click.echo(f"{SIGNS[finding.kind]} · {place} “{finding.value}”: {said}")
    if decision.outcome == "updated":
        row = f"第 {decision.row} 行 row {decision.row}"
        click.echo(f"→ 更新 updated · {row} {decision.label}: {'、'.join(changed(decision))}")


def _report_counts(planned: PlanOf[Decided]) -> None:
    added, updated = planned.count("added"), planned.count("updated")
    unchanged, refused = planned.count("unchanged"), planned.count("refused")
    corrected, empty = planned.corrected, planned.empty_rows
    click.echo(
        f"新增 {added} 更新 {updated} 未变 {unchanged} 已更正 {corrected} 拒绝 {refused}"
        f" 空行 {empty} / added {added}, updated {updated}, unchanged {unchanged},"
        f" corrected {corrected}, refused {refused}, empty rows {empty}"
    )
    if not planned.writes:
        click.echo("名录没有任何变化。 / Nothing changed in the directory.")


def _changed(decision: Decision) -> list[str]:
    texts = [COLUMNS[name] for name in decision.changes or {}]
    gained = [f"+{column}" for kind, column in AMENITIES.items() if kind in decision.gained]
    lost = [f"-{column}" for kind, column in AMENITIES.items() if kind in decision.lost]
    return texts + gained + lost

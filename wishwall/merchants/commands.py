"""`wishwall merchants …`: bringing a city's list of shops in."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from wishwall.kit.clock import today
from wishwall.kit.db import db, writing
from wishwall.merchants.checking import COLUMNS
from wishwall.merchants.importing import apply, listed, read_merchants
from wishwall.merchants.planning import Decision, Plan, plan
from wishwall.stations.commands import progress, report, rows_of
from wishwall.stations.reading import Row

merchants = AppGroup("merchants", help="商户名录 / The directory of shops.")


@merchants.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只报告，不写入 / Report only, write nothing.")
def import_merchants(file: Path, *, dry_run: bool) -> None:
    """从表格导入商户和优惠 / Import shops and their offers from FILE (CSV or XLSX).

    Good rows are imported, all in one transaction, and couriers see them at once; bad rows are
    refused and named. Shops that have an owner, and those that FILE does not name, stay as they
    are. Exit code 1 if FILE cannot be read or none of its rows could be taken; otherwise 0, even
    if some rows were refused.
    """
    rows = rows_of(file, read_merchants)
    try:
        planned = _look(rows) if dry_run else _import(rows)
    except IntegrityError as error:  # PostgreSQL lets others register shops meanwhile
        zh, en = "刚刚有人登记了名单里的店", "somebody has just registered a shop of this list"
        again = f"{zh}，什么都没有写入，请再运行一次。 / Nothing was written: {en}; run it again."
        raise click.ClickException(again) from error
    report(planned, _changed, dry_run=dry_run)


def _look(rows: list[Row]) -> Plan:
    planned = plan(rows, listed(), today())
    db.session.rollback()  # nobody waits while the report is read
    return planned


def _import(rows: list[Row]) -> Plan:
    with writing():
        planned = plan(rows, listed(), today())
        if planned.writes:
            with progress(len(planned.writes)) as advance:
                apply(planned, advance)
    return planned


def _changed(decision: Decision) -> list[str]:
    return list(dict.fromkeys(COLUMNS[name] for name in decision.changes))

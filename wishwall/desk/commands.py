"""`wishwall people …` and `wishwall couriers …`: roles, and who is a courier, from the shell."""

from pathlib import Path

import click
from flask.cli import AppGroup

from wishwall.accounts.expected import employer_named
from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.roles import GRANTABLE
from wishwall.desk.granting import give
from wishwall.desk.rosters import Plan, Roster, apply, listed, plan, read_roster
from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal
from wishwall.kit.forms import phone_number
from wishwall.kit.i18n import in_both
from wishwall.stations.commands import progress, report, rows_of

people = AppGroup("people", help="人员与身份 / People and their roles.")
couriers = AppGroup("couriers", help="小哥 / Couriers.")


@people.command()
@click.argument("phone")
@click.argument("role", type=click.Choice(GRANTABLE))
@click.option("--station", default="", help="站长的驿站编号 / the keeper's station code")
@click.option("--department", default="", help="部门名称 / the officer's department")
def grant(phone: str, role: str, station: str, department: str) -> None:
    """给已注册的人授予身份 / Give the person with PHONE a ROLE."""
    number = phone_number(phone)
    with writing():
        person = person_by_phone(number) if number else None
        if person is None:
            raise click.ClickException("这个手机号还没有注册。 / Nobody has signed up with it.")
        try:
            given = give(person, role, by=None, station_code=station, department_name=department)
        except Refusal as refusal:
            raise click.ClickException(in_both(refusal.sentence)) from refusal
        nickname = person.nickname
    said = "已授予 / granted" if given else "早已是 / already had"
    click.echo(f"{nickname}: {said} {role}")


@couriers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--employer", required=True, help="单位名称 / the employer whose list it is")
@click.option("--dry-run", is_flag=True, help="只报告，不写入 / Report only, write nothing.")
def import_couriers(file: Path, *, employer: str, dry_run: bool) -> None:
    """按单位的名单核实小哥 / Verify the couriers of an employer by FILE (CSV or XLSX).

    Of FILE only the column 手机号 (or: phone) is read. Couriers who have signed up are verified
    (updated). The other numbers are kept hashed (added), so that their couriers are verified when
    they sign up; after a year they are forgotten. Bad rows are refused and named. Exit code 1 if
    FILE cannot be read or none of its rows could be taken; otherwise 0, even if some rows were
    refused.
    """
    try:
        name = employer_named(employer)
    except Refusal as refusal:
        raise click.ClickException(in_both(refusal.sentence)) from refusal
    roster = rows_of(file, read_roster)
    planned = _look(roster) if dry_run else _import(roster, name)
    report(planned, lambda _decision: ["核实 verified"], dry_run=dry_run)


def _look(roster: Roster) -> Plan:
    planned = plan(roster, listed(roster))
    db.session.rollback()  # nobody waits while the report is read
    return planned


def _import(roster: Roster, employer: str) -> Plan:
    with writing():
        planned = plan(roster, listed(roster))
        if planned.writes:
            with progress(len(planned.writes)) as advance:
                apply(planned, employer=employer, progress=advance)
    return planned

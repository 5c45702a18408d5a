"""`wishwall people …`: roles given from the shell."""

import click
from flask.cli import AppGroup

from wishwall.accounts.queries import person_by_phone
from wishwall.accounts.roles import GRANTABLE
from wishwall.desk.granting import give
from wishwall.kit.db import writing
from wishwall.kit.errors import Refusal
from wishwall.kit.forms import phone_number
from wishwall.kit.i18n import in_both

people = AppGroup("people", help="人员与身份 / People and their roles.")


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

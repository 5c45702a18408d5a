"""`wishwall demo`, and the accounts that it leaves to sign in with."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from wishwall.demo.city import AlreadyBuilt, DemoAccount, RealPeople, build
from wishwall.kit.db import writing
from wishwall.kit.files import write_whole
from wishwall.wishes.access import rules

FILE = "demo-accounts.txt"
HEADER = ("身份 role", "手机号 phone", "密码 password", "先看 look at")
NAMES = {
    "courier": "小哥 courier",
    "volunteer": "志愿者 volunteer",
    "officer": "部门人员 officer",
    "keeper": "站长 keeper",
    "grid-worker": "网格员 grid worker",
    "organiser": "城市管理者 organiser",
    "merchant": "店主 merchant",
}
MOST_STATIONS = 40_000  # the codes of a district have four digits


@click.command()
@click.option("--stations", type=click.IntRange(1, MOST_STATIONS), default=2080, show_default=True)
@click.option("--wishes", type=click.IntRange(0), default=900, show_default=True)
@click.option("--people", type=click.IntRange(0, 900_000), default=300, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--among-real-people", is_flag=True, help="库里已有真人也照建 / even beside real people"
)
@with_appcontext
def demo(stations: int, wishes: int, people: int, seed: int, among_real_people: bool) -> None:
    """建一座演示城市 / Build a believable city and print its accounts."""
    make_demo_city(stations, wishes, people, seed, among_real_people=among_real_people)
    click.echo(show_accounts(Path(current_app.instance_path)))


def make_demo_city(
    stations: int = 2080,
    wishes: int = 900,
    people: int = 300,
    seed: int = 1,
    *,
    among_real_people: bool = False,
) -> None:
    """Build the city and keep its accounts; a refusal ends the command."""
    try:
        with _progress() as progress, writing():
            accounts = build(
                stations,
                wishes,
                people,
                seed,
                progress,
                among_real_people=among_real_people,
                rules=rules(),
            )
    except RealPeople as error:
        zh = "库里有真实用户，没有改动任何数据。确实要建在一起，请加 --among-real-people。"
        en = "Real people live in this database; nothing was changed. Add --among-real-people to insist."
        raise click.ClickException(f"{zh}\n{en}") from error
    except AlreadyBuilt as error:
        zh = "这里已有演示城市，没有改动任何数据。要另建一座，请用 WISHWALL_INSTANCE 换一个空文件夹。"
        en = "A demo city stands here; nothing was changed. For another set WISHWALL_INSTANCE to an empty folder."
        raise click.ClickException(f"{zh}\n{en}") from error
    save_accounts(Path(current_app.instance_path), accounts)


def save_accounts(instance: Path, accounts: Sequence[DemoAccount]) -> None:
    """Keep the accounts where only the owner of the instance folder reads them."""
    lines = [f"{one.role}\t{one.phone}\t{one.password}\t{one.where}\n" for one in accounts]
    write_whole(instance / FILE, "".join(lines).encode(), mode=0o600)


def read_accounts(instance: Path) -> list[DemoAccount]:
    """The accounts that were kept; none if there is no demo city."""
    file = instance / FILE
    if not file.exists():
        return []
    return [DemoAccount(*line.split("\t")) for line in file.read_text("utf-8").splitlines()]


def show_accounts(instance: Path) -> str:
    """The accounts in columns, in both languages; nothing if there are none."""
    accounts = read_accounts(instance)
    if not accounts:
        return ""
    table = [HEADER, *((NAMES[one.role], one.phone, one.password, one.where) for one in accounts)]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        for row in table
    ]
    return "\n".join(
        ["演示账号，内容均为虚构 / Demo accounts, all invented:", *map(str.rstrip, lines)]
    )


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("演示城市 demo city", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=max(done, total))

"""The `wishwall` console script: Flask's own command line with the site's commands."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import check as check_migrations
from flask_migrate import upgrade

from wishwall import create_app, serving
from wishwall.demo.commands import demo, make_demo_city, show_accounts
from wishwall.desk.commands import couriers, people
from wishwall.htmx import pull
from wishwall.kit.db import db
from wishwall.merchants.commands import merchants
from wishwall.stations.commands import stations
from wishwall.stations.queries import has_stations
from wishwall.ticking import tick


@click.group(
    cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False
)
def main() -> None:
    """wishwall：一城暖心驿站的心愿墙。 The wish wall of a city's warm stations."""


@main.command()
@click.option("--host", help="默认 WISHWALL_HOST / default: WISHWALL_HOST")
@click.option("--port", type=int, help="默认 WISHWALL_PORT / default: WISHWALL_PORT")
@click.option("--workers", type=int, help="默认 WISHWALL_WORKERS / default: WISHWALL_WORKERS")
@click.option("--threads", type=int, help="默认 WISHWALL_THREADS / default: WISHWALL_THREADS")
@click.option(
    "--demo", "with_demo", is_flag=True, help="空库时先建演示城市 / fill an empty database"
)
@with_appcontext
def serve(
    host: str | None, port: int | None, workers: int | None, threads: int | None, with_demo: bool
) -> None:
    """升级数据库并启动网站 / Migrate if needed, then serve the site."""
    config = current_app.config
    host, port = host or config["HOST"], port or config["PORT"]
    upgrade()
    if with_demo and not has_stations(db.session):
        make_demo_city()
    instance = Path(current_app.instance_path)
    db.session.remove()
    db.engine.dispose()
    click.echo(f"wishwall  http://{host}:{port}\n{show_accounts(instance)}")
    click.echo("按 Ctrl+C 停止。公网请放在有缓冲的反向代理之后。")
    click.echo("Press Ctrl+C to stop. On the open internet put a buffering proxy in front.")
    sys.stdout.flush()
    settings = serving.options(
        host, port, workers or config["WORKERS"], threads or config["THREADS"]
    )
    serving.Site(instance, settings).run()


@main.group("db")
def database() -> None:
    """数据库迁移 / The database's migrations."""


@database.command("upgrade")
@with_appcontext
def upgrade_database() -> None:
    """升级数据库 / Bring the database to the newest form."""
    upgrade()


@database.command("check")
@with_appcontext
def check_database() -> None:
    """检查模型与迁移是否一致 / Fail if models and migrations differ."""
    check_migrations()


@main.command("tick")
@with_appcontext
def run_tick() -> None:
    """处理所有到期事项 / Do everything that is due by time, once."""
    for deed, count in tick().items():
        click.echo(f"{deed}: {count}")


@main.group()
def htmx() -> None:
    """本站自带的 htmx / The self-hosted copies of htmx."""


htmx.add_command(pull)
for command in (couriers, demo, merchants, people, stations):
    main.add_command(command)

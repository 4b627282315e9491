"""The commands of the pages behind a login: serve and account. Like ``cli``, loads late."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ExitStatus
from pipeline.terminal import tell

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipeline.web.settings import Settings

Add = Callable[[Any, str, str, str], argparse.ArgumentParser]

_ROLES = ["school", "consulent", "beheerder"]


def add_commands(commands: Any, add: Add) -> None:
    """Add the commands to the command line; ``add`` makes one from name, text and epilog."""
    _serve_parser(add(commands, "serve", "Open de pagina's waar een school haar concept uploadt, achter een inlog.", (
        "voorbeelden:\n"
        "  dekkend serve                          op deze computer: http://127.0.0.1:8420\n"
        "  dekkend serve --config portal.yaml     met instellingen\n\n"
        "De eerste keer staat hier een code waarmee u het eerste account maakt.\n"
        "Alle instellingen staan in docs/portal.md.\n"
    )))  # fmt: skip
    _account_parser(add(commands, "account", "Bekijk accounts of geef iemand een link om in te loggen.", (
        "voorbeelden:\n"
        "  dekkend account list\n"
        "  dekkend account add ib@voorbeeld.nl --name 'I. Begeleider' --role school --school 12AB\n"
        "  dekkend account link ib@voorbeeld.nl\n\n"
        "De rest doet u op de pagina Accounts, als beheerder.\n"
    )))  # fmt: skip


def _serve_parser(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--host", metavar="ADRES", help="waarop wordt geluisterd (standaard: 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="N", help="poort (standaard: 8420)")
    parser.add_argument("--out", type=Path, metavar="MAP", help="map met de verslagen van 'dekkend nightly'")
    parser.add_argument("--workers", type=int, metavar="N", help="aantal documenten tegelijk (standaard: rekenkernen)")
    parser.add_argument("--log", choices=["text", "json"], default="text", help="vorm van het logboek op stderr")
    parser.set_defaults(run=_serve)


def _account_parser(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="actie", required=True)
    listing = actions.add_parser("list", help="toon de accounts")
    listing.set_defaults(run=_list)
    adding = actions.add_parser("add", help="maak een account en toon de uitnodiging")
    adding.add_argument("login", metavar="INLOGNAAM", help="meestal het e-mailadres")
    adding.add_argument("--name", required=True, metavar="NAAM", help="zoals anderen die zien")
    adding.add_argument("--role", required=True, choices=_ROLES, help="wat het account mag")
    adding.add_argument("--school", action="append", default=[], metavar="SCHOOL", help="BRIN of naam; mag vaker")
    adding.set_defaults(run=_add)
    linking = actions.add_parser("link", help="toon een nieuwe link om een wachtwoord te kiezen")
    linking.add_argument("login", metavar="INLOGNAAM", help="van een account dat er is")
    linking.set_defaults(run=_link)
    for one in (listing, adding, linking):
        _common(one)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="BESTAND", help="instellingen (YAML)")
    parser.add_argument("--store", metavar="ADRES", help="bestand of PostgreSQL-adres van de opslag")
    parser.add_argument(
        "--url", metavar="ADRES", help="adres dat mensen openen, bijvoorbeeld https://dekkend.voorbeeld.nl"
    )


def _serve(options: argparse.Namespace) -> ExitStatus:
    from flows.log import start_log  # noqa: PLC0415
    from pipeline.web.server import serve  # noqa: PLC0415

    start_log(options.log)
    given = {name: getattr(options, name) for name in ("host", "port", "workers")} | {
        "reports": options.out.absolute() if options.out else None
    }
    settings, engine = _open(options, given)
    serve(settings, engine, tell)
    return ExitStatus.OK


def _list(options: argparse.Namespace) -> ExitStatus:
    from pipeline.store.accounts import all_accounts  # noqa: PLC0415

    _, engine = _open(options)
    for account in all_accounts(engine):
        state = "geblokkeerd" if account.blocked else "uitgenodigd" if account.is_waiting else ""
        print(
            "\t".join(filter(None, (account.login, account.name, account.role.value, *sorted(account.schools), state)))
        )
    return ExitStatus.OK


def _add(options: argparse.Namespace) -> ExitStatus:
    from pipeline.store.accounts import Role, add_account, keys_of_schools  # noqa: PLC0415
    from pipeline.web.sessions import now  # noqa: PLC0415

    settings, engine = _open(options)
    role = Role(options.role)
    schools = keys_of_schools(engine, options.school) if role is Role.SCHOOL else ()
    account = add_account(engine, login=options.login, name=options.name, role=role, schools=schools, now=now())
    return _print_link(settings, engine, account.id)


def _link(options: argparse.Namespace) -> ExitStatus:
    from pipeline.store.accounts import account_by_login, forget_failures  # noqa: PLC0415
    from pipeline.store.errors import AccountError  # noqa: PLC0415

    settings, engine = _open(options)
    account = account_by_login(engine, options.login)
    if account is None:
        raise AccountError(f"Er is geen account met de inlognaam “{options.login}”.")
    forget_failures(engine, account.login)
    return _print_link(settings, engine, account.id)


def _print_link(settings: Settings, engine: Engine, account: int) -> ExitStatus:
    from pipeline.store.keys import invite  # noqa: PLC0415
    from pipeline.web.sessions import now  # noqa: PLC0415

    print(f"{settings.address}/uitnodiging/{invite(engine, account, now())}")
    tell("Geef deze link aan degene voor wie hij is: hij werkt één keer, zeven dagen lang.")
    return ExitStatus.OK


def _open(options: argparse.Namespace, given: dict[str, Any] | None = None) -> tuple[Settings, Engine]:
    from pipeline.store.open import open_store  # noqa: PLC0415
    from pipeline.web.settings import read_settings  # noqa: PLC0415

    settings = read_settings(options.config, {"store": options.store, "url": options.url, **(given or {})})
    return settings, open_store(settings.store)

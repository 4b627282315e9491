"""Who may come in: accounts with a role, the schools that they belong to, and wrong passwords in a row.

The web pages decide what a role may do; the store keeps one thing itself: there is always a beheerder who can log in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from pipeline.store import tables as t
from pipeline.store.errors import AccountError
from pipeline.store.open import reading
from pipeline.store.record import folded
from pipeline.store.retry import persistently

# the number of a location may stand behind it: dekkend knows schools by the first four
_BRIN = re.compile(r"(\d{2}[A-Z]{2})(?:[\s|-]?\d{2})?")
FAILURES_KEPT = dt.timedelta(days=1)


class Role(StrEnum):
    """SCHOOL sees its own documents; CONSULENT those of every school; BEHEERDER manages accounts too."""

    SCHOOL = "school"
    CONSULENT = "consulent"
    BEHEERDER = "beheerder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: int
    login: str
    name: str
    role: Role
    schools: frozenset[str]
    """Keys of schools as in the store; empty for those who see all of them."""
    password: str | None = field(repr=False)
    """Its argon2 hash; None while invited, and for those who log in elsewhere."""
    is_linked: bool
    """Whether a provider of OpenID Connect knows this person."""
    created: dt.datetime
    last_login: dt.datetime | None
    blocked: dt.datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether the invitation was not taken up yet."""
        return self.password is None and not self.is_linked and self.last_login is None


@persistently
def add_account(
    engine: Engine,
    *,
    login: str,
    name: str,
    role: Role,
    now: dt.datetime,
    schools: Collection[str] = (),
    password: str | None = None,
    only_first: bool = False,
) -> Account:
    """Make an account.

    Args:
        engine: The store.
        login: E-mail address or name to log in with; case does not matter.
        name: As others see it.
        role: What the account may do.
        now: When.
        schools: Keys of the schools; for the role SCHOOL at least one, else none.
        password: Its argon2 hash, or None when it comes later.
        only_first: Refuse when there is an account already.

    Raises:
        AccountError: The login is taken or empty, a school is lacking, or this is not the first account.
    """
    values = {"login": tidy_login(login), **_described(name, role, schools), "password": password, "created": now}
    try:
        with engine.begin() as connection:
            if only_first and connection.execute(select(func.count()).select_from(t.accounts)).scalar_one():
                raise AccountError("Er is al een account.")
            number = connection.execute(insert(t.accounts).values(**values).returning(t.accounts.c.id)).scalar_one()
            _set_schools(connection, number, schools)
            return _one(connection, t.accounts.c.id == number)
    except IntegrityError:
        raise AccountError("Met deze inlognaam is er al een account.") from None


@persistently
def change_account(engine: Engine, number: int, *, name: str, role: Role, schools: Collection[str] = ()) -> None:
    """Change what an account is called, may do and belongs to.

    Raises:
        AccountError: There is no such account, a school is lacking, or no beheerder would be left.
    """
    values = _described(name, role, schools)
    with engine.begin() as connection:
        _one(connection, t.accounts.c.id == number)
        connection.execute(update(t.accounts).where(t.accounts.c.id == number).values(**values))
        _set_schools(connection, number, schools)
        _keep_a_manager(connection)


@persistently
def block_account(engine: Engine, number: int, now: dt.datetime | None) -> None:
    """Shut an account out from now on, its sessions and tokens included; None lets it in again.

    Raises:
        AccountError: There is no such account, or no beheerder would be left.
    """
    with engine.begin() as connection:
        _one(connection, t.accounts.c.id == number)
        connection.execute(update(t.accounts).where(t.accounts.c.id == number).values(blocked=now))
        if now is not None:
            connection.execute(delete(t.sessions).where(t.sessions.c.account_id == number))
            connection.execute(delete(t.invitations).where(t.invitations.c.account_id == number))
        _keep_a_manager(connection)


@persistently
def remove_account(engine: Engine, number: int) -> None:
    """Remove an account with its sessions, invitations and tokens.

    Raises:
        AccountError: There is no such account, or no beheerder would be left.
    """
    with engine.begin() as connection:
        _one(connection, t.accounts.c.id == number)
        connection.execute(delete(t.accounts).where(t.accounts.c.id == number))
        _keep_a_manager(connection)


@persistently
def set_password(engine: Engine, number: int, password: str) -> None:
    """Give an account a password, as its argon2 hash."""
    with engine.begin() as connection:
        connection.execute(update(t.accounts).where(t.accounts.c.id == number).values(password=password))


@persistently
def link_account(engine: Engine, number: int, *, issuer: str, subject: str) -> None:
    """Tie an account to a person as a provider of OpenID Connect knows it.

    Raises:
        AccountError: Another account is tied to this person.
    """
    try:
        with engine.begin() as connection:
            query = update(t.accounts).where(t.accounts.c.id == number)
            connection.execute(query.values(issuer=issuer, subject=subject))
    except IntegrityError:
        raise AccountError("Deze persoon heeft al een ander account.") from None


@persistently
def note_login(engine: Engine, account: Account, now: dt.datetime) -> None:
    """Note that somebody came in; wrong passwords before that are forgotten."""
    with engine.begin() as connection:
        connection.execute(update(t.accounts).where(t.accounts.c.id == account.id).values(last_login=now))
        connection.execute(delete(t.login_failures).where(t.login_failures.c.digest == _digest(account.login)))


@persistently
def account_by_id(engine: Engine, number: int) -> Account | None:
    """The account with a number, also a blocked one."""
    return _maybe(engine, t.accounts.c.id == number)


@persistently
def account_by_login(engine: Engine, login: str) -> Account | None:
    """The account that logs in with a name, also a blocked one."""
    return _maybe(engine, t.accounts.c.login == tidy_login(login))


@persistently
def account_by_subject(engine: Engine, *, issuer: str, subject: str) -> Account | None:
    """The account that is tied to a person at a provider, also a blocked one."""
    return _maybe(engine, (t.accounts.c.issuer == issuer) & (t.accounts.c.subject == subject))


@persistently
def all_accounts(engine: Engine) -> tuple[Account, ...]:
    """All accounts by name."""
    with reading(engine).begin() as connection:
        found = _accounts(connection, t.accounts.c.id.is_not(None))
    return tuple(sorted(found, key=lambda one: (folded(one.name), one.id)))


@persistently
def note_failure(engine: Engine, login: str, now: dt.datetime, *, within: dt.timedelta) -> int:
    """Count a wrong password; returns how many in a row there were ``within`` this time of each other."""
    f = t.login_failures
    with engine.begin() as connection:
        connection.execute(delete(f).where(f.c.latest < now - max(within, FAILURES_KEPT)))
        count = 1 + _failures(connection, login, now - within)
        connection.execute(delete(f).where(f.c.digest == _digest(login)))
        connection.execute(insert(f).values(digest=_digest(login), count=count, latest=now))
        return count


@persistently
def failures(engine: Engine, login: str, now: dt.datetime, *, within: dt.timedelta) -> int:
    """How many wrong passwords in a row there were, the latest ``within`` this time; unknown names count as well."""
    with reading(engine).begin() as connection:
        return _failures(connection, login, now - within)


@persistently
def forget_failures(engine: Engine, login: str) -> None:
    """Let somebody try again at once."""
    with engine.begin() as connection:
        connection.execute(delete(t.login_failures).where(t.login_failures.c.digest == _digest(login)))


@persistently
def known_schools(engine: Engine) -> dict[str, str]:
    """The schools of which the store has seen a document: their names by their keys, in order of name."""
    s = t.schools.c
    with reading(engine).begin() as connection:
        rows = connection.execute(select(s.key, s.name)).all()
    return {row.key: row.name or row.key for row in sorted(rows, key=lambda row: folded(row.name or row.key))}


def keys_of_schools(engine: Engine, words: Iterable[str]) -> frozenset[str]:
    """The keys of schools that somebody names by BRIN or whole name, also of those the store does not know yet."""
    by_name = {folded(name): key for key, name in known_schools(engine).items()}
    found = set()
    for word in filter(None, (word.strip() for word in words)):
        brin = _BRIN.fullmatch(word.upper())
        found.add(brin[1] if brin else by_name.get(folded(word), f"naam:{folded(word)}"))
    return frozenset(found)


def tidy_login(login: str) -> str:
    """A login as it is kept: small letters, no spaces around it."""
    return login.strip().casefold()


def _failures(connection: Connection, login: str, since: dt.datetime) -> int:
    f = t.login_failures.c
    query = select(f.count).where(f.digest == _digest(login), f.latest >= since)
    return connection.execute(query).scalar() or 0


def _digest(login: str) -> str:
    return hashlib.sha256(tidy_login(login).encode()).hexdigest()


def _described(name: str, role: Role, schools: Collection[str]) -> dict[str, Any]:
    if not name.strip():
        raise AccountError("Een account heeft een naam nodig.")
    if role is Role.SCHOOL and not schools:
        raise AccountError("Kies ten minste één school: anders ziet dit account niets.")
    return {"name": name.strip(), "role": role.value}


def _set_schools(connection: Connection, number: int, schools: Collection[str]) -> None:
    s = t.account_schools
    connection.execute(delete(s).where(s.c.account_id == number))
    if schools:
        rows = [{"account_id": number, "school": school} for school in sorted(set(schools))]
        connection.execute(insert(s), rows)


def _keep_a_manager(connection: Connection) -> None:
    a = t.accounts.c
    can_log_in = or_(a.password.is_not(None), a.subject.is_not(None), a.last_login.is_not(None))
    query = select(func.count()).where(a.role == Role.BEHEERDER.value, a.blocked.is_(None), can_log_in)
    if not connection.execute(query).scalar_one():
        raise AccountError("Er moet één beheerder overblijven die kan inloggen.")


def _maybe(engine: Engine, which: ColumnElement[bool]) -> Account | None:
    with reading(engine).begin() as connection:
        return next(iter(_accounts(connection, which)), None)


def _one(connection: Connection, which: ColumnElement[bool]) -> Account:
    found = _accounts(connection, which)
    if not found:
        raise AccountError("Dit account is er niet.")
    return found[0]


def _accounts(connection: Connection, which: ColumnElement[bool]) -> list[Account]:
    rows = connection.execute(select(t.accounts).where(which)).all()
    numbers = [row.id for row in rows]
    s = t.account_schools.c
    of: dict[int, set[str]] = {number: set() for number in numbers}
    for number, school in connection.execute(select(s.account_id, s.school).where(s.account_id.in_(numbers))):
        of[number].add(school)
    return [account_of(row, of[row.id]) for row in rows]


def account_of(row: Row[Any], schools: Collection[str]) -> Account:
    """An account from a row that has all its columns."""
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        schools=frozenset(schools),
        password=row.password,
        is_linked=row.subject is not None,
        created=row.created,
        last_login=row.last_login,
        blocked=row.blocked,
    )

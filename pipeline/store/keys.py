"""What opens the door: sessions, invitations and API tokens. The store knows their digests only.

A key is 256 random bits, so a plain SHA-256 of it tells nobody anything; passwords are another matter (argon2).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline.store import tables as t
from pipeline.store.accounts import Account, account_of
from pipeline.store.errors import AccountError
from pipeline.store.open import reading
from pipeline.store.retry import persistently

IDLE = dt.timedelta(hours=4)
LONGEST = dt.timedelta(hours=12)
INVITED = dt.timedelta(days=7)
TOKEN_PREFIX = "dekkend_"  # noqa: S105  tools that look for leaked keys can know it by this
_SEEN_EVERY = dt.timedelta(minutes=1)
_MOST_TOKENS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    id: int
    account: Account
    created: dt.datetime
    seen: dt.datetime
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    id: int
    name: str
    created: dt.datetime
    expires: dt.datetime
    last_used: dt.datetime | None


@persistently
def open_session(engine: Engine, account: Account, *, agent: str, now: dt.datetime) -> str:
    """Begin a session and return its key; sessions of anybody that are over go."""
    key = secrets.token_urlsafe(32)
    s = t.sessions
    values = {"account_id": account.id, "created": now, "seen": now, "agent": agent[:200]}
    with engine.begin() as connection:
        connection.execute(delete(s).where((s.c.created < now - LONGEST) | (s.c.seen < now - IDLE)))
        connection.execute(insert(s).values(digest=digest_of(key), **values))
    return key


@persistently
def session_with(engine: Engine, key: str, now: dt.datetime) -> Session | None:
    """The session of a key: neither over nor of an account that was blocked."""
    s, a = t.sessions.c, t.accounts.c
    query = (
        select(t.accounts, s.id.label("session"), s.created.label("begun"), s.seen, s.agent)
        .join(t.sessions, s.account_id == a.id)
        .where(s.digest == digest_of(key), s.created >= now - LONGEST, s.seen >= now - IDLE, a.blocked.is_(None))
    )
    with reading(engine).begin() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        account = account_of(row, _schools(connection, row.id))
    if now - row.seen > _SEEN_EVERY:
        _mark_seen(engine, row.session, now)
    return Session(id=row.session, account=account, created=row.begun, seen=row.seen, agent=row.agent)


@persistently
def sessions_of(engine: Engine, account: int, now: dt.datetime) -> tuple[Session, ...]:
    """The sessions of an account that are not over, newest first."""
    s, a = t.sessions.c, t.accounts.c
    query = (
        select(t.accounts, s.id.label("session"), s.created.label("begun"), s.seen, s.agent)
        .join(t.sessions, s.account_id == a.id)
        .where(s.account_id == account, s.created >= now - LONGEST, s.seen >= now - IDLE)
        .order_by(s.id.desc())
    )
    with reading(engine).begin() as connection:
        rows = connection.execute(query).all()
        schools = _schools(connection, account)
    return tuple(
        Session(id=row.session, account=account_of(row, schools), created=row.begun, seen=row.seen, agent=row.agent)
        for row in rows
    )


@persistently
def close_session(engine: Engine, session: int) -> None:
    """End a session."""
    with engine.begin() as connection:
        connection.execute(delete(t.sessions).where(t.sessions.c.id == session))


@persistently
def close_sessions(engine: Engine, account: int, *, but: int | None = None) -> int:
    """End all sessions of an account, but perhaps one; returns how many."""
    s = t.sessions.c
    which = s.account_id == account if but is None else (s.account_id == account) & (s.id != but)
    with engine.begin() as connection:
        return connection.execute(delete(t.sessions).where(which)).rowcount


@persistently
def invite(engine: Engine, account: int, now: dt.datetime) -> str:
    """Make the key of an invitation to choose a (new) password; an earlier one for the account no longer works."""
    key = secrets.token_urlsafe(32)
    i = t.invitations
    with engine.begin() as connection:
        connection.execute(delete(i).where((i.c.account_id == account) | (i.c.expires < now)))
        connection.execute(insert(i).values(digest=digest_of(key), account_id=account, expires=now + INVITED))
    return key


@persistently
def invited(engine: Engine, key: str, now: dt.datetime) -> Account | None:
    """Whom an invitation is for; None when it expired, was used or never was one."""
    i, a = t.invitations.c, t.accounts.c
    query = select(t.accounts).join(t.invitations, i.account_id == a.id)
    with reading(engine).begin() as connection:
        row = connection.execute(
            query.where(i.digest == digest_of(key), i.expires >= now, a.blocked.is_(None))
        ).one_or_none()
        return None if row is None else account_of(row, _schools(connection, row.id))


@persistently
def use_invitation(engine: Engine, key: str, now: dt.datetime) -> bool:
    """Use an invitation up; True for one caller only. All sessions of the account end."""
    i = t.invitations
    with engine.begin() as connection:
        query = delete(i).where(i.c.digest == digest_of(key), i.c.expires >= now).returning(i.c.account_id)
        account = connection.execute(query).scalar()
        if account is not None:
            connection.execute(delete(t.sessions).where(t.sessions.c.account_id == account))
        return account is not None


@persistently
def make_token(engine: Engine, account: int, *, name: str, days: int, now: dt.datetime) -> str:
    """Make an API token and return it; it can't be shown again.

    Raises:
        AccountError: It has no name, or there are too many.
    """
    if not name.strip():
        raise AccountError("Geef de sleutel een naam, zodat u later weet waarvoor hij is.")
    key = TOKEN_PREFIX + secrets.token_urlsafe(32)
    k = t.api_tokens
    with engine.begin() as connection:
        connection.execute(delete(k).where(k.c.expires < now))
        mine = connection.execute(select(k.c.id).where(k.c.account_id == account)).all()
        if len(mine) >= _MOST_TOKENS:
            raise AccountError("U hebt te veel sleutels: trek er eerst een in.")
        values = {"account_id": account, "name": name.strip()[:100], "created": now}
        connection.execute(insert(k).values(digest=digest_of(key), expires=now + dt.timedelta(days=days), **values))
    return key


@persistently
def token_holder(engine: Engine, key: str, now: dt.datetime) -> Account | None:
    """Whose token this is; None when it expired, was withdrawn or its owner was blocked."""
    k, a = t.api_tokens.c, t.accounts.c
    query = (
        select(t.accounts, k.id.label("token"), k.last_used)
        .join(t.api_tokens, k.account_id == a.id)
        .where(k.digest == digest_of(key), k.expires >= now, a.blocked.is_(None))
    )
    with reading(engine).begin() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return None
        account = account_of(row, _schools(connection, row.id))
    if row.last_used is None or now - row.last_used > _SEEN_EVERY:
        _mark_used(engine, row.token, now)
    return account


@persistently
def tokens_of(engine: Engine, account: int, now: dt.datetime) -> tuple[Token, ...]:
    """The tokens of an account that have not expired, newest first."""
    k = t.api_tokens.c
    query = select(t.api_tokens).where(k.account_id == account, k.expires >= now).order_by(k.id.desc())
    with reading(engine).begin() as connection:
        return tuple(
            Token(id=row.id, name=row.name, created=row.created, expires=row.expires, last_used=row.last_used)
            for row in connection.execute(query)
        )


@persistently
def withdraw_token(engine: Engine, account: int, token: int) -> bool:
    """Withdraw a token of this account; returns whether it was one."""
    k = t.api_tokens
    with engine.begin() as connection:
        return connection.execute(delete(k).where(k.c.account_id == account, k.c.id == token)).rowcount > 0


def digest_of(key: str) -> str:
    """What the store knows a key by."""
    return hashlib.sha256(key.encode()).hexdigest()


@persistently
def _mark_seen(engine: Engine, session: int, now: dt.datetime) -> None:
    with engine.begin() as connection:
        connection.execute(update(t.sessions).where(t.sessions.c.id == session).values(seen=now))


@persistently
def _mark_used(engine: Engine, token: int, now: dt.datetime) -> None:
    with engine.begin() as connection:
        connection.execute(update(t.api_tokens).where(t.api_tokens.c.id == token).values(last_used=now))


def _schools(connection: Connection, account: int) -> set[str]:
    s = t.account_schools.c
    return set(connection.execute(select(s.school).where(s.account_id == account)).scalars())

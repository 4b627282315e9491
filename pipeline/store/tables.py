"""The tables, as SQLAlchemy knows them; ``migrations/`` makes them, and a test holds the two together.

A result stands once, with the run that made it and the run that ended it (``from_run`` up to, not including,
``until_run``). So a run in which nothing changed costs one row, and what held at any run can still be asked.

No text of documents but the quotes of school documents; of documents about pupils no quote, name or place at all
(``record.py`` sees to it).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

# Names that alembic can rely on, so that a later step can drop or change a constraint on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[dt.datetime]):
    """A point in time in UTC; SQLite has no time zones and gives back what it got."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        assert value is None or value.tzinfo is not None, "a moment without a time zone"
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value


def _parent(name: str, column: str, *, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    return Column(name, ForeignKey(column), primary_key=primary_key, nullable=nullable)


runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(20), nullable=False),  # nightly, batch
    Column("program", String(40), nullable=False),
    Column("status", String(12), nullable=False),  # running, completed
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    Column("told", Moment),  # when the digest went out, or turned out to have nothing to say
    # of the run as a whole, filled in when it is finished
    Column("documents", Integer),
    Column("checked", Integer),
    Column("removed", Integer),
    Column("unreadable", Integer),
    Column("seconds", Float),
    sqlite_autoincrement=True,  # people name a run by its number: no number is ever used again
)

inboxes = Table(
    "inboxes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
)

run_inboxes = Table(
    "run_inboxes",
    metadata,
    _parent("run_id", "runs.id", primary_key=True),
    _parent("inbox_id", "inboxes.id", primary_key=True),
)

schools = Table(
    "schools",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),  # BRIN, else the name without case and accents
    Column("brin", String(8)),
    Column("name", Text),
    Column("board", Text),
    Column("district", Text),
    Column("municipality", Text),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    _parent("inbox_id", "inboxes.id"),
    Column("mark", String(64), nullable=False),  # SHA-256 of the place: known also where the place may not be kept
    Column("place", Text),  # below the inbox; only of school documents
    UniqueConstraint("inbox_id", "mark"),
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    _parent("document_id", "documents.id"),
    _parent("from_run", "runs.id"),
    _parent("until_run", "runs.id", nullable=True),
    Column("sha256", String(64)),  # of the document; not of one about a pupil
    Column("report", String(64), nullable=False),  # SHA-256 of the report: another report is another result
    Column("norm_id", String(100)),
    Column("norm_version", String(40)),
    Column("kind", String(40)),
    Column("sector", String(2)),
    _parent("school_id", "schools.id", nullable=True),
    Column("school_year", Text),
    Column("format", String(20)),
    Column("pages", Integer),
    Column("error", String(40)),
    Column("met", Integer, nullable=False),
    Column("partial", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("review", Integer, nullable=False),
    Column("not_applicable", Integer, nullable=False),
    CheckConstraint("until_run is null or until_run > from_run", name="until_after_from"),
    # whatever happens to a run, a document has one result that holds
    Index(
        "uq_results_current",
        "document_id",
        unique=True,
        sqlite_where=text("until_run is null"),
        postgresql_where=text("until_run is null"),
    ),
    Index("ix_results_school_id_kind", "school_id", "kind"),
    Index("ix_results_document_id_from_run", "document_id", "from_run"),
)

findings = Table(
    "findings",
    metadata,
    Column("result_id", ForeignKey("results.id", ondelete="CASCADE"), primary_key=True),
    Column("requirement", Text, primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("reason", String(40)),
    Column("confidence", Float, nullable=False),
    Column("passage", String(64), nullable=False),  # changes when what the verdict rests on changes
)

evidence = Table(
    "evidence",
    metadata,
    Column("result_id", ForeignKey("results.id", ondelete="CASCADE"), primary_key=True),
    Column("requirement", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("quote", Text, nullable=False),
    Column("page", Integer),
    Column("block", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("section", Text),
)

profile_items = Table(
    "profile_items",
    metadata,
    Column("result_id", ForeignKey("results.id", ondelete="CASCADE"), primary_key=True),
    Column("list", String(20), primary_key=True),  # expertise, partners, offered, not_offered, ambitions, training
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),  # the name, for expertise and partners
    Column("quote", Text),
    Column("block", Integer, nullable=False),
    # what only some lists have: partners a category, offers a theme and level, and so on
    Column("category", Text),
    Column("scope", String(20)),
    Column("status", String(20)),
    Column("theme", String(40)),
    Column("level", Integer),
    Column("layer", String(20)),
    Column("horizon", Text),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _parent("school_id", "schools.id"),
    Column("kind", String(40), nullable=False),
    Column("requirement", Text, nullable=False),
    Column("passage", String(64), nullable=False),
    Column("seen", String(20), nullable=False),  # the verdict that the person saw
    Column("verdict", String(20), nullable=False),  # the verdict of the person; equal to `seen` when confirmed
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("withdrawn", Moment),
    Column("withdrawn_by", Text),
    Index(
        "uq_decisions_standing",
        "school_id",
        "kind",
        "requirement",
        unique=True,
        sqlite_where=text("withdrawn is null"),
        postgresql_where=text("withdrawn is null"),
    ),
)

shares = Table(
    "shares",
    metadata,
    # work of a run that several machines divide among them: numbers only, what is in a share lies with the reports
    _parent("run_id", "runs.id", primary_key=True),
    Column("inbox", String(200), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("holder", String(100)),
    Column("seen", Moment),
    Column("done", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "login", String(200), nullable=False, unique=True
    ),  # e-mail address or name to log in with, in small letters
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),  # school, consulent, beheerder
    Column("password", Text),  # argon2; none while invited, and for those who log in elsewhere only
    # who the provider of OpenID Connect says it is; an e-mail address can change hands, this can't
    Column("issuer", Text),
    Column("subject", Text),
    Column("created", Moment, nullable=False),
    Column("last_login", Moment),
    Column("blocked", Moment),
    UniqueConstraint("issuer", "subject"),
    sqlite_autoincrement=True,  # what somebody made is never another's because a number was used again
)

account_schools = Table(
    "account_schools",
    metadata,
    # the key and no reference: a school may log in before its first document is in the store
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("school", String(200), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of what stands in the cookie
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("agent", String(200), nullable=False),
    sqlite_autoincrement=True,  # tokens of forms are bound to the number: no session may get that of another
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("expires", Moment, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("last_used", Moment),
)

login_failures = Table(
    "login_failures",
    metadata,
    # of the name that was tried, known or not: who guesses can't tell the one from the other
    Column("digest", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("latest", Moment, nullable=False),
)

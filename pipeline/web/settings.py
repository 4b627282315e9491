"""The settings of the pages: a YAML file, with ``${NAME}`` from the environment, and arguments (docs/portal.md)."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.errors import ConfigError
from pipeline.folders import data_folder
from pipeline.settings_file import read_settings_file, word_of

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,80}$")]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HINT = "In docs/portal.md staat een voorbeeld met alle instellingen."
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Oidc(BaseModel):
    """A provider of OpenID Connect, such as Entra ID."""

    model_config = _FROZEN

    issuer: str = Field(pattern=r"^https?://\S+$")
    """Below it lies ``.well-known/openid-configuration``."""
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1, repr=False)
    name: str = Field(default="uw schoolaccount", min_length=1)
    """On the button: "Inloggen met …"."""
    link_by: Literal["invitation", "email", "preferred_username"] = "invitation"
    """How a person who logs in for the first time gets to an account: with the link that the beheerder gave, or also by
    an e-mail address that the provider verified, or (a tenant of your own only) by its user name."""


class Proxy(BaseModel):
    """A reverse proxy before the pages: only what comes from these addresses is believed."""

    model_config = _FROZEN

    addresses: tuple[Network, ...] = Field(min_length=1)
    user_header: HeaderName | None = None
    """Header with the login of who logged in at the proxy; the proxy must drop what a browser sends in it."""


class Settings(BaseModel):
    """All settings; frozen."""

    model_config = _FROZEN

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8420, ge=1, le=65535)
    url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+/?$")
    """Where people open the pages (``https://dekkend.voorbeeld.nl``); needed unless only this machine can reach it."""
    store: str | None = None
    key_file: Path = Field(default_factory=lambda: data_folder(os.environ) / "web.key")
    """The secret of this installation, made when it is not there."""
    keep_hours: int = Field(default=24, ge=1, le=24 * 31)
    """How long a draft stays."""
    max_upload_mb: int = Field(default=50, ge=1, le=500)
    """Of one request."""
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """How many documents are checked at once."""
    reports: Path | None = None
    """The folder of ``nightly run --out``."""
    nightly: Path | None = None
    """The settings of ``nightly run``: with these, staff can start a run from the pages."""
    organisation: str | None = None
    contact: str | None = None
    """Where people can ask for help: an e-mail address."""
    oidc: Oidc | None = None
    proxy: Proxy | None = None

    @field_validator("contact")
    @classmethod
    def _is_address(cls, contact: str | None) -> str | None:
        if contact is not None and ("@" not in contact or any(c.isspace() for c in contact)):
            raise ValueError("hier hoort een e-mailadres")
        return contact

    @model_validator(mode="after")
    def _others_know_the_address(self) -> Settings:
        if self.url is None and not self.is_local:
            raise ValueError("zonder url kan alleen deze computer erbij: geef het adres dat mensen openen")
        return self

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the pages."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def address(self) -> str:
        """Where people open the pages, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers get cookies for https only."""
        return self.address.startswith("https:")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that a request may ask for: a page elsewhere can't reach us under a name of its own."""
        named = urlsplit(self.address).hostname or self.host
        return tuple(dict.fromkeys((named, "localhost", "127.0.0.1", "[::1]")))


def read_settings(path: Path | None, given: Mapping[str, Any]) -> Settings:
    """Read the settings.

    Args:
        path: A YAML file; places in it are below its folder. None for the defaults.
        given: What the command line says, by the names of the settings: it wins. None is nothing said.

    Raises:
        ConfigError: Something is wrong with them.
    """
    said = {name: value for name, value in given.items() if value is not None}
    try:
        if path is None:
            return Settings.model_validate(said)
        settings = read_settings_file(path, Settings, given=said)
    except ValidationError as problem:
        words = "; ".join(f"{'.'.join(map(str, error['loc']))} {word_of(error)}".strip() for error in problem.errors())
        raise ConfigError(f"Zo kan het niet: {words}.", hint=_HINT) from None
    except ConfigError as problem:
        raise ConfigError(problem.message, hint=_HINT) from None
    folder = path.resolve().parent
    places = {
        "key_file": folder / settings.key_file,
        "reports": folder / settings.reports if settings.reports else None,
        "nightly": folder / settings.nightly if settings.nightly else None,
        "store": settings.store if settings.store is None or "://" in settings.store else str(folder / settings.store),
    }
    return settings.model_copy(update={name: place for name, place in places.items() if name not in said})

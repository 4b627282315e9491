"""OpenID Connect: Authlib does the protocol (code with PKCE, state, nonce, signature), we say whose account it is.

What we ask on top of Authlib: a signature with a key pair, and that the ID token was made for us alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request
from fastapi.responses import RedirectResponse
from joserfc.errors import JoseError

from pipeline.web.settings import Oidc

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_CODE = re.compile(r"[a-z_]{3,40}")


class ProviderError(Exception):
    """The login did not succeed; ``code`` says what for the log, the visitor only sees that it did not."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as the provider knows them: issuer and subject never change hands."""

    issuer: str
    subject: str
    email: str | None
    """Only when the provider says that it verified it."""
    username: str | None


class Provider:
    """The one provider of the settings."""

    def __init__(self, client: StarletteOAuth2App, settings: Oidc) -> None:
        self._client = client
        self.settings = settings

    async def send_off(self, request: Request, back: str) -> RedirectResponse:
        """Redirect a browser to the provider.

        Raises:
            ProviderError: The provider can't be reached or is none.
        """
        try:
            await self._metadata()
            return cast("RedirectResponse", await self._client.authorize_redirect(request, back))
        except (httpx2.HTTPError, OAuthError, RuntimeError, ValueError, KeyError) as problem:
            raise _failed(problem) from None

    async def welcome_back(self, request: Request) -> Person:
        """Who comes back from the provider.

        Raises:
            ProviderError: Refused there, or something about it does not add up.
        """
        try:
            metadata = await self._metadata()
            options = {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "values": [self.settings.client_id]},
                "sub": {"essential": True},
            }
            token: dict[str, Any] = await self._client.authorize_access_token(request, claims_options=options)
        except (httpx2.HTTPError, OAuthError, JoseError, RuntimeError, ValueError, KeyError) as problem:
            raise _failed(problem) from None
        claims = token.get("userinfo")
        if not claims:
            raise ProviderError("no-id-token")
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if audience != [self.settings.client_id]:
            raise ProviderError("other-audience")
        return Person(
            issuer=claims["iss"],
            subject=claims["sub"],
            email=claims.get("email") if claims.get("email_verified") is True else None,
            username=claims.get("preferred_username"),
        )

    async def _metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if metadata.get("issuer", "").rstrip("/") != self.settings.issuer.rstrip("/"):
            raise ProviderError("other-issuer")
        # a provider that also lists `none` or a shared secret is not believed in those
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in _ALGORITHMS]
        return metadata


def provider_of(settings: Oidc) -> Provider:
    """The provider that the settings name; nothing is asked of it yet."""
    registry = OAuth()
    client = registry.register(
        "provider",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
    return Provider(client, settings)


def _failed(problem: Exception) -> ProviderError:
    word = str(getattr(problem, "error", None))
    # a browser may bring any text as the error of the provider
    return ProviderError(word if _CODE.fullmatch(word) else type(problem).__name__)

"""A provider of OpenID Connect for tests: real HTTP, real keys, strict where a real one is, and crooked when asked.

It knows nothing of our code. Everybody who comes is logged in at once as ``claims`` says; what a crooked provider does
instead stands in ``trick``.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "dekkend-proef", "geheim/met+tekens"


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class FakeProvider:
    address: str = ""
    redirect_uri: str = "http://127.0.0.1:8420/inloggen/terug"
    trick: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "4711", "email": "school@voorbeeld.nl"})
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: new_key("een"))
    stranger: RSAKey = field(default_factory=lambda: new_key("een"))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def discovery(self, _: Request) -> Response:
        algorithms = ["RS256", "HS256", "none"] if self.trick in {"none", "shared secret"} else ["RS256"]
        return JSONResponse(
            {
                "issuer": "https://een.ander" if self.trick == "other issuer in discovery" else self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": algorithms,
            }
        )

    async def keys(self, _: Request) -> Response:
        keys = [self.key]
        if self.trick == "shared secret":
            keys.append(OctKey.import_key(CLIENT_SECRET, {"kid": "twee"}))
        return JSONResponse(KeySet(keys).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        right = {"client_id": CLIENT_ID, "redirect_uri": self.redirect_uri, "response_type": "code"}
        if any(asked.get(name) != value for name, value in right.items()) or "openid" not in asked["scope"].split():
            return Response("invalid_request", 400)
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return Response("PKCE is required", 400)
        if self.trick == "refused":
            return self._back({"error": "access_denied", "error_description": "<b>nee</b>", "state": asked["state"]})
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return self._back({"code": code, "state": asked["state"]})

    def _back(self, query: dict[str, str]) -> Response:
        return RedirectResponse(f"{self.redirect_uri}?{urlencode(query)}", 302)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or base64.b64decode(given).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        proved = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or proved != asked["code_challenge"] or form.get("redirect_uri") != self.redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        if self.trick != "no id token":
            answer["id_token"] = self.id_token(asked)
        return JSONResponse(answer)

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims
        if self.trick == "wrong nonce":
            claims["nonce"] = "een-eerdere"
        elif self.trick == "no nonce":
            del claims["nonce"]
        elif self.trick == "wrong audience":
            claims["aud"] = "een-ander-programma"
        elif self.trick == "more audiences":
            claims["aud"] = [CLIENT_ID, "een-ander-programma"]
            claims["azp"] = CLIENT_ID
        elif self.trick == "no audience":
            del claims["aud"]
        elif self.trick == "wrong issuer":
            claims["iss"] = "https://een.ander"
        elif self.trick == "expired":
            claims |= {"iat": now - 7200, "exp": now - 3600}
        elif self.trick == "no subject":
            del claims["sub"]
        if self.trick == "none":
            return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), algorithms=["none"])
        if self.trick == "shared secret":
            return jwt.encode({"alg": "HS256", "kid": "twee"}, claims, OctKey.import_key(CLIENT_SECRET), ["HS256"])
        signer = self.stranger if self.trick == "wrong signature" else self.key
        token = jwt.encode({"alg": "RS256", "kid": signer.kid}, claims, signer)
        if self.trick == "changed afterwards":
            head, body, signature = token.split(".")
            text = base64.urlsafe_b64decode(body + "==").replace(b'"4711"', b'"4712"')
            token = f"{head}.{base64.urlsafe_b64encode(text).rstrip(b'=').decode()}.{signature}"
        return token


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """Serve on a free port of the loopback address, in a thread."""
    provider = FakeProvider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        provider.address = f"http://127.0.0.1:{port}"
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)

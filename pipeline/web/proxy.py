"""What a reverse proxy adds to a request: believed from its own addresses, and from nowhere else."""

from __future__ import annotations

import ipaddress

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pipeline.web.settings import Proxy


class BehindProxy:
    """Take over the address of the visitor, https and perhaps the login from the headers of the proxy."""

    def __init__(self, app: ASGIApp, *, proxy: Proxy) -> None:
        self._app = app
        self._networks = proxy.addresses
        self._header = proxy.user_header.lower().encode() if proxy.user_header else None
        trusted = [str(network) for network in proxy.addresses]
        # uvicorn and starlette name the same messages differently
        self._unpacked: ASGIApp = ProxyHeadersMiddleware(app, trusted_hosts=trusted)  # type: ignore[arg-type, assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as the proxy got it."""
        if scope["type"] != "http" or not self._is_trusted(scope):
            await self._app(scope, receive, send)
            return
        if self._header is not None:
            given = [value for name, value in scope["headers"] if name == self._header]
            # two of them: one may have come from the browser
            if len(given) == 1 and given[0].strip():
                scope.setdefault("state", {})["proxy_login"] = given[0].decode("utf-8", "replace").strip()
        await self._unpacked(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            peer = ipaddress.ip_address((scope.get("client") or ("", 0))[0])
        except ValueError:
            return False
        return any(peer in network for network in self._networks)

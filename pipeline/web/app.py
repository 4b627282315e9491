"""The pages as one application: settings and store in, an app out."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.staticfiles import StaticFiles

from pipeline.version import program_version
from pipeline.web import cookies, oidc, routes
from pipeline.web.faults import Watch, handle_faults
from pipeline.web.first import FirstCode
from pipeline.web.headers import SecurityHeaders
from pipeline.web.limits import BodyLimit, Rates
from pipeline.web.proxy import BehindProxy
from pipeline.web.secret import read_secret
from pipeline.web.sessions import Recognise
from pipeline.web.settings import Settings

_TEN_MINUTES = 600


def make_app(settings: Settings, engine: Engine) -> FastAPI:
    """Make the application, with every router of ``pipeline.web.routes``.

    Its ``state`` holds ``settings``, ``engine``, ``secret``, ``rates``, ``first_code`` and ``provider``, and what
    routers start in their lifespan.

    Raises:
        KeyFileError: The secret can't be read or made.
    """
    secret = read_secret(settings.key_file)
    app = FastAPI(
        title="dekkend",
        version=program_version(),
        openapi_url="/api/openapi.json",
        docs_url=None,  # those pages load scripts from elsewhere
        redoc_url=None,
        middleware=list(_middleware(settings, secret.key_for("provider").hex())),
        lifespan=_lifespan,
    )
    app.state.settings, app.state.engine, app.state.secret = settings, engine, secret
    app.state.rates = Rates()
    app.state.first_code = FirstCode(engine)
    app.state.provider = oidc.provider_of(settings.oidc) if settings.oidc else None
    handle_faults(app)
    for router in _routers():
        app.include_router(router)
    app.mount("/static", _Static(packages=[("templates", "web/static")]), name="static")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.engine.dispose()


def _routers() -> Iterator[APIRouter]:
    for found in pkgutil.iter_modules(routes.__path__):
        yield importlib.import_module(f"{routes.__name__}.{found.name}").router


def _middleware(settings: Settings, key: str) -> Iterator[Middleware]:
    """From the outside in."""
    yield Middleware(SecurityHeaders, https=settings.secure_cookies)
    yield Middleware(Watch)
    if settings.proxy:
        yield Middleware(BehindProxy, proxy=settings.proxy)
    yield Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    yield Middleware(Recognise)
    yield Middleware(BodyLimit, max_upload_mb=settings.max_upload_mb)
    if settings.oidc:
        # for the minutes between leaving for the provider and coming back
        yield Middleware(
            SessionMiddleware,
            secret_key=key,
            session_cookie=cookies.full_name(cookies.PROVIDER, secure=settings.secure_cookies),
            max_age=_TEN_MINUTES,
            same_site="lax",
            https_only=settings.secure_cookies,
        )


class _Static(StaticFiles):
    """Our own files may be kept by the browser for an hour; pages name them with the version."""

    def file_response(self, *args: object, **named: object) -> Response:
        response = super().file_response(*args, **named)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

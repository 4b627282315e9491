"""A browser without a browser: keeps cookies, and sends forms with the token of their page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from starlette.testclient import TestClient

PASSWORD = "paars fietspad onder regen"
ADDRESS = "http://127.0.0.1:8420"


@dataclass
class Browser:
    """Follows redirects, keeps cookies, and sends forms as they stand on the page."""

    client: TestClient

    def get(self, path: str, **named):
        return self.client.get(path, **named)

    def token(self, path: str = "/privacy") -> str:
        found = re.search(r'name="_csrf" value="([^"]+)"', self.client.get(path).text)
        return unescape(found[1]) if found else ""

    def post(self, path: str, data: dict | None = None, *, page: str | None = None, **named):
        token = self.token(page or "/inloggen")
        return self.client.post(path, data={"_csrf": token, **(data or {})}, **named)

    def log_in(self, login: str, password: str = PASSWORD, **named):
        return self.post("/inloggen", {"login": login, "password": password, "naar": "/account"}, **named)

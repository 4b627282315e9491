"""What a browser test looks at on any page: axe-core finds nothing, and nothing sticks out."""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def assert_fine(page: Page, name: str) -> None:
    """Also takes a picture under this name where DEKKEND_PICTURES names a folder."""
    result = Axe().run(page, options=_RULES)
    found = [f"{one['id']}: {node['html'][:150]}" for one in result.response["violations"] for node in one["nodes"]]
    if folder := os.environ.get("DEKKEND_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)

    assert found == []
    assert len(result.response["passes"]) > 10
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "sticks out sideways"

"""What a web page says of itself in its head: title, author, site and dates."""

from __future__ import annotations

import re

from lxml import etree

_NAMES = {
    "author": "author",
    "dc.creator": "author",
    "dcterms.creator": "author",
    "og:site_name": "site",
    "application-name": "site",
    "article:published_time": "created",
    "dcterms.created": "created",
    "dc.date": "created",
    "date": "created",
    "article:modified_time": "modified",
    "og:updated_time": "modified",
    "dcterms.modified": "modified",
    "last-modified": "modified",
}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?")
_LONGEST = 300


def properties(root: etree._Element) -> dict[str, str]:
    """The properties by the names that all readers use; dates only when they are ISO dates."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = _NAMES.get((meta.get("name") or meta.get("property") or meta.get("http-equiv") or "").lower())
        value = " ".join(meta.get("content", "").split())[:_LONGEST]
        if not name or not value or name in found:
            continue
        if name in ("created", "modified"):
            match = _ISO.match(value)
            if not match:
                continue
            value = match[0]
        found[name] = value
    title = next(root.iter("title"), None)
    text = "" if title is None else " ".join("".join(map(str, title.itertext())).split())
    if text:
        found["title"] = text[:_LONGEST]
    return dict(sorted(found.items()))

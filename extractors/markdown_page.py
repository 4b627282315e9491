"""Reads Markdown as schools and site builders write it: CommonMark with tables, through the reader of web pages.

(``markdown.py`` reads the small Markdown of labelled test documents, which has marks of its own for layout.)
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from extractors.document import Document, SourceFile
from extractors.html import read_html_text
from extractors.plain_text import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|titel|author|auteur|date|datum):[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NAMES = {"titel": "title", "auteur": "author", "date": "created", "datum": "created"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_TASK = re.compile(r"(<li>\s*(?:<p>)?)\[([ xX])\](?=\s)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_UNDERLINED = re.compile(r"^\S.*\r?\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_PROSE = re.compile(r"\b\w+(?: [\w'’,-]+){4,}")
_NAMED = re.compile(r"\.(?:md|markdown|txt)$", re.IGNORECASE)


def read_markdown_page(data: bytes, source: SourceFile) -> Document:
    """The document; anything that is no Markdown is a paragraph.

    Raises:
        RefusedError: It is nested deeper than any real text.
    """
    text = decode(data).replace("\f", "\n")
    head = _FRONT_MATTER.match(text)
    extra = _properties(head[1]) if head else {}
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text[head.end() :] if head else text)
    ticked = _TASK.sub(lambda m: m[1] + ("☐" if m[2] == " " else "☒"), page)
    return read_html_text(f"<html><body>{ticked}</body></html>", source, extra)


def looks_like_markdown(data: bytes, name: str) -> bool:
    """Whether text is a document in Markdown; plain text has no marks at all, so there its name may tell."""
    if _NAMED.search(name):
        return True
    text = decode(data[:65536])
    return bool(_HEADING.search(text) or _UNDERLINED.search(text)) and bool(_PROSE.search(text))


def _properties(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, raw in _FIELD.findall(head):
        key = _NAMES.get(name.lower(), name.lower())
        value = raw.strip("\"'")[:300]
        if key != "created" or _ISO.match(value):
            found.setdefault(key, value)
    return found

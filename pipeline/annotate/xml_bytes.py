"""An XML part as bytes with the place of each element in them, so that text can be put in and nothing else changes.

A parser that writes the tree out again changes quotes, declarations and line ends; here every byte of the school stays.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|(?P<end></(?P<end_name>[^\s>]+)\s*>)"
    rb"|(?P<start><(?P<name>[^\s/>!?]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL,
)
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CHARACTER = re.compile(rb"&[^;<&]+;|\r\n|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*", re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Element:
    """An element by its places in the bytes; ``inner`` and ``close`` are equal for an empty element tag."""

    name: str
    prefix: str
    """With its colon, or empty: what to write before a name of the same namespace."""
    parent: int | None
    start: int
    inner: int
    """Behind the start tag."""
    close: int = 0
    """Before the end tag."""
    end: int = 0
    """Behind the end tag."""
    empty: bool = False


class Part:
    """One XML part that is well formed, without a document type."""

    def __init__(self, data: bytes) -> None:
        self.data = _utf8(data)
        self.elements: list[Element] = []
        """In document order."""
        self._additions: list[tuple[int, int, bytes]] = []
        open_ones: list[int] = []
        for token in _TOKEN.finditer(self.data):
            if token["start"]:
                prefix, _, name = token["name"].decode().rpartition(":")
                element = Element(
                    name,
                    f"{prefix}:" if prefix else "",
                    open_ones[-1] if open_ones else None,
                    token.start(),
                    token.end(),
                )
                element.empty = token["start"].endswith(b"/>")
                self.elements.append(element)
                if element.empty:
                    element.close = element.end = element.inner
                else:
                    open_ones.append(len(self.elements) - 1)
            elif token["end"]:
                element = self.elements[open_ones.pop()]
                element.close, element.end = token.start(), token.end()

    @property
    def root(self) -> Element:
        """The outermost element."""
        return self.elements[0]

    def children(self, number: int) -> Iterator[int]:
        """The numbers of an element's children."""
        end = self.elements[number].end
        for index in range(number + 1, len(self.elements)):
            if self.elements[index].start >= end:
                return
            if self.elements[index].parent == number:
                yield index

    def ancestors(self, number: int) -> Iterator[int]:
        """The numbers of the elements around an element, from the inside out."""
        parent = self.elements[number].parent
        while parent is not None:
            yield parent
            parent = self.elements[parent].parent

    def start_tag(self, number: int) -> bytes:
        """The start tag as it stands there."""
        element = self.elements[number]
        return self.data[element.start : element.inner]

    def attribute(self, number: int, name: str) -> str | None:
        """An attribute by its local name, as written; None when there is none."""
        found = re.search(rb"[\s:]" + name.encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", self.start_tag(number))
        return None if found is None else (found[1] if found[1] is not None else found[2]).decode()

    def characters(self, number: int) -> list[int] | None:
        """The places of the characters in an element that holds text alone, and where the last ends; else None."""
        element = self.elements[number]
        content = self.data[element.inner : element.close]
        if b"<" in content:
            return None
        return [*(element.inner + found.start() for found in _CHARACTER.finditer(content)), element.close]

    def whole_character(self, number: int, offset: int) -> int:
        """The first offset in an element's text, from the one given, that cuts no mark off the letter before it."""
        places = self.characters(number) or []
        while offset + 1 < len(places):
            written = self.data[places[offset] : places[offset + 1]].decode()
            if not unicodedata.combining(html.unescape(written)[:1] or " "):
                break
            offset += 1
        return offset

    def add(self, place: int, text: str, *, order: int = 0) -> None:
        """Put something in at a place; of what comes to one place, the lowest ``order`` goes first."""
        self._additions.append((place, order, text.encode("ascii", "xmlcharrefreplace")))

    def append(self, number: int, text: str) -> None:
        """Put something in at the end of an element."""
        element = self.elements[number]
        if not element.empty:
            self.add(element.close, text)
            return
        # "/>" becomes ">" by an addition too: what stands before it ends in the tag's own slash
        tag = self.start_tag(number)
        opened = tag[:-2].rstrip() + b">"
        name = (element.prefix + element.name).encode()
        self.data = (
            self.data[: element.start]
            + opened
            + text.encode("ascii", "xmlcharrefreplace")
            + b"</"
            + name
            + b">"
            + self.data[element.end :]
        )

    def bytes(self) -> bytes:
        """The part with everything that was put in."""
        made: list[bytes] = []
        done = 0
        for place, _, text in sorted(self._additions, key=lambda addition: addition[:2]):
            made += [self.data[done:place], text]
            done = place
        return b"".join([*made, self.data[done:]])


def _utf8(data: bytes) -> bytes:
    """The part in UTF-8, with its declaration in line; nearly every part is in UTF-8 and stays as it is."""
    declared = _DECLARED.search(data[:200])
    if data[:2] in _UTF16_MARKS:
        text = data.decode("utf-16")
    elif declared is None or declared[1].lower() in (b"utf-8", b"us-ascii"):
        return data
    else:
        text = data.decode(declared[1].decode())
    return re.sub(r"(<\?xml[^>]*?encoding\s*=\s*[\"'])[A-Za-z0-9._-]+", r"\g<1>UTF-8", text, count=1).encode()

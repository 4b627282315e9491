"""Opens a DOCX file as a package of XML parts, safely: no entities, no network, nothing outside the archive."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VAL = W + "val"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_END_OF_STYLE = b"</w:style>"
_TABLE_STYLE = re.compile(rb'<w:style w:type="table"[^>]*? w:styleId="([^"]*)"')
_USED_TABLE_STYLE = re.compile(rb'<w:tblStyle w:val="([^"]*)"')
_BASED_ON = re.compile(rb'<w:basedOn w:val="([^"]*)"')
_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL_OF_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M[1:-1].encode(),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another; ``kind`` is the last word of its type ("header", "footnotes")."""

    kind: str
    target: str


class Package:
    """The parts of an OOXML file. Raises KeyError, BadZipFile or XMLSyntaxError for a damaged one."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = frozenset(self._zip.namelist())
        self._relations: dict[str, dict[str, Relation]] = {}
        self.main = next(
            relation.target for relation in self.relations("").values() if relation.kind == "officeDocument"
        )

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part, None when the package has no such part."""
        if name not in self._names:
            return None
        return _parse(_transitional(self._zip.read(name)))

    def styles(self) -> etree._Element | None:
        """The root of the styles part, without the table styles that the document does not use.

        Templates carry a hundred table styles, and parsing all of them took longer than reading the text.
        """
        name = next((found.target for found in self.relations(self.main).values() if found.kind == "styles"), "")
        if name not in self._names:
            return None
        try:
            return _parse(self._without_unused(_transitional(self._zip.read(name))))
        except etree.XMLSyntaxError:
            return self.xml(name)

    def _without_unused(self, styles: bytes) -> bytes:
        parts = styles.split(_END_OF_STYLE)
        heads = [_TABLE_STYLE.match(part.lstrip()) for part in parts]
        ids = {head[1]: index for index, head in enumerate(heads) if head is not None}
        used = set(_USED_TABLE_STYLE.findall(self._zip.read(self.main))) if ids else set()
        waiting = [name for name, index in ids.items() if name in used or b"w:default=" in parts[index][:200]]
        needed: set[int] = set()
        while waiting:
            index = ids.get(waiting.pop())
            if index is not None and index not in needed:
                needed.add(index)
                waiting += _BASED_ON.findall(parts[index])
        kept = [part for index, part in enumerate(parts) if heads[index] is None or index in needed]
        return _END_OF_STYLE.join(kept)

    def relations(self, part: str) -> dict[str, Relation]:
        """The links of a part ("" for the package itself) by id; links to the outside are left out."""
        if part in self._relations:
            return self._relations[part]
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for element in () if root is None else root.iter(_RELATIONSHIP):
            if element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
            kind = element.get("Type", "").rsplit("/", 1)[-1]
            found[element.get("Id", "")] = Relation(kind, target)
        self._relations[part] = found
        return found

    def linked(self, part: str, kind: str) -> etree._Element | None:
        """The root of the part of this kind that ``part`` links to, for example its styles."""
        for relation in self.relations(part).values():
            if relation.kind == kind:
                return self.xml(relation.target)
        return None

    def properties(self) -> dict[str, str]:
        """The document properties that reports use, as stored."""
        root = self.linked("", "core-properties")
        wanted = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}
        found: dict[str, str] = {}
        for element in () if root is None else root:
            name = wanted.get(etree.QName(element).localname)
            if name and element.text and element.text.strip():
                found[name] = element.text.strip()
        return dict(sorted(found.items()))


def _transitional(data: bytes) -> bytes:
    """The part with the names of strict OOXML, which few programs write, as those that all others use."""
    if _STRICT.encode() in data[:4096]:
        for strict, transitional in _TRANSITIONAL_OF_STRICT.items():
            data = data.replace(strict, transitional)
    return data


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(data, parser)


def properties_of(element: etree._Element, tag: str) -> etree._Element | None:
    """The properties of a paragraph, run or cell: they come first, where they are found without a search."""
    if len(element) == 0:
        return None
    first = element[0]
    return first if first.tag == tag else next(element.iterchildren(tag), None)


def children_of(properties: etree._Element | None) -> dict[Any, etree._Element]:
    """The properties by tag: one pass is much cheaper than a search for each of them."""
    return {} if properties is None else {child.tag: child for child in properties}


def state_of(element: etree._Element | None) -> bool | None:
    """A toggle by its element: True, False, or None where there is none."""
    return None if element is None else element.get(_VAL, "true") not in ("0", "false", "off", "none")


def is_on(properties: etree._Element | None, name: str) -> bool | None:
    """A toggle such as bold: True, False, or None where the element does not say."""
    return None if properties is None else state_of(properties.find(W + name))


def value_of(properties: etree._Element | None, name: str) -> str | None:
    """The ``w:val`` of a property, None where it is not set."""
    element = None if properties is None else properties.find(W + name)
    return None if element is None else element.get(W + "val")


def int_of(properties: etree._Element | None, name: str) -> int | None:
    """As ``value_of``, as a whole number; None for anything that is not one."""
    return whole_number(value_of(properties, name))


def whole_number(value: str | None) -> int | None:
    """The number as Word takes it; None for anything that is not one."""
    try:
        return None if value is None else int(float(value))
    except (ValueError, OverflowError):
        return None

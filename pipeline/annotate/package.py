"""Changes parts of a Word file: every other part keeps its bytes, its place and its date."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable

from pipeline.annotate.xml_bytes import Part

_TYPES = "[Content_Types].xml"
_STRICT = b"http://purl.oclc.org/ooxml/"
_OFFICE = {
    True: "http://purl.oclc.org/ooxml/officeDocument/relationships/",
    False: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
}
_WORD = {
    True: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    False: "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
}
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SIGNATURES = "_xmlsignatures/"
_SIGNED = re.compile(rb"<(?:[A-Za-z0-9_]+:)?(?:Relationship|Override)\b[^>]*_xmlsignatures/[^>]*/>")


class WordFile:
    """A DOCX or DOCM file with the parts that were changed or added; nothing in it is ever run."""

    def __init__(self, data: bytes, main: str) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.main = main
        self._changed: dict[str, bytes] = {}
        self.signed = any(name.startswith(_SIGNATURES) for name in self._zip.namelist())

    def read(self, name: str) -> bytes:
        """A part as it stands now."""
        return self._changed[name] if name in self._changed else self._zip.read(name)

    def write(self, name: str, data: bytes) -> None:
        """Change or add a part."""
        self._changed[name] = data

    @property
    def namespace(self) -> str:
        """The namespace of the main part: that of strict or of transitional OOXML."""
        return _WORD[self._strict]

    @property
    def _strict(self) -> bool:
        return _STRICT in self.read(self.main)[:4096]

    def add_comments(self, write: Callable[[str], str], existing: str | None) -> None:
        """Put comments at the end of the part for comments, which is made when there is none.

        Args:
            write: Gives the ``w:comment`` elements, from what to declare in each of them.
            existing: Name of the part that the document has for its comments.
        """
        if existing is not None:
            part = Part(self.read(existing))
            part.append(0, write(declared(part.root.prefix, self.namespace)))
            self.write(existing, part.bytes())
            return
        name = self._free_name("comments")
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        whole = f'{head}<w:comments xmlns:w="{self.namespace}">{write("")}</w:comments>'
        self.write(name, whole.encode("ascii", "xmlcharrefreplace"))
        self._relate(name, _OFFICE[self._strict] + "comments")
        types = Part(self.read(_TYPES))
        types.append(0, f'<{types.root.prefix}Override PartName="/{name}" ContentType="{_COMMENTS_TYPE}"/>')
        self.write(_TYPES, types.bytes())

    def _free_name(self, stem: str) -> str:
        names = {name.lower() for name in self._zip.namelist()}
        folder = posixpath.dirname(self.main)
        candidates = (posixpath.join(folder, f"{stem}{number or ''}.xml") for number in range(len(names) + 1))
        return next(name for name in candidates if name.lower() not in names)

    def _relate(self, target: str, kind: str) -> None:
        folder, name = posixpath.split(self.main)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        if place not in self._zip.namelist():
            self.write(place, f'<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'.encode())
        part = Part(self.read(place))
        used = {part.attribute(number, "Id") for number in range(len(part.elements))}
        free = next(f"rIdDekkend{number}" for number in range(1, len(used) + 2) if f"rIdDekkend{number}" not in used)
        own = f'<{part.root.prefix}Relationship Id="{free}" Type="{kind}" Target="{posixpath.basename(target)}"/>'
        part.append(0, own)
        self.write(place, part.bytes())

    def _without_signatures(self) -> None:
        """A signature over other bytes is a false one: Word would warn that the document was tampered with."""
        for name in ("_rels/.rels", _TYPES):
            self.write(name, _SIGNED.sub(b"", self.read(name)))

    def bytes(self) -> bytes:
        """The whole file."""
        if self.signed:
            self._without_signatures()
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for item in self._zip.infolist():
                if item.filename.startswith(_SIGNATURES):
                    continue
                new.writestr(_like(item), self.read(item.filename))
            known = set(self._zip.namelist())
            for name in self._changed:
                if name not in known:
                    added = zipfile.ZipInfo(name)
                    added.compress_type = zipfile.ZIP_DEFLATED
                    new.writestr(added, self._changed[name])
            new.comment = self._zip.comment
        return made.getvalue()


def declared(prefix: str, namespace: str) -> str:
    """What an element must declare so that ``w:`` can be used in it: nothing where the part itself uses that."""
    return "" if prefix == "w:" else f' xmlns:w="{namespace}"'


def _like(item: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """An entry with the name, date and attributes of another."""
    own = zipfile.ZipInfo(item.filename, item.date_time)
    own.compress_type = zipfile.ZIP_STORED if item.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED
    own.external_attr, own.create_system, own.comment = item.external_attr, item.create_system, item.comment
    return own

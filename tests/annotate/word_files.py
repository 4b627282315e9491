"""Small Word files for tests, and an independent reader of what stands under a comment."""

from __future__ import annotations

import io
import re
import zipfile
from copy import deepcopy

from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f"{{{NAMESPACE}}}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARATIONS = (
    f'xmlns:w="{NAMESPACE}" xmlns:r="{_OFFICE}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
# an office writes its parts in its own way: here with single quotes, spaces and a comment, to see that they stay
_DOCUMENT = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n<!-- x -->"
    "<w:document {} ><w:body>{}</w:body></w:document>"
)
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def word(
    body: str,
    *,
    parts: dict[str, str | bytes] | None = None,
    relations: str = "",
    types: str = "",
    package: str = "",
    document: bytes | None = None,
) -> bytes:
    """A DOCX file with this body."""
    made = io.BytesIO()
    own = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>{package}'
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES.format(more=types))
        file.writestr("_rels/.rels", _RELATIONS.format(own))
        file.writestr("word/document.xml", document or _DOCUMENT.format(_DECLARATIONS, body + SECTION).encode())
        if relations:
            file.writestr("word/_rels/document.xml.rels", _RELATIONS.format(relations))
        for name, data in (parts or {}).items():
            file.writestr(name, data)
    return made.getvalue()


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def run(text: str, look: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def part(data: bytes, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)


def tree(data: bytes) -> etree._Element:
    raw = part(data)
    if STRICT.encode() in raw:
        raw = raw.replace(STRICT.encode(), NAMESPACE.encode())
    return etree.fromstring(raw)


def under_comments(data: bytes) -> dict[str, str]:
    """Number of each comment to the text under it as a reader sees it, without spaces."""
    open_ones: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for element in tree(data).iter():
        if element.tag == W + "commentRangeStart":
            open_ones[element.get(W + "id", "")] = []
        elif element.tag == W + "commentRangeEnd":
            found[element.get(W + "id", "")] = squeezed("".join(open_ones.pop(element.get(W + "id", ""))))
        elif element.tag == W + "t" and not any(a.tag in (W + "del", W + "moveFrom") for a in element.iterancestors()):
            for texts in open_ones.values():
                texts.append(element.text or "")
        elif element.tag == W + "noBreakHyphen":
            for texts in open_ones.values():
                texts.append("-")
    assert not open_ones
    return found


def squeezed(text: str) -> str:
    """A text without what differs between a file and its blocks: spaces, soft hyphens, the bars between cells."""
    return re.sub(r"[\s|\u00ad\u200b]", "", text.replace("\u2011", "-"))


def comments(data: bytes, name: str = "word/comments.xml") -> dict[str, list[str]]:
    """Number of each comment of ours to its paragraphs."""
    root = etree.fromstring(part(data, name))
    return {
        one.get(W + "id", ""): ["".join(p.itertext()) for p in one.iter(W + "p")]
        for one in root.iter(W + "comment")
        if one.get(W + "author") == "dekkend"
    }


def without_remarks(data: bytes, numbers: frozenset[str]) -> bytes:
    """The main part with our comments and our end taken out and cut runs put together, in canonical form."""
    root = deepcopy(tree(data))
    for element in list(root.iter(W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference")):
        if element.get(W + "id") in numbers:
            gone = element.getparent() if element.tag == W + "commentReference" else element
            gone.getparent().remove(gone)
    for control in list(root.iter(W + "sdt")):
        properties = control.find(W + "sdtPr")
        if properties.find(W + "temporary") is not None and properties.find(W + "showingPlcHdr") is not None:
            control.getparent().getparent().remove(control.getparent())
    return merged(root)


def merged(root: etree._Element) -> bytes:
    """Canonical form with neighbouring runs of the same look put together, and neighbouring texts in them."""
    for one in list(root.iter(W + "r")):
        one.attrib.clear()
        following = one.getnext()
        while following is not None and following.tag == W + "r" and _look(one) == _look(following):
            one.extend([child for child in following if child.tag != W + "rPr"])
            following.getparent().remove(following)
            following = one.getnext()
    for text in list(root.iter(W + "t")):
        text.attrib.clear()
        following = text.getnext()
        while following is not None and following.tag == W + "t":
            text.text = (text.text or "") + (following.text or "")
            following.getparent().remove(following)
            following = text.getnext()
    return etree.tostring(root, method="c14n")


def _look(one: etree._Element) -> bytes:
    look = one.find(W + "rPr")
    return b"" if look is None else etree.tostring(look, method="c14n", with_tail=False)

"""Pure text cleaning that every format shares: spaces, ligatures, hyphens, checkboxes, bullets, page labels."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence

CHECKED = "☒"
UNCHECKED = "☐"

_CHECKED_GLYPHS = "☑✓✔🗹🗷🗵◉⦿\uf0fe\uf0fd\uf0fc\uf052\uf053\uf054\uf078"
_UNCHECKED_GLYPHS = "□◯▢❏❐❑❒◻◽⬜\uf0a8\uf06f\uf0a3\uf071\uf072"
# round marks are bullets too: only beside one another, or alone in a cell, do they say yes and no
_FILLED, _OPEN = "●⚫■⬛", "○⚪"
_TYPED_BOX = re.compile(r"(?<!\S)(?:\[\s?([xXvV✓☒]?)\s?\]|\(\s?([xX☒]?)\s?\))(?=\s|$)")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# U+0002 and U+FFFE are how PDF libraries pass on a hyphen that was only put in to break a line
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\x02"
_TRANSLATION = str.maketrans(
    {
        **dict.fromkeys(_CHECKED_GLYPHS, CHECKED),
        **dict.fromkeys(_UNCHECKED_GLYPHS, UNCHECKED),
        **_LIGATURES,
        **dict.fromkeys(_INVISIBLE, ""),
        "\u2011": "-",  # the non-breaking hyphen looks and reads like the ordinary one
        "\u2010": "-",
        "\x00": "",
    }
)
_MARKS = str.maketrans({**dict.fromkeys(_FILLED, CHECKED), **dict.fromkeys(_OPEN, UNCHECKED)})
_CHOICE_MARKS = frozenset(_FILLED + _OPEN + UNCHECKED)
_SPACES = re.compile(r"[^\S\n]+")
_LINE_EDGES = re.compile(r" ?\n[ \n]*")

BULLETS = "•●○◦▪▫■∙·‣⁃➢➤►▶➔→❖*-–—\uf0b7\uf0a7\uf0d8\uf076\uf02d\uf0e0\uf0a0\uf06e"
# a dash or "o" is only a bullet with a space behind it; the round and square ones also stand glued to their text
_BULLET = re.compile(rf"(?:[{re.escape(BULLETS)}]|o(?=\s))[ \t\xa0]+|[•●▪‣\uf0b7\uf0a7]")
_NUMBER = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-z]\)|[ivx]{1,4}\))[ \t\xa0]+(?=\S)")
_TOC_TAIL = re.compile(r"(?:\s*(?:\.\s?){3,}|\s*…+|\s*_{3,}|\t+|\s*·{3,})[\s.…]*(\d{1,3})\s*$")
_PAGE_LABEL = re.compile(
    r"(?:^|[\s|–—·•-]+)(?:(?:pagina|pag\.?|blz\.?|page|p\.)[\s:]*\d*|-?\s*\d{1,3}\s*-?)"
    r"(?:\s*(?:van|/|of)\s*\d*)?\s*$"
    r"|^(?:pagina|pag\.?|blz\.?|page)?\s*\d{1,3}\s*(?:(?:van|/|of)\s*\d*)?(?=\s*[|–—·•]|\s*$)",
    re.IGNORECASE,
)
_PAGE_WORDS = re.compile(
    r"(?:^|[\s|–—·•-]+)(?:pagina|pag\.?|blz\.?|page|p\.)[\s:]*\d*(?:\s*(?:van|/|of)\s*\d*)?\s*$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def clean(text: str) -> str:
    """The text as dekkend keeps it: composed letters, plain spaces, one kind of checkbox; line breaks stay."""
    if text.isascii():
        text = text.replace("\x02", "").replace("\x00", "")
    else:
        text = unicodedata.normalize("NFC", text).translate(_TRANSLATION)
    if not text.isprintable() or "  " in text:
        text = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))
    if "\n" in text:
        text = _LINE_EDGES.sub("\n", text)
    return _settle_marks(text.strip())


def _settle_marks(text: str) -> str:
    """Typed boxes ("[x]", "( )") and marks beside one another ("● ja ○ nee") as checkboxes."""
    if "]" in text or ")" in text:
        text = _TYPED_BOX.sub(lambda found: CHECKED if found[1] or found[2] else UNCHECKED, text)
    if not text.isascii() and _has(text, _FILLED) and _has(text, _OPEN + UNCHECKED):
        text = text.translate(_MARKS)
    return text


def _has(text: str, marks: str) -> bool:
    return any(mark in text for mark in marks)


def lone_mark(text: str) -> str:
    """The text of a table cell: a filled or open mark by itself is a box ticked or not."""
    return text.translate(_MARKS) if len(text) == 1 else text


def settle_choices(texts: Sequence[str]) -> list[str]:
    """Lines that follow one another behind filled and open marks: where both occur these are choices, no bullets."""
    settled: list[str] = []
    for marked, group in itertools.groupby(texts, key=lambda text: text.lstrip()[:1] in _CHOICE_MARKS):
        own = list(group)
        first = {text.lstrip()[:1] for text in own}
        choices = marked and first & set(_FILLED) and first & set(_OPEN + UNCHECKED)
        settled += (
            [_MARKS.get(ord(text.lstrip()[0]), text.lstrip()[0]) + text.lstrip()[1:] for text in own]
            if choices
            else own
        )
    return settled


def clean_line(text: str) -> str:
    """As ``clean``, on a single line."""
    return clean(text).replace("\n", " ")


def split_bullet(text: str) -> tuple[str, str]:
    """A typed bullet and what follows it; an empty bullet when the text does not start with one."""
    match = _BULLET.match(text)
    if match is None or match.end() == len(text):
        return "", text
    return match[0].strip(), text[match.end() :].lstrip()


def number_label(text: str) -> str:
    """The typed number ("1.", "b)") that the text starts with, or nothing."""
    match = _NUMBER.match(text)
    return match[0].strip() if match else ""


def toc_entry(text: str) -> str | None:
    """The title of a line of a table of contents (leaders or a tab before a page number), None for other lines."""
    if not text.rstrip()[-1:].isdigit():
        return None
    match = _TOC_TAIL.search(text)
    if match is None:
        return None
    title = clean_line(text[: match.start()]).rstrip(" .…")
    return title or None


def strip_page_label(text: str, *, bare: bool = True) -> str:
    """A running header or footer without its page number ("| pagina 3 van 12").

    Args:
        text: The line.
        bare: Whether a number without a word before it is a page number too; else it may be that of a version.
    """
    return (_PAGE_LABEL if bare else _PAGE_WORDS).sub("", text).strip(" |\u2013\u2014-\u00b7\u2022\t")


def words(texts: Iterable[str]) -> frozenset[str]:
    """The words of the texts in lower case: what tells a hyphen at a line end from a hyphen in a word."""
    return frozenset(match[0].lower() for text in texts for match in _WORD.finditer(text))


def join_lines(
    lines: Sequence[str],
    vocabulary: frozenset[str] = frozenset(),
    *,
    hyphenated: bool = False,
    narrow: bool = False,
) -> str:
    """One text from the lines of a paragraph, with words put together that a line end had broken.

    Args:
        lines: The lines from top to bottom.
        vocabulary: Lower-case words of the whole document.
        hyphenated: Whether the document breaks words at line ends as a habit.
        narrow: Whether the lines come from a column so narrow that words may be cut without a hyphen.
    """
    text = line_before = ""
    for line in lines:
        part = line.strip()
        if not text or not part or (narrow and _cut_word(line_before, part, vocabulary)):
            text += part
        else:
            text = _join_pair(text, part, vocabulary, hyphenated=hyphenated)
        line_before = part
    return text


def _cut_word(left: str, right: str, vocabulary: frozenset[str]) -> bool:
    """Whether a line of one word goes on in the next: "Aanwezi" + "g"."""
    if not left.isalpha() or not right.isalpha() or not right.islower():
        return False
    whole = (left + right).lower()
    return (len(right) <= 4 and whole in vocabulary) or (len(right) == 1 and right not in "aeou")


def _join_pair(left: str, right: str, vocabulary: frozenset[str], *, hyphenated: bool) -> str:
    last = left[-1]
    if last in "\u00ad\ufffe\x02" or (last == "\u2010" and right[0].islower()):
        return left[:-1] + right
    if last not in "-\u2010\u2011" or len(left) < 2 or not left[-2].isalnum():
        # addresses and either-or words break behind the slash
        glued = last == "/" and len(left) > 1 and left[-2].isalnum() and right[0].isalnum()
        return left + ("" if glued else " ") + right
    head = re.split(r"[\s(/]", left[:-1])[-1].lower()
    match = _WORD.match(right)
    tail = match[0].lower() if match else ""
    if tail in {"en", "of", "dan", "als", "tot", "naar"}:
        return f"{left} {right}"
    if not right[0].islower() or not head.replace("-", "").isalpha():
        return left + right
    if head + tail in vocabulary:
        return left[:-1] + right
    if f"{head}-{tail}" in vocabulary or (head in vocabulary and tail in vocabulary):
        return left + right
    return (left[:-1] if hyphenated else left) + right

"""Where personal data of pupils and parents stand in a document: category and place, never the value.

A form about a pupil holds them in labelled fields; once the pupil's name is read, every block with it is marked. In a
document about the school the address, telephone and staff are the school's own, and only a pupil or parent who is
named in an example is marked. What may be either is left out: a false alarm on every page makes nobody look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from extractors.document import Block, BlockKind, Document
from pipeline.check.finder import Finder
from pipeline.check.lexicon import read_yaml
from pipeline.check.passages import is_empty
from pipeline.check.sentences import sentence_spans
from pipeline.norm.data_dir import DATA_DIR
from pipeline.result import PrivacyMark

_RUNNING = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_PUPIL_KINDS = frozenset(
    {"opp", "abc", "okr", "onderwijskundig-rapport", "deskundigenrapportage", "toestemming", "oudervragenlijst"}
    | {"aanvraag-tlv", "aanvraag-ab", "aanmelding-cvl"}
)
_CATEGORIES = ("person", "birthdate", "bsn", "address", "phone", "email")
_MAX_LABEL = 70
_MAX_VALUE = 160  # characters: a longer answer is a story, not a field
_NEAR = 70  # characters before a number in which its owner is named
_NAME_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]+")
_PARTICLES = frozenset(
    {"van", "de", "der", "den", "el", "al", "ten", "ter", "het", "von", "le", "la", "ben", "bin", "da", "dos"}
)

Found = tuple[str, int]
"""Category and block."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row or line with what stands above it."""

    number: int
    block: Block
    above: str
    """The heading above, or the last row of the table that is one cell or a header row."""
    header: tuple[str, ...] = ()


def privacy_marks(document: Document, kind: str | None) -> tuple[PrivacyMark, ...]:
    """Places with personal data of a pupil or parent: one mark for each category in a block, in reading order.

    Args:
        document: What was read.
        kind: Kind of document as ``document_kind`` gives it; decides whether a name or number is a pupil's.
    """
    rows = tuple(_rows(document))
    found = set(_in_pupil_form(rows) if kind in _PUPIL_KINDS else _in_other(rows))
    ordered = sorted(found, key=lambda f: (f[1], _CATEGORIES.index(f[0])))
    return tuple(PrivacyMark(category=category, block=block) for category, block in ordered)


def personal_values(document: Document) -> dict[str, frozenset[str]]:
    """The personal data that stand in labelled fields of a form about a pupil, by category; of ``person`` whole names.

    For taking them out of what is shared; they go into no report and no log.
    """
    found: dict[str, set[str]] = {category: set() for category in _CATEGORIES}
    for row in _rows(document):
        for category, value in (*_fields(row), *_people_values(row)):
            found[category].add(value)
        found["person"].update(_told_names(row))
    return {category: frozenset(values) for category, values in found.items()}


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The words of names that are worth looking for."""
    return frozenset(word for name in names for word in _name_words(name))


def masked(text: str, mask: Mapping[str, str]) -> str:
    """A text without BSN, numbers, addresses and common given names, whoever they belong to.

    Args:
        text: Any text.
        mask: What to write instead, by category.
    """
    lexicon = _lexicon()
    text = lexicon.bsn_said.sub(lambda m: m.group().replace(m["number"], mask["bsn"]), text)
    text = lexicon.bsn.sub(lambda m: mask["bsn"] if _is_bsn(m.group()) else m.group(), text)
    for category, pattern in (("email", lexicon.email), ("phone", lexicon.phone), ("address", lexicon.address)):
        text = pattern.sub(mask[category], text)
    return re.sub(r"[^\W\d_][\w'’-]*", lambda m: mask["person"] if m.group() in lexicon.names else m.group(), text)


def _rows(document: Document) -> Iterator[_Row]:
    header: tuple[str, ...] = ()
    above, table = "", None
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.TOC or not block.text.strip():
            continue
        if block.kind is not BlockKind.ROW or block.table != table:
            above, header = (block.section[-1] if block.section else ""), ()
            table = block.table
        yield _Row(number, block, above, header)
        texts = _cells(block)
        if block.kind is BlockKind.ROW and len(texts) == 1:
            above = texts[0]
        elif block.is_header_row:
            header = tuple(texts)


def _cells(block: Block) -> list[str]:
    return [block.text[cell.start : cell.end].strip() for cell in block.cells]


# ---------------------------------------------------------------- forms about a pupil


def _in_pupil_form(rows: Sequence[_Row]) -> Iterator[Found]:
    names: set[str] = set()
    for row in rows:
        for category, value in _fields(row):
            yield category, row.number
            if category == "person":
                names.update(_name_words(value))
        yield from _people(row)
        yield from _patterns(row)
        for name in _told_names(row):
            yield "person", row.number
            names.update(_name_words(name))
    if names:
        words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        known = re.compile(rf"(?<![\w-])(?:{words})(?:s|'s|’s)?(?![\w-])")
        yield from (("person", row.number) for row in rows if known.search(row.block.text))


def _fields(row: _Row) -> Iterator[tuple[str, str]]:
    """Labelled fields with an answer: category and answer."""
    lexicon = _lexicon()
    of_staff = bool(lexicon.staff_sections.search(row.above)) and not lexicon.pupil_sections.search(row.above)
    for label, value in _pairs(row.block):
        # the name of a school or its director has a label of its own; a bare "Naam" is told by the heading above
        if lexicon.staff_labels.search(label) or (of_staff and not lexicon.pupil_near.search(label)):
            continue
        for category, pattern in lexicon.labels.items():
            if pattern.fullmatch(label) and _holds(category, value):
                yield category, value


def _pairs(block: Block) -> Iterator[tuple[str, str]]:
    texts = _cells(block)
    if len(texts) > 1:
        # columns of names and numbers are read by their header, see _people
        if block.is_header_row and len(texts) > 2:
            return
        for label, value in pairwise(texts):
            if len(label) <= _MAX_LABEL and not _is_label(value):
                yield label.strip(" :*?"), value
        return
    for match in _lexicon().labelled.finditer(block.text):
        yield match["label"].strip(), match["value"].strip()
    if (
        block.kind is BlockKind.PARAGRAPH
        and len(block.text) <= _MAX_VALUE
        and (bare := _lexicon().bare.fullmatch(block.text))
    ):
        # a row of a table without lines in a PDF: "Geboortedatum 19-06-2018"
        yield bare["label"].strip(), bare["value"].strip()


def _is_label(text: str) -> bool:
    text = text.strip(" :*?")
    return any(pattern.fullmatch(text) for pattern in _lexicon().labels.values())


def _holds(category: str, value: str) -> bool:
    """Whether an answer can be what its label says; every answer but a name must show a digit or an @."""
    lexicon = _lexicon()
    if is_empty(value):
        return False
    match category:
        case "person":
            return len(value) <= _MAX_VALUE and _is_name(value)
        case "birthdate":
            return bool(lexicon.date.search(value))
        case "bsn":
            return len(re.sub(r"\D", "", value)) in (8, 9)
        case "phone":
            return sum(c.isdigit() for c in value) >= 8
        case "email":
            return "@" in value
        case _:
            return len(value) <= _MAX_VALUE and any(c.isdigit() for c in value)


def _is_name(value: str) -> bool:
    """A few words that begin with capitals, not a sentence."""
    words = re.sub(r"\([^)]*\)|[.,;].{40,}$", "", value).split()
    capital = [w for w in words if w[:1].isupper() and w.strip(".,:").lower() not in _lexicon().not_names]
    small = [w for w in words if w[:1].islower() and w.strip(".,").lower() not in _SMALL]
    return bool(capital) and len(words) <= 14 and len(small) <= len(capital)


_SMALL = _PARTICLES | {"en", "of", "dhr", "mevr", "mw", "fam", "familie", "mevrouw", "heer"}


def _name_words(value: str) -> Iterator[str]:
    """Words of a name that are worth looking for: two letters say nothing, titles nor small words are no name."""
    lexicon = _lexicon()
    for part in re.split(r"[,;.(]\s|\s\(|\ben\b|/", value)[:2]:
        for word in _NAME_WORD.findall(part):
            if len(word) > 2 and word.lower() not in lexicon.not_names:
                yield word


def _people(row: _Row) -> Iterator[Found]:
    """A row of a table of people: category and block of each answer."""
    yield from ((category, row.number) for category, _ in _people_values(row))


def _people_values(row: _Row) -> Iterator[tuple[str, str]]:
    """A row of a table of people ("Ouder 1 | A. Yildiz | 22-09-2025"), read by its header."""
    lexicon = _lexicon()
    texts = _cells(row.block)
    if row.block.is_header_row or len(texts) < 2 or len(row.header) < 2:
        return
    of_pupils = any(lexicon.of_pupils.search(h) for h in row.header)
    roles = [text for text in texts if len(text) <= _MAX_LABEL]
    about = any(map(lexicon.people.search, roles)) and not any(map(lexicon.staff_labels.search, roles))
    if not (about or of_pupils):
        return
    by_column = {cell.column: row.block.text[cell.start : cell.end].strip() for cell in row.block.cells}
    for column, header in enumerate(row.header):
        for category, pattern in lexicon.columns.items():
            value = by_column.get(column, "")
            if pattern.fullmatch(header.strip(" :*")) and value and _holds(category, value):
                yield category, value


def _told_names(row: _Row) -> Iterator[str]:
    """The pupil's name where it has no label: in the title, before "geboren"."""
    for pattern in _lexicon().told:
        for match in pattern.finditer(row.block.text):
            name = match["name"]
            if name.split()[0].lower() not in _lexicon().not_names:
                yield name


def _patterns(row: _Row) -> Iterator[Found]:
    """Data that show by their form: dates of birth, BSN, addresses, numbers, unless a professional is near."""
    lexicon = _lexicon()
    text = row.block.text
    yield from _sure_patterns(row)
    if row.block.kind in _RUNNING:
        return  # the school's own, on every page
    of_staff = lexicon.staff_sections.search(row.above) and not lexicon.pupil_sections.search(row.above)
    first = _cells(row.block)[0] if row.block.cells else ""
    if of_staff or (first and lexicon.staff_labels.search(first) and not lexicon.pupil_near.search(first)):
        return
    for category, pattern in (("phone", lexicon.phone), ("email", lexicon.email), ("address", lexicon.address)):
        if any(_is_pupils(text, match.start(), default=True) for match in pattern.finditer(text)):
            yield category, row.number


def _sure_patterns(row: _Row) -> Iterator[Found]:
    """What is a person's in every document: a date of birth that is said to be one, a BSN."""
    lexicon = _lexicon()
    if lexicon.born.search(row.block.text):
        yield "birthdate", row.number
    if has_bsn(row.block.text):
        yield "bsn", row.number


def has_bsn(text: str) -> bool:
    """Whether a BSN stands in a text: said to be one, or a number that passes the test of eleven."""
    lexicon = _lexicon()
    said = any(len(re.sub(r"\D", "", m["number"])) in (8, 9) for m in lexicon.bsn_said.finditer(text))
    return said or any(_is_bsn(m.group()) for m in lexicon.bsn.finditer(text))


def _is_bsn(text: str) -> bool:
    """The test of eleven; a number of zeros passes it and is none."""
    digits = [int(c) for c in text if c.isdigit()]
    total = sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return any(digits) and total % 11 == 0


def _is_pupils(text: str, at: int, *, default: bool) -> bool:
    """Whether data at a place are a pupil's or parent's: by the last owner that is named before them."""
    lexicon = _lexicon()
    start = max((a for a, _ in sentence_spans(text) if a <= at), default=0)
    before = text[max(start, at - _NEAR) : at]
    pupil = max((m.end() for m in lexicon.pupil_near.finditer(before)), default=-1)
    staff = max((m.end() for m in lexicon.staff_near.finditer(before)), default=-1)
    return default if pupil == staff else pupil > staff


# ---------------------------------------------------------------- documents about a school


def _in_other(rows: Sequence[_Row]) -> Iterator[Found]:
    lexicon = _lexicon()
    for row in rows:
        yield from _sure_patterns(row)
        for label, value in _pairs(row.block):
            for category, pattern in lexicon.strict.items():
                if pattern.fullmatch(label) and _holds(category, value) and not _is_plural(value):
                    yield category, row.number
        if _names_person(row.block.text):
            yield "person", row.number
        if row.block.kind in _RUNNING:
            continue
        for category, pattern in (("phone", lexicon.phone), ("email", lexicon.email), ("address", lexicon.address)):
            if any(_is_a_parents(row.block.text, m.start()) for m in pattern.finditer(row.block.text)):
                yield category, row.number


def _is_plural(value: str) -> bool:
    """An answer about pupils in general: no word of it is a given name."""
    return not any(w in _lexicon().names for w in re.findall(r"[^\W\d_][\w'’-]*", value))


def _is_a_parents(text: str, at: int) -> bool:
    """In a document about the school only what a named pupil's or parent's sentence holds is theirs."""
    spans = [(a, b) for a, b in sentence_spans(text) if a <= at < b]
    return any(_names_person(text[a:b]) and _is_pupils(text, at, default=False) for a, b in spans)


def _names_person(text: str) -> bool:
    lexicon = _lexicon()
    starts = {a for a, _ in sentence_spans(text)}
    for patterns, must_be_given in ((lexicon.prose, False), (lexicon.prose_given, True)):
        for pattern in patterns:
            for match in pattern.finditer(text):
                if _is_pupil_name(text, match, starts, must_be_given=must_be_given):
                    return True
    return False


def _is_pupil_name(text: str, match: re.Match[str], starts: Iterable[int], *, must_be_given: bool) -> bool:
    lexicon = _lexicon()
    name, at = match["name"], match.start("name")
    if lexicon.staff_words.search(text[max(0, at - 30) : at]):
        return False
    if name in lexicon.names:
        return True
    # at the start of a sentence every word has a capital
    if must_be_given or at in starts or name.isupper():
        return False
    return name.lower() not in lexicon.not_names and not lexicon.not_like.search(name)


# ---------------------------------------------------------------- lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    labels: Mapping[str, re.Pattern[str]]
    strict: Mapping[str, re.Pattern[str]]
    columns: Mapping[str, re.Pattern[str]]
    people: re.Pattern[str]
    of_pupils: re.Pattern[str]
    labelled: re.Pattern[str]
    bare: re.Pattern[str]
    staff_labels: re.Pattern[str]
    staff_sections: re.Pattern[str]
    staff_words: re.Pattern[str]
    staff_near: re.Pattern[str]
    pupil_sections: re.Pattern[str]
    pupil_near: re.Pattern[str]
    date: re.Pattern[str]
    born: re.Pattern[str]
    bsn: re.Pattern[str]
    bsn_said: re.Pattern[str]
    phone: re.Pattern[str]
    email: re.Pattern[str]
    address: re.Pattern[str]
    told: tuple[re.Pattern[str], ...]
    prose: tuple[Finder, ...]
    prose_given: tuple[Finder, ...]
    names: frozenset[str]
    not_names: frozenset[str]
    not_like: re.Pattern[str]


_GIVEN = r"(?-i:(?P<name>[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ][\w’-]*))"
_FULL = (
    r"(?-i:(?P<name>[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ][\w’'-]*"
    r"(?:\s+(?:(?:van|de|der|den|el|al|ten|ter|'t)\s+){0,2}[A-ZÀ-ÖØ-Þ][\w’'-]+){0,3}))"
)


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = read_yaml(DATA_DIR / "lexicons" / "privacy.yaml")
    patterns, staff, pupil, columns = data["patterns"], data["staff"], data["pupil"], data["columns"]
    every_label = "|".join(p for group in data["labels"].values() for p in group)
    names = frozenset(str(n) for n in data["names"])
    return _Lexicon(
        labels={category: _any(group) for category, group in data["labels"].items()},
        strict={category: _any([p]) for category, p in data["strict"].items()},
        columns={c: _any([columns[c]]) for c in _CATEGORIES if c in columns},
        people=_any([columns["people"]]),
        of_pupils=_any([columns["of_pupils"]]),
        labelled=_any([rf"(?:^|[.;|,\n]\s*)(?P<label>{every_label})\s*:\s*(?P<value>[^;|\n]*?)(?=\.\s|\.?$|[;|\n])"]),
        bare=re.compile(rf"(?P<label>(?i:{every_label}))\s+(?P<value>[A-ZÀ-ÖØ-Þ0-9+].*|[\w.+-]+@.*)"),
        staff_labels=_any([staff["labels"]]),
        staff_sections=_any([staff["sections"]]),
        staff_words=_any([staff["words"]]),
        staff_near=_any([staff["near"]]),
        pupil_sections=_any([pupil["sections"]]),
        pupil_near=_any([pupil["near"]]),
        date=_any([patterns["date"]]),
        born=_any([patterns["born"].replace("DATE", patterns["date"])]),
        bsn=_any([patterns["bsn"]]),
        bsn_said=_any([patterns["bsn_said"]]),
        phone=_any([patterns["phone"]]),
        email=_any([patterns["email"]]),
        address=_any([patterns["postcode"], patterns["street"]]),
        told=tuple(_any([p.replace("NAME", _FULL)]) for p in data["told"]),
        prose=tuple(Finder(_named(p)) for p in data["prose"]["pupil"]),
        prose_given=tuple(Finder(_named(p)) for p in data["prose"]["given"]),
        names=names,
        # a given name that is an ordinary word too ("Mees", "Storm") stays one
        not_names=frozenset(str(w).lower() for w in data["not_names"]),
        not_like=_any([data["not_like"]]),
    )


def _named(pattern: str) -> str:
    """The first NAME of a pattern is the name, others are any capitalised word."""
    return pattern.replace("NAME", _GIVEN, 1).replace("NAME", r"(?-i:[A-ZÀ-ÖØ-Þ][\w’-]+)")


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)

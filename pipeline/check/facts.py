"""Which school a document is of, its sector and its school year, as far as the text says so.

A labelled field goes before a title page, a title page before a running header, and that before running text. What no
place tells stays None: a missing value costs one question, a wrong one joins two schools in the overview.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from extractors.document import Block, BlockKind, Document
from pipeline.check.lexicon import read_yaml
from pipeline.check.passages import is_empty
from pipeline.norm.data_dir import DATA_DIR
from pipeline.result import School

_RUNNING = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_PUPIL_KINDS = frozenset(
    {"opp", "abc", "okr", "onderwijskundig-rapport", "deskundigenrapportage", "toestemming", "oudervragenlijst"}
    | {"aanvraag-tlv", "aanvraag-ab", "aanmelding-cvl"}
)
_FRONT = 16  # blocks: title page, first table of fields and first paragraph
_SHORT = 220  # characters: a longer block is running text
_MAX_NAME = 80
_MAX_NAME_WORDS = 9
_BRIN = re.compile(r"(?<![\w-])(\d{2}[A-Z]{2})(?:[\s-]?\d{2})?(?![\w])")
_BRIN_SAID = re.compile(r"\bBRIN\W{0,3}(?:(?:nummer|code|nr)\b)?\W{0,4}(\d{2}\s?[A-Z]{2})", re.IGNORECASE)
_DAY = re.compile(r"\b(?:\d{1,2}[-/.](?P<month>\d{1,2})[-/.](?P<year>20\d\d)|(?P<y>20\d\d)-(?P<m>\d\d)-\d\d)\b")
_FIRST_MONTH = 8  # a school year begins on 1 August by law


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a document besides the verdicts; None and empty fields are unknown."""

    kind: str | None = None
    school: School = field(default_factory=School)
    sector: Literal["po", "vo"] | None = None
    school_year: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    """A label with its answer: what it is a field of, how far the label is to be trusted (0 is best), and the text."""

    what: str
    rank: int
    value: str
    label: str
    in_header: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A text in which a document says which school it is of."""

    text: str
    weight: float
    running: bool = False
    inside: bool = False
    """Further on in the document."""


@dataclass(frozen=True, slots=True)
class _Name:
    full: str
    core: str
    typed: bool
    start: int
    end: int


def school_facts(document: Document, kind: str | None) -> Facts:
    """School, sector and school year of a document.

    Args:
        document: What was read.
        kind: Kind of document as ``document_kind`` gives it: in a pupil's form a place name may be a home address.
    """
    fields = _fields(document)
    about_pupil = kind in _PUPIL_KINDS
    lines = tuple(_lines(document, about_pupil=about_pupil))
    name, own_lines = _name(fields, lines)
    about = own_lines if about_pupil else tuple(line.text for line in lines if not line.inside)
    district = _district(fields, about, lines, about_pupil=about_pupil)
    school = School(
        name=name,
        brin=_brin(fields, document, about),
        board=_board(fields, lines),
        district=district,
        municipality=_municipality(fields, district, about),
    )
    return Facts(
        kind=kind, school=school, sector=_sector(document, name, lines), school_year=_school_year(document, fields)
    )


# ---------------------------------------------------------------- fields and lines


def _fields(document: Document) -> tuple[_Field, ...]:
    """Labels with their answers, in the order of the document."""
    found: list[_Field] = []
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.ROW:
            in_header = block.is_header_row and not _is_form(document, number)
            found.extend(replace(entry, in_header=in_header) for entry in _row_fields(block))
        elif block.kind is not BlockKind.TOC and ":" in block.text:
            found.extend(_line_fields(block.text))
        elif number < _FRONT * 2 and block.kind is BlockKind.PARAGRAPH and len(block.text) <= _SHORT:
            found.extend(_bare_fields(block.text))
    return tuple(found)


def _is_form(document: Document, number: int) -> bool:
    """Whether the row below is a field too: then the row above it is no header of columns."""
    below = document.blocks[number + 1] if number + 1 < len(document.blocks) else None
    return below is not None and below.table == document.blocks[number].table and any(_row_fields(below))


def _row_fields(block: Block) -> Iterator[_Field]:
    texts = [block.text[cell.start : cell.end].strip() for cell in block.cells]
    # a header row names columns, unless it is the first row of a form: "School | De Zwaan | BRIN | 94KP"
    if block.is_header_row and len(texts) > 2 and not all(_label(text) for text in texts[::2]):
        return
    for label, value in pairwise(texts):
        known = _label(label)
        if known and value and not is_empty(value) and not _label(value):
            yield _Field(known[0], known[1], value, label, block.is_header_row)
    if len(texts) == 1:
        yield from _line_fields(texts[0])


def _line_fields(text: str) -> Iterator[_Field]:
    """Fields in running text: "BRIN: 94KP. Bestuur: Stichting Polderlicht."."""
    for match in _lexicon().labelled.finditer(text):
        known = _label(match["label"])
        value = match["value"].strip()
        if known and value and not is_empty(value):
            yield _Field(known[0], known[1], value, match["label"], in_header=False)


def _bare_fields(text: str) -> Iterator[_Field]:
    """A field without any mark: what is left of a row of a table without lines in a PDF ("Bestuur Stichting Zwenk")."""
    match = _lexicon().bare.fullmatch(text)
    known = match and _label(match["label"])
    # "Stichting Polderlicht" is a name as a whole
    if match and known and not _lexicon().board.match(text):
        yield _Field(known[0], known[1], match["value"], match["label"], in_header=True)


def _label(text: str) -> tuple[str, int] | None:
    text = text.strip().strip(":?*").strip()
    if len(text) > 60:
        return None
    for what, patterns in _lexicon().labels.items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(text):
                return what, rank
    return None


def _values(fields: Iterable[_Field], what: str) -> list[_Field]:
    """Fields of one sort, the most trusted label first, then the first in the document."""
    return sorted((f for f in fields if f.what == what), key=lambda f: f.rank)


def _lines(document: Document, *, about_pupil: bool) -> Iterator[_Line]:
    """Where documents say which school they are of, with how much such a place counts."""
    body = [b for b in document.blocks if b.kind not in _RUNNING and b.kind is not BlockKind.TOC]
    for number, block in enumerate(body):
        if number >= _FRONT:
            yield _Line(block.text, 1 if not about_pupil else 0.5, inside=True)
        elif block.kind is BlockKind.HEADING:
            # the title, and headings of the first pages that may hold anything
            yield _Line(block.text, 30 if number < 4 else 12)
        else:
            yield _Line(block.text, 20 if len(block.text) <= _SHORT else 12)
    for block in document.blocks:
        if block.kind in _RUNNING:
            yield _Line(block.text, 25, running=True)
    if title := document.properties.get("title"):
        yield _Line(title, 8)


# ---------------------------------------------------------------- name


def _name(fields: Sequence[_Field], lines: Sequence[_Line]) -> tuple[str | None, tuple[str, ...]]:
    """The name of the school, and the text that follows it where it stands (the school's place and board)."""
    seen: list[tuple[_Name, float, str]] = []
    for entry in _values(fields, "name"):
        name = _labelled_name(entry)
        if name:
            seen.append((name, 100 - 10 * entry.rank, entry.value))
    for line in lines:
        with_brin = 25 if _BRIN.search(line.text) and not line.inside else 0
        for name in _names(line.text, whole=line.running or len(line.text) <= _SHORT):
            weight = line.weight + with_brin
            seen.append((name, weight if name.typed else weight / 2, line.text[name.end :]))
    scores: dict[str, float] = {}
    for name, weight, _ in seen:
        scores[name.core] = scores.get(name.core, 0) + weight
    # five mentions in running text are worth a line of the title page
    sure = {core: score for core, score in scores.items() if score >= 5}
    if not sure:
        return None, ()
    core = max(sure, key=lambda c: sure[c])
    own = [(name, weight, after) for name, weight, after in seen if _same(name.core, core)]
    forms: dict[tuple[bool, str], float] = {}
    for name, weight, _ in own:
        forms[name.typed, name.full] = forms.get((name.typed, name.full), 0) + weight
    best = max(forms, key=lambda form: (form[0], forms[form], len(form[1])))
    return best[1], tuple(after for _, _, after in own)


def _same(one: str, other: str) -> bool:
    """The same proper name, with or without its article."""
    return _bare(one) == _bare(other)


def _bare(core: str) -> str:
    return re.sub(r"^(?:de|het|'t|’t)\s+", "", core)


def _labelled_name(entry: _Field) -> _Name | None:
    """A name out of a labelled field: the whole answer without what follows the name."""
    text = _cut(entry.value)
    words = text.split()
    if not words or len(text) > _MAX_NAME or len(words) > _MAX_NAME_WORDS or not _has_proper_word(words):
        return None
    found = next(iter(_names(text, whole=True)), None)
    if found and found.typed and found.start == 0:
        return _Name(text, found.core if found.end >= len(text) else text.lower(), typed=True, start=0, end=len(text))
    # "School | Thuis" above two columns names no school
    if entry.in_header and found is None:
        return None
    if not text[0].isupper() and not text[0].isdigit() and not text.startswith(("'", "’")):
        return None
    return _Name(text, text.lower(), typed=False, start=0, end=len(text))


def _has_proper_word(words: Iterable[str]) -> bool:
    lexicon = _lexicon()
    return any(w[:1].isupper() and w.strip(".,:").lower() not in lexicon.not_names for w in words)


def _cut(text: str) -> str:
    text = text.strip().strip('"“”‘')
    for pattern in _lexicon().cuts:
        text = pattern.sub("", text)
    return text.strip(" .,:;-–")


def _names(text: str, *, whole: bool) -> Iterator[_Name]:
    """Names of schools in a line, from left to right; ``whole`` when the line may be little else than a name."""
    lexicon = _lexicon()
    cleared = lexicon.titles.sub(lambda m: "|" * len(m.group()), text)
    taken: list[tuple[int, int]] = []
    for pattern in (lexicon.typed, lexicon.ended):
        for match in pattern.finditer(cleared):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken) or lexicon.elsewhere.search(
                text[max(0, start - 40) : start]
            ):
                continue
            full = _cut(match.group())
            core = _cut(match["core"])
            if not _has_proper_word(core.split()):
                continue
            taken.append((start, start + len(full)))
            yield _Name(full, core.lower(), typed=True, start=start, end=start + len(full))
    if whole and not taken and (rest := _left_over(text, cleared)):
        at = text.find(rest)
        yield _Name(rest, rest.lower(), typed=False, start=at, end=at + len(rest))
    for pattern in lexicon.after if whole else ():
        for match in pattern.finditer(cleared.strip("| ")):
            core = _cut(match["core"])
            if _has_proper_word(core.split()) and not any(core.lower() in text[a:b].lower() for a, b in taken):
                at = text.find(core)
                yield _Name(core, core.lower(), typed=False, start=at, end=at + len(core))


def _left_over(text: str, cleared: str) -> str | None:
    """The name in a line that holds the name of the document or a BRIN and little else ("SOP Pirouette")."""
    lexicon = _lexicon()
    if not (lexicon.documents.search(text) or _BRIN.search(text)):
        return None
    rest = _cut(cleared.strip("| "))
    words = rest.split()
    if not lexicon.core.fullmatch(rest) or any(w.strip(",.").lower() in lexicon.not_names for w in words[1:] or words):
        return None
    if lexicon.board.search(rest) or lexicon.place.search(rest) or lexicon.municipality.fullmatch(rest):
        return None
    return rest if _has_proper_word(words) else None


# ---------------------------------------------------------------- BRIN and board


def _brin(fields: Sequence[_Field], document: Document, about: Sequence[str]) -> str | None:
    labelled = [f.value.upper() for what in ("brin", "name") for f in _values(fields, what)]
    for value in labelled:
        if match := _BRIN.search(value) or re.match(r"(\d{2}\s[A-Z]{2})\b", value):
            return match[1].replace(" ", "")
    for block in document.blocks:
        if match := _BRIN_SAID.search(block.text):
            return match[1].replace(" ", "").upper()
    return next((match[1] for text in about if (match := _BRIN.search(text))), None)


def _board(fields: Sequence[_Field], lines: Sequence[_Line]) -> str | None:
    for entry in _values(fields, "board"):
        if board := _labelled_board(entry.value):
            named = re.fullmatch(r"stichting|vereniging", entry.label.strip(" :"), re.IGNORECASE)
            return f"{entry.label.strip(' :').capitalize()} {board}" if named and " " not in board else board
    for line in sorted(lines, key=lambda x: (x.inside, x.running)):
        for match in _lexicon().board.finditer(line.text):
            if _lexicon().not_boards.search(match.group()):
                continue
            short = len(line.text) <= _SHORT and not line.inside
            if (
                short
                or _BRIN.search(line.text)
                or _lexicon().board_says.search(line.text[max(0, match.start() - 120) : match.start()])
            ):
                return match.group()
    return None


def _labelled_board(value: str) -> str | None:
    if match := _lexicon().board.search(value):
        return match.group()
    text = re.sub(r"\s*[(,;|].*$", "", value).strip(" .")
    words = text.split()
    if not words or len(words) > _MAX_NAME_WORDS or len(text) > _MAX_NAME or _lexicon().no_board.search(text):
        return None
    return text if _has_proper_word(words) else None


# ---------------------------------------------------------------- district and municipality


def _district(
    fields: Sequence[_Field], about: Sequence[str], lines: Sequence[_Line], *, about_pupil: bool
) -> str | None:
    for entry in _values(fields, "district"):
        if district := _labelled_district(entry):
            return district
    near = [f.value for f in _values(fields, "name")]
    with_code = [text for text in about if _BRIN.search(text)]
    for text in (*near, *with_code, *about):
        # behind the name of the school nothing but the school's own place stands
        if district := _place(text[:120] if about_pupil else text, strict=len(text) > _SHORT and not about_pupil):
            return district
    if about_pupil:
        return None
    return next((d for line in lines if line.inside and (d := _place(line.text, strict=True))), None)


def _labelled_district(entry: _Field) -> str | None:
    lexicon = _lexicon()
    value = re.sub(r"\s*\(.*?\)", "", entry.value).strip(" .")
    if match := lexicon.place.search(value) or lexicon.common_place.search(value):
        return _tidy_place(match.group())
    if short := lexicon.short_place.fullmatch(value):
        return f"Almere {short.group()}"
    # "Locatie" and "Vestiging" have a street, a building or a town as often as a district
    if not re.match(r"(?:naam\s+)?(?:wijk|stadsdeel|buurt)", entry.label, re.IGNORECASE):
        return None
    value = re.split(r"\s*[,;|]", value)[0]
    if lexicon.no_district.match(value) or len(value.split()) > 4 or not value[:1].isupper():
        return None
    return value


def _place(text: str, *, strict: bool) -> str | None:
    """A district in a text; ``strict`` when the sentence must say that something stands there."""
    lexicon = _lexicon()
    for pattern in (lexicon.place, lexicon.other_place):
        for match in pattern.finditer(text):
            sentence = re.split(r"[.!?]\s", text[max(0, match.start() - 120) : match.start()])[-1]
            if lexicon.district_not_says.search(sentence[-40:]):
                continue
            if strict and not lexicon.district_says.search(sentence[-110:]) and not _BRIN.search(text):
                continue
            return _tidy_place(match.groupdict().get("name") or match.group())
    return None


def _tidy_place(text: str) -> str:
    return re.sub(r"^Almere[\s-]+", "Almere ", text.strip())


def _municipality(fields: Sequence[_Field], district: str | None, about: Sequence[str]) -> str | None:
    lexicon = _lexicon()
    for entry in _values(fields, "municipality"):
        if match := lexicon.municipality.search(entry.value):
            return match.group()
    if district and (district.startswith("Almere ") or lexicon.place.fullmatch(district)):
        return "Almere"
    texts = [f.value for f in _values(fields, "name")] + [text[:_SHORT] for text in about]
    return next((match.group() for text in texts if (match := lexicon.municipality.search(text))), None)


# ---------------------------------------------------------------- school year


def _school_year(document: Document, fields: Sequence[_Field]) -> str | None:
    """The school year that the document is for; without it, the year in which it is dated."""
    for entry in _values(fields, "year"):
        if year := _span(entry.value):
            return year
    body = [b.text for b in document.blocks if b.kind not in _RUNNING and b.kind is not BlockKind.TOC]
    running = [b.text for b in document.blocks if b.kind in _RUNNING]
    front = [t for t in body[:_FRONT] if len(t) <= _SHORT]
    long_front = [t for t in body[:_FRONT] if len(t) > _SHORT]
    for text in (*front, *running):
        if year := _span(text):
            return year
    for text in (*long_front, document.properties.get("title", "")):
        if year := _span(text, said=True):
            return year
    dates = [f.value for f in _values(fields, "date")] + [t for t in running if len(t) <= _SHORT]
    dates += [t for t in front if _lexicon().dated.search(t)]
    return next((year for text in dates if (year := _dated(text))), None)


def _span(text: str, *, said: bool = False) -> str | None:
    """A school year in a text; ``said`` when the word "schooljaar" must stand before it."""
    lexicon = _lexicon()
    for pattern in (lexicon.span, lexicon.short_span):
        for match in pattern.finditer(text):
            first, last = int(match["a"]) % 100, int(match["b"]) % 100
            before = text[max(0, match.start() - 60) : match.start()]
            if last != first + 1 or lexicon.not_said.search(before):
                continue
            # "25-26" alone may be groups or pages
            if (said or (pattern is lexicon.short_span and not 14 <= first <= 40)) and not lexicon.said.search(before):
                continue
            return f"20{first:02d}-20{last:02d}"
    return None


def _dated(text: str) -> str | None:
    """The school year of a date in a text."""
    lexicon = _lexicon()
    if match := _DAY.search(text):
        month, year = int(match["month"] or match["m"]), int(match["year"] or match["y"])
    elif match := lexicon.month.search(text):
        month, year = lexicon.months[match["month"].lower()], int(match["year"])
    else:
        return None
    first = year if month >= _FIRST_MONTH else year - 1
    return f"{first}-{first + 1}"


# ---------------------------------------------------------------- sector


def _sector(document: Document, name: str | None, lines: Sequence[_Line]) -> Literal["po", "vo"] | None:
    """Primary or secondary education, from the name of the school, the title and the words of the text."""
    lexicon = _lexicon()
    text = "\n".join(b.text for b in document.blocks if b.kind is not BlockKind.TOC)
    title = "\n".join([x.text for x in lines if x.running or x.weight >= 30])
    scores = {"po": 0.0, "vo": 0.0}
    for sector, words in lexicon.sector.items():
        for pattern, weight in words:
            # a word that stands everywhere says no more than one that stands twenty times
            scores[sector] += weight * min(20, sum(1 for _ in pattern.finditer(text)))
        if name and lexicon.sector_names[sector].search(name):
            scores[sector] += 15
        if lexicon.sector_titles[sector].search(title):
            scores[sector] += 10
    po, vo = scores["po"], scores["vo"]
    if max(po, vo) < 3 or max(po, vo) < 1.5 * min(po, vo):
        return None
    return "po" if po > vo else "vo"


# ---------------------------------------------------------------- lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    labels: Mapping[str, tuple[re.Pattern[str], ...]]
    labelled: re.Pattern[str]
    bare: re.Pattern[str]
    typed: re.Pattern[str]
    ended: re.Pattern[str]
    after: tuple[re.Pattern[str], ...]
    cuts: tuple[re.Pattern[str], ...]
    titles: re.Pattern[str]
    elsewhere: re.Pattern[str]
    documents: re.Pattern[str]
    core: re.Pattern[str]
    not_names: frozenset[str]
    board: re.Pattern[str]
    not_boards: re.Pattern[str]
    board_says: re.Pattern[str]
    no_board: re.Pattern[str]
    place: re.Pattern[str]
    common_place: re.Pattern[str]
    short_place: re.Pattern[str]
    other_place: re.Pattern[str]
    district_says: re.Pattern[str]
    district_not_says: re.Pattern[str]
    no_district: re.Pattern[str]
    municipality: re.Pattern[str]
    span: re.Pattern[str]
    short_span: re.Pattern[str]
    said: re.Pattern[str]
    not_said: re.Pattern[str]
    dated: re.Pattern[str]
    month: re.Pattern[str]
    months: Mapping[str, int]
    sector: Mapping[str, tuple[tuple[re.Pattern[str], float], ...]]
    sector_names: Mapping[str, re.Pattern[str]]
    sector_titles: Mapping[str, re.Pattern[str]]


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’!-]*"
_ARTICLE = r"(?:[Dd]e|[Hh]et|'t|’t|[Dd]en|[Ii]n\s+de|[Oo]p\s+de|[Aa]an\s+de)"
_JOINT = r"(?:van|de|het|der|den|la|le|el|'t|’t)"
_CORE = rf"(?P<core>(?:{_ARTICLE}\s+)?{_CAPITAL}(?:\s+(?:{_JOINT}\s+){{0,2}}{_CAPITAL}){{0,4}})"


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = read_yaml(DATA_DIR / "lexicons" / "facts.yaml")
    names, board, district, year = data["name"], data["board"], data["district"], data["year"]
    every_label = "|".join(p for patterns in data["labels"].values() for p in patterns)
    months = {str(k): int(v) for k, v in year["months"].items()}
    month_names = "|".join(sorted(months, key=len, reverse=True))
    return _Lexicon(
        labels={what: tuple(_loose(p) for p in patterns) for what, patterns in data["labels"].items()},
        labelled=_loose(rf"(?:^|[.;|,(\n]\s*)(?P<label>{every_label})\s*:\s*(?P<value>[^;|\n]*?)(?=\.\s|\.?$|[;|\n])"),
        # an answer begins with a capital, a sentence goes on without one
        bare=re.compile(rf"(?P<label>(?i:{every_label}))\s+(?P<value>[A-ZÀ-ÖØ-Þ0-9'’].*)"),
        typed=_typed_names(names["types"], names["qualifiers"]),
        ended=_ended_names(names["endings"]),
        after=tuple(re.compile(p.replace("NAME", _NAMED)) for p in names["after"]),
        cuts=tuple(re.compile(p) for p in names["cut"]),
        titles=_loose("|".join(names["titles"])),
        elsewhere=_loose(names["elsewhere"]),
        documents=_loose(names["documents"]),
        core=re.compile(_CORE),
        not_names=frozenset(str(w) for w in names["not_names"]),
        board=_board_names(board["starts"], board["particles"]),
        not_boards=_loose(board["not_boards"]),
        board_says=_loose(board["says"]),
        no_board=re.compile(board["no_value"]),
        **_places(district),
        district_says=_loose(district["says"]),
        district_not_says=_loose(district["not_says"]),
        no_district=_loose(district["no_value"]),
        other_place=re.compile(district["other"]),
        municipality=re.compile(rf"(?<![\w-])(?:{_choice(data['municipality']['names'])})(?![\w-])"),
        span=_loose(year["span"]),
        short_span=_loose(year["short"]),
        said=_loose(year["said"]),
        not_said=_loose(year["not_said"]),
        dated=_loose(year["dated"]),
        month=_loose(rf"\b(?P<month>{month_names})\b\.?\s+(?P<year>20\d\d)\b"),
        months=months,
        sector={s: tuple((_loose(p), float(w)) for p, w in data["sector"][s]) for s in ("po", "vo")},
        sector_names={s: _sector_names(names["types"][s], names["endings"][s]) for s in ("po", "vo")},
        sector_titles={
            "po": re.compile(r"\bprimair onderwijs\b|\bbasisonderwijs\b|\bpo\b"),
            "vo": re.compile(r"\bvoortgezet onderwijs\b|\bvo\b|\bpraktijkonderwijs\b|\bvmbo\b|\bhavo\b"),
        },
    )


_NAMED = rf"(?P<core>(?:[Dd]e|[Hh]et|'t|’t)\s+{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})"


def _loose(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _choice(words: Iterable[str]) -> str:
    """The words as alternatives, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


def _cased(word: str) -> str:
    """A word as names have it: abbreviations as they are, words with or without a capital."""
    if word.isupper() or not word[0].islower():
        return re.escape(word)
    return r"\s+".join(rf"[{w[0].upper()}{w[0]}]{re.escape(w[1:])}" for w in word.split())


def _typed_names(types: Mapping[str, Sequence[str]], qualifiers: Sequence[str]) -> re.Pattern[str]:
    words = sorted((w for group in types.values() for w in group), key=len, reverse=True)
    before = "|".join([_cased(w) for w in qualifiers] + [re.escape(w.upper()) for w in qualifiers if len(w) <= 4])
    before += "|" + "|".join(r"\s+".join(w.capitalize() for w in q.split()) for q in qualifiers if " " in q)
    return re.compile(rf"(?<![\w-])(?:(?:{before})\s+)?(?:{'|'.join(_cased(w) for w in words)})\s+{_CORE}")


def _ended_names(endings: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    ends = "|".join(sorted((w for group in endings.values() for w in group), key=len, reverse=True))
    apart = "|".join(w.capitalize() for group in endings.values() for w in group if w not in ("school", "vmbo"))
    # "Weerwaterlyceum" and "Columbusschool"; "Poldermark College" with a capital, since "uitstroom vmbo" is no school
    return re.compile(
        rf"(?<![\w-])(?P<core>(?:{_ARTICLE}\s+)?(?:{_CAPITAL}\s+){{0,3}}(?:[A-ZÀ-ÖØ-Þ][\w'’-]{{2,}}(?:{ends})\b|{_CAPITAL}\s+(?:{apart})\b)(?:\s+{_CAPITAL})?)"
    )


def _sector_names(types: Sequence[str], endings: Sequence[str]) -> re.Pattern[str]:
    whole = "|".join(re.escape(w) for w in types)
    return _loose(rf"^(?:{whole})\b|(?:{'|'.join(endings)})\b")


def _board_names(starts: Sequence[str], particles: Sequence[str]) -> re.Pattern[str]:
    first, small = _choice(starts), _choice(particles)
    word = rf"(?:{_CAPITAL}|\d+)"
    return re.compile(
        rf"\b(?:{first})(?:\s+(?:(?:{small})\s+){{0,4}}{word}){{1,6}}(?:\s+(?:basisonderwijs|onderwijs)\b)?"
    )


def _places(district: Mapping[str, Any]) -> dict[str, re.Pattern[str]]:
    """Patterns for districts: sure names, names that are ordinary words too, and the short forms of stadsdelen."""
    places: dict[str, Any] = read_yaml(DATA_DIR / "lexicons" / "places.yaml")
    common = {str(w).lower() for w in district["common"]}
    shorts = [row["short"] for row in places["districts"]]
    small = [n for row in places["districts"] for n in row["neighbourhoods"]]
    sure = [*district["more"], *(n for n in small if n.lower() not in common)]
    usual = [n for n in small if n.lower() in common]
    areas = [*shorts, "Centrum", "Stad Oost", "Stad West"]
    return {
        "place": re.compile(
            rf"(?<![\w-])(?:Almere[\s-]+(?:{_choice(areas)})|Stad\s+(?:Oost|West)|{_choice(sure)})(?![\w-])"
            rf"|(?<=wijk\s)(?:{_choice(usual)})(?![\w-])|(?<![\w-])(?:{_choice(usual)})(?=,\s+Almere\b)"
        ),
        "common_place": re.compile(rf"(?<![\w-])(?:{_choice(usual)})(?![\w-])"),
        "short_place": re.compile(rf"(?:{_choice(shorts)})"),
    }

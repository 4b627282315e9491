"""The forms of names, places and years, read once from ``lexicons/facts.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
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
def forms() -> Forms:
    """The compiled patterns, made once in a process."""
    data: dict[str, Any] = read_yaml(DATA_DIR / "lexicons" / "facts.yaml")
    names, board, district, year = data["name"], data["board"], data["district"], data["year"]
    every_label = "|".join(p for patterns in data["labels"].values() for p in patterns)
    months = {str(k): int(v) for k, v in year["months"].items()}
    month_names = "|".join(sorted(months, key=len, reverse=True))
    return Forms(
        labels={what: tuple(_loose(p) for p in patterns) for what, patterns in data["labels"].items()},
        labelled=_labelled(every_label),
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


def _labelled(label: str) -> re.Pattern[str]:
    """A label with its answer, which ends at a stop or where the next field begins: "School: De Zwaan BRIN: 94KP"."""
    # within a line only with a capital: of "rust in de school: dat helpt" nothing is a field
    inside = r"\s(?-i:(?=[A-ZÀ-ÖØ-Þ]))"
    return _loose(
        rf"(?:^|[.;|,(\n]\s*|{inside})(?P<label>{label})\s*:\s*(?P<value>[^;|\n]*?)"
        rf"(?=\.\s|\.?$|[;|\n]|{inside}(?:{label})\s*:)"
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

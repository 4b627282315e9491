"""Lexicons and where their entries stand in a text: names of roles, partners, systems, methods and their variants.

Matching is spaCy's PhraseMatcher over a blank Dutch pipeline: 500 phrases cost nothing there, and 8-38 thousand words a
second in a Matcher (measured for this project). Entries are matched in lower case; ambiguous abbreviations as written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.check.finder import Finder, Shelf
from pipeline.errors import DekkendError
from pipeline.norm.strict_yaml import StrictYamlError, parse_yaml

if TYPE_CHECKING:
    from pipeline.check.spacy_parts import PhraseMatcher, Tokenizer


class LexiconError(DekkendError):
    """A lexicon is missing or not well-formed."""

    code = "lexicon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing under its dictionary form, with every form in which it may be written."""

    lexicon: str
    name: str
    forms: tuple[str, ...]
    exact: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry at a place: half-open offsets in the text that was searched."""

    entry: Entry
    start: int
    end: int
    name: str
    """Dictionary form, or for a pattern the form that was read."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A productive form: what fits is named by the group ``name``."""

    regex: Finder
    entry: Entry
    exclude: frozenset[str]


# Marks that stand against a word, and marks that part words: "leerplicht/JGZ", "zorg(advies)team", "gehad.Daarna".
_AT_EDGE = r"[^\w\s-]"
_INSIDE = r"[/|+()\[\]\"“”;:,?!…]|\.\.+|(?<=[a-zà-ÿ])\.(?=[A-Z])"


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The spaCy tokenizer that every text and every lexicon form goes through: words, and marks apart from them.

    With three short patterns in place of those of ``spacy.lang.nl``, which name every pictogram of Unicode and 1,100
    abbreviations: those take two seconds, and here words are only compared with lexicon forms that are cut the same
    way. spaCy is imported here, since that takes most of a second in which a file can be read and scored.
    """
    from pipeline.check.spacy_parts import LOWER, Tokenizer, Vocab  # noqa: PLC0415

    return Tokenizer(
        # words are compared by form and lower case alone; shape, prefix and so on of 4,500 words cost a quarter second
        Vocab(lex_attr_getters={LOWER: str.lower}),
        prefix_search=re.compile(_AT_EDGE + r"|-(?=\w)").match,  # "-logopedist": a list as people type it
        suffix_search=re.compile(_AT_EDGE + r"$").search,
        infix_finditer=re.compile(_INSIDE).finditer,
    )


def read_yaml(path: Path) -> Any:
    """Load a file of words or texts, read as strictly as a norm.

    Raises:
        LexiconError: the file is not there or is no YAML; the message names file and line.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8-sig")).value
    except FileNotFoundError as problem:
        raise LexiconError(f"Het lexicon {path.name} is er niet.") from problem
    except UnicodeDecodeError as problem:
        raise LexiconError(f"{path.name}: het bestand is geen UTF-8.") from problem
    except StrictYamlError as problem:
        raise LexiconError(f"{path.name}:{problem.line}: {problem.problem}.") from problem


_FORM_KEYS = frozenset({"name", "variants", "variants_case", "person_forms", "case_sensitive"})


def entries(lexicon: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    """Rows of a lexicon file as entries; every key that is no form is a fact.

    ``case_sensitive`` keeps a name that is a common word too ("Horizon") to its own capitals; ``person_forms`` are
    people who stand for an organisation ("leerplichtambtenaar").
    """
    for row in rows:
        loose = [*row.get("variants", ()), *row.get("person_forms", ())]
        exact = [*row.get("variants_case", ())]
        (exact if row.get("case_sensitive") else loose).append(row["name"])
        yield Entry(
            lexicon=lexicon,
            name=row["name"],
            forms=tuple(dict.fromkeys(loose)),
            exact=tuple(exact),
            facts={k: v for k, v in row.items() if k not in _FORM_KEYS},
        )


_COMMON = re.compile(r"[A-Z]+|[A-Z][a-z]+")


def theme_entries(lexicon: str, names: Iterable[str]) -> Iterator[Entry]:
    """The named methods of one theme ("methods/rekenen") as one entry; a single capitalised word keeps its case."""
    exact = tuple(name for name in names if _COMMON.fullmatch(name))
    loose = tuple(name for name in names if name not in exact)
    yield Entry(lexicon=lexicon, name=lexicon.partition("/")[2], forms=loose, exact=exact)


def pattern(lexicon: str, row: Mapping[str, Any]) -> Pattern:
    """A productive form of a lexicon file; ``flags: ''`` makes case matter."""
    return Pattern(
        regex=Finder(row["pattern"], re.IGNORECASE if "flags" not in row else 0),
        entry=Entry(lexicon=lexicon, name="", forms=(), facts={k: v for k, v in row.items() if k in _PATTERN_FACTS}),
        exclude=frozenset(x.lower() for x in row.get("exclude", ())),
    )


_PATTERN_FACTS = frozenset({"counts", "usual", "category", "weak", "group", "practice_of"})


class Lexicons:
    """All lexicons of a run in two matchers: forms in lower case and forms as written.

    A form comes into its matcher when its first word is first seen in a text: of some 5,000 forms a document needs a
    few hundred, and cutting them all takes longer than checking one document.
    """

    def __init__(
        self, found: Sequence[Entry], patterns: Sequence[Pattern] = (), singular: Sequence[Sequence[str]] = ()
    ) -> None:
        from pipeline.check.spacy_parts import PhraseMatcher  # noqa: PLC0415

        self._cut = tokenizer()
        self._loose = PhraseMatcher(self._cut.vocab, attr="LOWER")
        self._exact = PhraseMatcher(self._cut.vocab, attr="ORTH")
        self._entries = list(found)
        self._patterns = tuple(patterns)
        self._singular = tuple((plural, one) for plural, one in singular)
        self._waiting: dict[str, list[tuple[PhraseMatcher, int, str]]] = {}
        for number, entry in enumerate(self._entries):
            for form in entry.forms:
                self._waiting.setdefault(_first_word(form), []).append((self._loose, number, form.lower()))
            for form in entry.exact:
                self._waiting.setdefault(_first_word(form), []).append((self._exact, number, form))
        self._admit({""})

    def hits(self, texts: Sequence[str]) -> list[tuple[Hit, ...]]:
        """Where entries stand, for each text: longest match of a lexicon first, in order of place."""
        self._admit({word for text in texts for word in _LETTERS.findall(text.lower())})
        shelf = Shelf(texts)
        wanted: list[list[Pattern]] = [[] for _ in texts]
        for pattern in self._patterns:
            for number in pattern.regex.may_stand_in(shelf):
                wanted[number].append(pattern)
        return [self._in_one(text, some) if text else () for text, some in zip(texts, wanted, strict=True)]

    def _admit(self, words: Collection[str]) -> None:
        for word in self._waiting.keys() & words:
            for matcher, number, form in self._waiting.pop(word):
                matcher.add(str(number), [self._cut(form)])

    def _in_one(self, text: str, patterns: Iterable[Pattern]) -> tuple[Hit, ...]:
        doc = self._cut(text)
        strings = self._cut.vocab.strings
        raw = [*self._loose(doc), *self._exact(doc)]
        found = []
        for key, first, last in raw:
            entry = self._entries[int(strings[key])]
            span = doc[first:last]
            found.append(Hit(entry=entry, start=span.start_char, end=span.end_char, name=entry.name))
        # what a lexicon names as not belonging to it ("samenwerkingsverband" for partners) takes its place in the text
        kept = longest(found)
        kept = [h for h in kept if not _overlaps(kept, f"not-{h.entry.lexicon}", h.start, h.end)]
        for pattern in patterns:
            for match in pattern.regex.finditer(text):
                start, end = match.span("name")
                taken = _overlaps(kept, pattern.entry.lexicon, start, end)
                if (
                    taken
                    or match["name"].lower() in pattern.exclude
                    or _overlaps(kept, f"not-{pattern.entry.lexicon}", start, end)
                ):
                    continue
                kept.append(Hit(entry=pattern.entry, start=start, end=end, name=self._one(match["name"])))
        return tuple(sorted(kept, key=lambda h: (h.start, -h.end)))

    def _one(self, name: str) -> str:
        """The singular of a form that a pattern read."""
        for plural, one in self._singular:
            if plural in name.lower():
                return name.lower().replace(plural, one)
        return name


_LETTERS = re.compile(r"[^\W\d_]+")


def _first_word(form: str) -> str:
    """The first run of letters, lower case: it stands as such a run in every text that holds the form."""
    first = _LETTERS.search(form.lower())
    return first[0] if first else ""


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep, within each lexicon, the longest of hits that overlap."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (-(h.end - h.start), h.start)):
        if not _overlaps(kept, hit.entry.lexicon, hit.start, hit.end):
            kept.append(hit)
    return kept


def _overlaps(kept: Iterable[Hit], lexicon: str, start: int, end: int) -> bool:
    return any(h.entry.lexicon == lexicon and h.start < end and start < h.end for h in kept)

"""What kind of document a text is: by its title, running headers and footers, labels and vocabulary; never by its name.

Words of one kind stand all over the others: a profile speaks of OPPs, an ABC form holds a "toestemming ouders", a
schoolgids has a chapter on support. A title therefore weighs more than any number of words. Without a title the words
decide, when there are many of one kind, and forms about a pupil must then name one. What is left is no known kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.document import Block, BlockKind, Document
from pipeline.check.lexicon import read_yaml
from pipeline.norm.data_dir import DATA_DIR

_OTHER = "other"
"""The kinds of paper that are none of ours, among the scores."""

_RUNNING = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_SHORT = 200  # characters: a longer paragraph is text, not part of a title page
_TITLE_PAGE = 12  # blocks: more lines than any title page seen
_OPENING = 15  # blocks: where a document says what it is

# Weights: the first title settles the matter; every other sign needs company.
_FIRST_TITLE = 10.0
_TITLE_LINE = 7.0
_RUNNING_LINE = 6.0
_SENTENCE = 5.0
_DECLARED = 5.0
_PROPERTY = 4.0
_DECLARED_LATER = 2.0
_CUE = 0.5
_CUES_AT_MOST = 4.0
_CERTAIN = 10.0
_LIKELY = 5.0
_COMPANY = 2  # cues
_TITLE_WORDS = 8  # a line that names a subject and says nothing of it yet


@dataclass(frozen=True, slots=True)
class _Topic:
    """A subject that stands as title over a page of a school, the school's voice, and that of others."""

    title: re.Pattern[str]
    voice: re.Pattern[str]
    others: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Kind:
    titles: re.Pattern[str]
    declares: re.Pattern[str] | None
    cues: tuple[str, ...]
    alone: int | None
    pupil: bool
    voice: re.Pattern[str] | None
    topic: _Topic | None


@dataclass(frozen=True, slots=True)
class _Lexicon:
    kinds: Mapping[str, _Kind]
    not_these: re.Pattern[str]
    not_alone: re.Pattern[str]
    pointers: re.Pattern[str]
    contents: re.Pattern[str]
    pupil_label: re.Pattern[str]
    pupil_text: re.Pattern[str]


def document_kind(document: Document) -> str | None:
    """The kind of document in the words of the contract, None when it is none of these.

    Args:
        document: What was read; its name and properties other than the title are not looked at.
    """
    lexicon = _lexicon()
    titles = _title_scores(document, lexicon)
    if (beyond_doubt := _beyond_doubt(titles)) is not None:
        return None if beyond_doubt == _OTHER else beyond_doubt
    text = "\n".join(b.text for b in document.blocks if b.kind is not BlockKind.TOC)
    cues = {name: sum(bool(_any((cue,)).search(text)) for cue in kind.cues) for name, kind in lexicon.kinds.items()}
    about_pupil = _about_pupil(document, text, lexicon)
    scores = {name: value + min(_CUE * cues.get(name, 0), _CUES_AT_MOST) for name, value in titles.items()}
    for name in sorted(scores, key=lambda n: -scores[n]):
        if name == _OTHER:
            return None
        if titles[name] >= _CERTAIN:
            return name
        if titles[name] >= _LIKELY and cues[name] >= _COMPANY and (about_pupil or not lexicon.kinds[name].pupil):
            return name
    found = _by_words(text, cues, lexicon, about_pupil=about_pupil)
    return found or (None if about_pupil else _by_topic(document, text, cues, lexicon))


def _by_topic(document: Document, text: str, cues: Mapping[str, int], lexicon: _Lexicon) -> str | None:
    """The kind of a page or chapter that bears its subject as title ("Leerlingenzorg"), told by one school."""
    lines = [b.text for b in _title_page(document) if len(b.text.split()) <= _TITLE_WORDS]
    for name, kind in lexicon.kinds.items():
        topic = kind.topic
        if (
            topic is not None
            and cues[name] >= _COMPANY
            and any(topic.title.search(line) for line in lines)
            and topic.voice.search(text)
            and not topic.others.search(text)
        ):
            return name
    return None


def _beyond_doubt(titles: Mapping[str, float]) -> str | None:
    """The kind of which the titles are so sure that no number of words could turn it: most documents say what they are.

    Spares the look for words, which costs more than all else here.
    """
    if not titles:
        return None
    best = max(titles, key=lambda name: titles[name])
    second = max((value for name, value in titles.items() if name != best), default=0.0)
    sure = best == _OTHER or titles[best] >= _CERTAIN
    return best if sure and titles[best] - second > _CUES_AT_MOST else None


def _title_scores(document: Document, lexicon: _Lexicon) -> dict[str, float]:
    """What titles say: for each kind the best of every place, summed over the places."""
    best: dict[tuple[str, str], float] = {}
    for place, weight, text in _title_lines(document, lexicon):
        name = _named(text, lexicon)
        if name and weight > best.get((name, place), 0):
            best[name, place] = weight
    for name, weight in _declarations(document, lexicon):
        best[name, "declared"] = max(weight, best.get((name, "declared"), 0))
    scores: dict[str, float] = {}
    for (name, _), weight in best.items():
        scores[name] = scores.get(name, 0) + weight
    return scores


def _title_lines(document: Document, lexicon: _Lexicon) -> Iterator[tuple[str, float, str]]:
    """Lines that may hold the title, as (place, weight, text)."""
    first = True
    for block in _title_page(document):
        if block.kind is BlockKind.PARAGRAPH and block.text.endswith((".", "!", "?")):
            yield "title", _SENTENCE, block.text
        elif first or not lexicon.contents.search(block.text):
            yield "title", _FIRST_TITLE if first else _TITLE_LINE, block.text
        first = False
    for block in document.blocks:
        if block.kind in _RUNNING:
            yield "running", _RUNNING_LINE, block.text
    if title := document.properties.get("title"):
        yield "property", _PROPERTY, title


def _title_page(document: Document) -> Iterator[Block]:
    """Headings and short lines at the beginning, up to the first table or running text."""
    seen = 0
    for block in document.blocks:
        if block.kind in _RUNNING or block.kind is BlockKind.TOC:
            continue
        if seen >= _TITLE_PAGE or block.kind in (BlockKind.ROW, BlockKind.ITEM):
            # a form may have its title in the first row of its first table
            if seen == 0 and block.kind is BlockKind.ROW:
                yield block
            return
        if block.kind is BlockKind.PARAGRAPH and len(block.text) > _SHORT:
            return
        seen += 1
        yield block


def _named(text: str, lexicon: _Lexicon) -> str | None:
    """The kind that a title names: the first name in it, and of two at one place the longer."""
    # as many characters as were taken away, so that what comes first stays first
    text = lexicon.pointers.sub(lambda m: " " * len(m.group()), text)
    found = [(m.start(), -m.end(), name) for name, kind in lexicon.kinds.items() if (m := kind.titles.search(text))]
    if other := lexicon.not_these.search(text):
        found.append((other.start(), -other.end(), _OTHER))
    if found:
        return min(found)[2]
    return _OTHER if lexicon.not_alone.search(text) else None


def _declarations(document: Document, lexicon: _Lexicon) -> Iterator[tuple[str, float]]:
    """Kinds that the text says it is ("dit ondersteuningsprofiel"), with their weight."""
    body = [b for b in document.blocks if b.kind not in _RUNNING and b.kind is not BlockKind.TOC]
    for number, block in enumerate(body):
        for name, kind in lexicon.kinds.items():
            if kind.declares and kind.declares.search(block.text):
                yield name, _DECLARED if number < _OPENING else _DECLARED_LATER


def _by_words(text: str, cues: Mapping[str, int], lexicon: _Lexicon, *, about_pupil: bool) -> str | None:
    """The kind whose words abound, when no title tells."""
    able = {
        name: cues[name] / kind.alone
        for name, kind in lexicon.kinds.items()
        if kind.alone
        and cues[name] >= kind.alone
        and (about_pupil or not kind.pupil)
        # a form about a pupil speaks of the school's support too
        and (kind.voice is None or (kind.voice.search(text) and not about_pupil))
    }
    return max(able, key=lambda name: able[name]) if able else None


def _about_pupil(document: Document, text: str, lexicon: _Lexicon) -> bool:
    """Whether the text has the fields of a form about one pupil."""
    return bool(lexicon.pupil_text.search(text)) or any(lexicon.pupil_label.search(x) for x in _labels(document))


def _labels(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if block.kind is BlockKind.ROW:
            yield from (block.text[cell.start : cell.end] for cell in block.cells)


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data: dict[str, Any] = read_yaml(DATA_DIR / "lexicons" / "kinds.yaml")
    return _Lexicon(
        kinds={name: _kind(row, data["declares"]) for name, row in data["kinds"].items()},
        not_these=_any(tuple(data["not_these"])),
        not_alone=_any(tuple(data["not_alone"])),
        pointers=_any(tuple(data["pointers"])),
        contents=_any((data["contents"],)),
        pupil_label=_any((data["pupil"]["labels"],)),
        # the capital of a place name matters here, and labels are written in any case
        pupil_text=_any((data["pupil"]["text"],)),
    )


def _kind(row: Mapping[str, Any], declares: list[str]) -> _Kind:
    titles = "(?:" + "|".join(row["titles"]) + ")"
    return _Kind(
        titles=_any(tuple(row["titles"])),
        declares=_any(tuple(d.replace("TITLE", titles) for d in declares)) if row.get("declared") else None,
        cues=tuple(row["cues"]),
        alone=row.get("alone"),
        pupil=row.get("pupil", False),
        voice=_any((row["voice"],)) if "voice" in row else None,
        topic=_Topic(**{part: _any((words,)) for part, words in row["topic"].items()}) if "topic" in row else None,
    )


@lru_cache(maxsize=512)
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)

"""A measurement as a text table for people and as JSON for programs. Counts with ``tally``; measures nothing itself.

The JSON holds numbers only, no text of a document: it may be kept and published.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import yaml

from pipeline.evaluate import tally
from pipeline.evaluate.compare import Comparison, JudgedFact, JudgedVerdict, Outcome
from pipeline.evaluate.measure import Result
from pipeline.report.labels import label
from pipeline.result import Verdict

SCHEMA = "dekkend.evaluation/1"
_WIDTH = 100
_INDENT = "  "
_MAX_QUOTE = 150
_OUTCOMES = tuple(str(outcome) for outcome in Outcome)

Row = Sequence[str]


def as_text(result: Result, *, errors: bool = False) -> str:
    """The tables in Dutch, at most 100 columns wide; with ``errors`` also everything that came out otherwise."""
    sections = {
        "totals": _totals(result),
        "confusion": _confusion(result.verdicts),
        "requirements": _requirements(result.verdicts),
        "evidence": _evidence(result),
        "facts": _facts(result.comparisons),
        "lists": _lists(result.comparisons),
        "confidence": _confidence(result.verdicts),
        "sentences": _sentences(result),
    }
    if errors:
        sections["errors"] = _errors(result.comparisons)
    lines = list(_head(result))
    for name, told in sections.items():
        own = list(told)
        if own:
            lines += ["", _words()["sections"][name].upper(), *own]
    return "\n".join(lines) + "\n"


def as_json(result: Result) -> str:
    """The numbers; keys and order are stable, shares are rounded to four decimals."""
    lists = tally.together(one for c in result.comparisons for one in c.lists)
    data = {
        "schema": SCHEMA,
        "documents": result.documents,
        "files": len(result.comparisons),
        "unread": [asdict(one) for one in result.unread],
        "totals": {name: asdict(tally.tally(verdicts)) for name, verdicts in _parts(result)},
        "classes": [asdict(one) | {"f1": one.f1} for one in tally.by_class(result.verdicts)],
        "requirements": {name: asdict(one) for name, one in tally.by_requirement(result.verdicts).items()},
        "evidence": asdict(tally.evidence(result.verdicts)) | _profile_quotes(result.comparisons),
        "facts": {name: _fact_counts(facts) for name, facts in _by_name(c.facts for c in result.comparisons).items()},
        "lists": {
            name: {"said": one.said, "right": one.right, "gold": one.gold, "found": one.found, "f1": tally.list_f1(one)}
            for name, one in lists.items()
        },
        "levels": _fact_counts([level for c in result.comparisons for level in c.levels]),
        "reliability": [asdict(one) for one in tally.reliability(result.verdicts)],
        "sentences": asdict(result.sentences) if result.sentences else None,
    }
    return json.dumps(_rounded(data), ensure_ascii=False, indent=1) + "\n"


def _head(result: Result) -> Iterator[str]:
    files, unread = len(result.comparisons), len(result.unread)
    yield _words()["head"].format(documents=result.documents, files=files, unread=unread)
    if files + unread > result.documents:
        yield _words()["twice"]
    yield from (_words()["unread"].format(file=one.file, code=one.code) for one in result.unread)


def _parts(result: Result) -> Iterator[tuple[str, tuple[JudgedVerdict, ...]]]:
    """All verdicts, those by file format, those by norm."""
    yield "all", result.verdicts
    for name in ("docx", "pdf", "markdown"):
        own = tuple(v for c in result.comparisons if c.format == name for v in c.verdicts)
        if own:
            yield name, own
    for norm in sorted({c.norm for c in result.comparisons}):
        yield f"norm {norm}", tuple(v for c in result.comparisons if c.norm == norm for v in c.verdicts)


def _totals(result: Result) -> list[str]:
    parts = _words()["parts"]
    rows = []
    for name, verdicts in _parts(result):
        one = tally.tally(verdicts)
        word = parts["norm"].format(norm=name.removeprefix("norm ")) if name.startswith("norm ") else parts[name]
        rows.append((word, str(one.verdicts), *_outcomes(one), f"{one.macro_f1:.2f}"))
    return _grid(("part", "verdicts", *_OUTCOMES, "macro_f1"), rows)


def _confusion(verdicts: Sequence[JudgedVerdict]) -> list[str]:
    counts, words = tally.confusion(verdicts), _words()["verdicts"]
    scores = {score.verdict: score for score in tally.by_class(verdicts)}
    rows = [
        (words[gold], *(str(counts[gold, said]) for said in Verdict), *_class_shares(scores.get(gold)))
        for gold in Verdict
        if any(counts[gold, said] for said in Verdict)
    ]
    columns = _words()["columns"]
    heads = ("", *(words[said] for said in Verdict), columns["precision"], columns["recall"], columns["f1"])
    return _table(heads, rows)


def _class_shares(score: tally.ClassScore | None) -> tuple[str, ...]:
    if score is None:
        return "", "", ""
    shares = (tally.ratio(score.right, score.said), tally.ratio(score.right, score.gold), score.f1)
    return tuple(f"{share:.2f}" for share in shares)


def _requirements(verdicts: Sequence[JudgedVerdict]) -> list[str]:
    rows = [(name, str(one.verdicts), *_outcomes(one)) for name, one in sorted(tally.by_requirement(verdicts).items())]
    return _grid(("requirement", "verdicts", *_OUTCOMES), rows)


def _outcomes(one: tally.Tally) -> tuple[str, ...]:
    """The counts of a tally in the order of the outcomes; nought as a dot, so that the wrongs stand out."""
    return tuple(str(getattr(one, name) or "·") for name in _OUTCOMES)


def _evidence(result: Result) -> list[str]:
    score, words, profile = tally.evidence(result.verdicts), _words()["evidence"], _profile_quotes(result.comparisons)
    shares = {
        "verdicts_placed": (score.verdicts_placed, score.verdicts),
        "quotes_placed": (score.quotes_placed, score.quotes),
        "literal": (score.all_literal, score.all_quotes),
        "profile_literal": (profile["profile_literal"], profile["profile_quotes"]),
    }
    return _pairs((words[name], _share(*share)) for name, share in shares.items())


def _profile_quotes(comparisons: Iterable[Comparison]) -> dict[str, int]:
    found = list(comparisons)
    return {
        "profile_quotes": sum(c.profile_quotes for c in found),
        "profile_literal": sum(c.profile_literal for c in found),
    }


def _facts(comparisons: Sequence[Comparison]) -> list[str]:
    rows = []
    for name, facts in _by_name(c.facts for c in comparisons).items():
        counts = _fact_counts(facts)
        wrong = _words()["fact_wrong"].format(**counts) if counts["right"] < counts["of"] else ""
        rows.append((_words()["facts"][name], f"{_share(counts['right'], counts['of'])}  {wrong}".rstrip()))
    return _pairs(rows)


def _fact_counts(facts: Sequence[JudgedFact]) -> dict[str, int]:
    wrong = [fact for fact in facts if not fact.right]
    return {
        "of": len(facts),
        "right": len(facts) - len(wrong),
        "missed": sum(fact.said is None for fact in wrong),
        "invented": sum(fact.gold is None for fact in wrong),
        "other": sum(fact.said is not None and fact.gold is not None for fact in wrong),
    }


def _by_name(groups: Iterable[Iterable[JudgedFact]]) -> dict[str, list[JudgedFact]]:
    named: dict[str, list[JudgedFact]] = {}
    for group in groups:
        for fact in group:
            named.setdefault(fact.name, []).append(fact)
    return named


def _lists(comparisons: Sequence[Comparison]) -> list[str]:
    sums = tally.together(one for c in comparisons for one in c.lists)
    rows = []
    for name, word in _words()["lists"].items():
        if name in sums:
            one = sums[name]
            shares = (tally.ratio(one.right, one.said), tally.ratio(one.found, one.gold), tally.list_f1(one))
            counts = (one.said, one.right, one.gold, one.found)
            rows.append((word, *map(str, counts), *(f"{share:.2f}" for share in shares)))
    levels = [level for c in comparisons for level in c.levels]
    told = _pairs([(_words()["levels"], _share(sum(x.right for x in levels), len(levels)))]) if levels else []
    return [*_grid(("list", "said", "right", "gold", "found", "precision", "recall", "f1"), rows), *told]


def _confidence(verdicts: Sequence[JudgedVerdict]) -> list[str]:
    rows = []
    for one in tally.reliability(verdicts):
        mean = f"{one.mean_confidence:.2f}" if one.verdicts else ""
        share = f"{tally.ratio(one.right, one.verdicts):.2f}" if one.verdicts else ""
        rows.append((f"{one.start:.1f} - {one.end:.1f}", str(one.verdicts), mean, share))
    return _grid(("band", "verdicts", "mean", "share_right"), rows)


def _sentences(result: Result) -> Iterator[str]:
    one, words = result.sentences, _words()["sentences"]
    if one is None:
        return
    yield from wrap(words["note"], _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    yield from _pairs(
        [
            (words["count"], str(one.sentences)),
            (words["micro_f1"], f"{one.micro_f1:.2f}"),
            (words["macro_f1"], f"{one.macro_f1:.2f}"),
            (words["stance"], _share(one.stance_right, one.sentences)),
        ]
    )


def _errors(comparisons: Iterable[Comparison]) -> Iterator[str]:
    for one in comparisons:
        lines = [*_wrong_verdicts(one.verdicts), *_wrong_facts(one), *_wrong_lists(one)]
        if lines:
            yield from ("", f"{one.slug} ({_words()['parts'].get(one.format, one.format)})", *lines)


def _wrong_verdicts(verdicts: Iterable[JudgedVerdict]) -> Iterator[str]:
    words, names = _words()["errors"], _words()["verdicts"]
    for one in verdicts:
        said, gold = names[one.said], names[one.gold]
        if one.outcome is not Outcome.RIGHT:
            yield from _paragraph(words["verdict"].format(requirement=one.requirement, said=said, gold=gold))
            yield from _field(words["reason"], label("reasons", one.reason))
            yield from _field(words["trap"], one.trap)
        elif one.placed is False:
            yield from _paragraph(words["placeless"].format(requirement=one.requirement, said=said))
        else:
            continue
        for quote in one.gold_quotes[:3]:
            yield from _field(words["gold"], f"“{_short(quote)}”")
        for quote in one.quotes[:3]:
            yield from _field(words["quote"], f"“{_short(quote)}”")
        if not one.quotes:
            yield from _field(words["nearest"], one.message)


def _wrong_facts(one: Comparison) -> Iterator[str]:
    words, names, none = _words()["errors"], _words()["facts"], _words()["none"]
    for fact in (*one.facts, *one.levels):
        if not fact.right:
            name = names.get(fact.name, f"{_words()['levels']} ({fact.name})")
            yield from _paragraph(words["fact"].format(name=name, said=fact.said or none, gold=fact.gold or none))


def _wrong_lists(one: Comparison) -> Iterator[str]:
    words, names = _words()["errors"], _words()["lists"]
    for overlap in one.lists:
        if overlap.name == "expertise_name":  # the same names stand under expertise, with their scope
            continue
        for kind, texts in (("extra", overlap.extra), ("missed", overlap.missed)):
            if texts:
                told = " | ".join(_short(text) for text in texts)
                yield from _paragraph(words[kind].format(name=names[overlap.name], texts=told))


def _paragraph(text: str) -> list[str]:
    return wrap(" ".join(text.split()), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT * 2)


def _field(name: str, text: str | None) -> list[str]:
    first = f"{_INDENT * 2}{name:<9} "
    told = " ".join((text or "").split())
    return wrap(told, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_QUOTE else text[:_MAX_QUOTE].rsplit(" ", 1)[0] + " …"


def _share(part: int, whole: int) -> str:
    percent = f"{100 * tally.ratio(part, whole):.0f}%" if whole else "-"
    return str(_words()["share"].format(part=part, whole=whole, percent=percent))


def _pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    told = list(rows)
    column = max((len(name) for name, _ in told), default=0)
    return [f"{_INDENT}{name:<{column}}  {value}".rstrip() for name, value in told]


def _grid(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    return _table([_words()["columns"][name] for name in columns], rows)


def _table(heads: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """The first column to the left, numbers to the right; a head of several words stands on several lines."""
    if not rows:
        return []
    stacked = [head.split() if place else [head] for place, head in enumerate(heads)]
    height = max(map(len, stacked))
    stacked = [[""] * (height - len(words)) + words for words in stacked]
    lines = [*zip(*stacked, strict=True), *rows]
    sizes = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    return [_line(line, sizes) for line in lines]


def _line(cells: Row, sizes: Sequence[int]) -> str:
    first, *rest = cells
    numbers = "".join(f"  {cell:>{size}}" for cell, size in zip(rest, sizes[1:], strict=True))
    return f"{_INDENT}{first:<{sizes[0]}}{numbers}".rstrip()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


@cache
def _words() -> Mapping[str, Any]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)
    return words

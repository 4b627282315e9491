"""Changed copies of a document: the evidence of one finding taken away, denied, postponed or only listed.

Works on blocks, not on files. A passage in a table row takes the whole row with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from extractors.document import Block, BlockKind, Cell, Document
from extractors.markdown import read_markdown
from pipeline.check.facts import Facts
from pipeline.check.passages import Passage
from pipeline.check.run import Examined, examine
from pipeline.check.say import dutch
from pipeline.result import Finding, Verdict
from pipeline.steps import classifier, facts_of, ready_norm

ROOT = Path(__file__).parents[2]
PROFILES = sorted(p.parent for where in ("tests/gold", "sample_docs") for p in ROOT.glob(f"{where}/sop-*/source.md"))

# Of these a plan or a denial is an answer too: what is not offered, what is wanted, the training that follows from it.
# Of the inspection's judgement "nog niet voldoende" is a judgement.
NO_DENIAL = frozenset(
    {"anb.beleid.niet-geboden", "anb.beleid.ambities", "anb.beleid.scholing", "anb.kwaliteit.inspectie"}
)
PARTNERS = "anb.beleid.ketenpartners"
# What a school does instead stands under "Wat wij niet bieden", and is not denied by it.
INSTEAD = frozenset({"anb.zorgplicht.passende-plek"})

Places = Mapping[int, tuple[tuple[int, int], ...]]
"""Block to the half-open spans in it, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One finding that was met, with the places of all evidence for it: what was quoted and what the labels accept."""

    name: str
    document: Document
    facts: Facts
    before: Examined
    requirement: str
    places: Places


def subjects() -> Iterator[Subject]:
    """Every met finding of the labelled profiles, by document and requirement."""
    for folder in PROFILES:
        document = read_markdown((folder / "source.md").read_text(encoding="utf-8"))
        facts = facts_of(document)
        before = examined(document, facts)
        labels = yaml.safe_load((folder / "gold.yaml").read_text(encoding="utf-8"))["verdicts"]
        for finding in before.report.findings:
            if finding.verdict is Verdict.MET:
                accepted = (labels.get(finding.requirement) or {}).get("evidence") or ()
                places = _places(before, finding, accepted)
                yield Subject(
                    name=folder.name,
                    document=document,
                    facts=facts,
                    before=before,
                    requirement=finding.requirement,
                    places=places,
                )


def examined(document: Document, facts: Facts) -> Examined:
    """A check by the Almeerse Norm; kind and school are those of the unchanged document."""
    return examine(document, ready_norm("anb"), classifier(), facts, dutch())


def _places(before: Examined, finding: Finding, accepted: Iterable[str]) -> Places:
    passages = before.reading.passages
    chosen = {
        p.index
        for p in passages
        for e in finding.evidence
        if p.block == e.block and p.start < e.end and e.start < p.end
    }
    for quote in accepted:
        chosen |= {p.index for p in passages if _overlaps(before.reading.document.blocks[p.block].text, p, quote)}
    found: dict[int, list[tuple[int, int]]] = {}
    for index in sorted(chosen):
        found.setdefault(passages[index].block, []).append((passages[index].start, passages[index].end))
    return {block: tuple(spans) for block, spans in found.items()}


def _overlaps(text: str, passage: Passage, quote: str) -> bool:
    at = text.find(quote)
    return at >= 0 and passage.start < at + len(quote) and at < passage.end


def deleted(subject: Subject) -> Document:
    """Without the evidence."""
    return _rewritten(subject, lambda _: "")


def denied(subject: Subject) -> Document:
    """The evidence follows on "nog niet", which any sentence can do and stay Dutch."""
    return _rewritten(subject, lambda text: f"Dit doen wij nog niet: {_small(text)}")


def denied_after(subject: Subject) -> Document:
    """A later sentence takes the evidence back; in a table the row gets a cell that says so."""
    return _rewritten(subject, lambda text: f"{text.rstrip('.')}. Dat is er bij ons nog niet.")


def denied_above(subject: Subject) -> Document:
    """The evidence stands under a heading that says that all of it is lacking; tables stay where they are."""
    blocks: list[Block] = []
    moved: list[Block] = []
    heading = Block(kind=BlockKind.HEADING, text="Wat wij nog niet bieden", level=1, section=())
    for index, block in enumerate(subject.document.blocks):
        if index not in subject.places or block.kind is BlockKind.ROW:
            blocks.append(block)
            continue
        under = replace(block, section=(heading.text,))
        moved += [replace(under, text=block.text[a:b]) for a, b in subject.places[index]]
        blocks.append(_with_text(block, subject.places[index], lambda _: ""))
    kept = (b for b in blocks if b.text.strip())
    return replace(subject.document, blocks=(*kept, replace(heading, section=(heading.text,)), *moved))


def in_tables(subject: Subject) -> bool:
    """Whether some of the evidence stands in a table, which has headings of its own."""
    return any(subject.document.blocks[i].kind is BlockKind.ROW for i in subject.places)


def planned(subject: Subject) -> Document:
    """The evidence is a plan for later."""
    return _rewritten(subject, lambda text: f"Wij willen in 2027 het volgende bereiken: {_small(text)}")


def listed(subject: Subject) -> Document:
    """The evidence stands in the table of contents only."""
    lines = tuple(
        Block(kind=BlockKind.TOC, text=f"{subject.document.blocks[b].text[start:end].rstrip('.')} ........ {b}")
        for b, spans in subject.places.items()
        for start, end in spans
    )
    rest = deleted(subject)
    return replace(rest, blocks=(*lines, *rest.blocks))


def without_names(document: Document) -> Document:
    """Every partner is called "diverse partners"."""
    hits = ready_norm("anb").lexicons.hits([b.text for b in document.blocks])
    blocks = []
    for block, found in zip(document.blocks, hits, strict=True):
        spans = tuple((h.start, h.end) for h in found if h.entry.lexicon == "partners")
        blocks.append(_with_text(block, spans, lambda _: "diverse partners") if spans else block)
    return replace(document, blocks=tuple(blocks))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _rewritten(subject: Subject, change: Callable[[str], str]) -> Document:
    blocks = (
        _with_text(block, subject.places[index], change) if index in subject.places else block
        for index, block in enumerate(subject.document.blocks)
    )
    return replace(subject.document, blocks=tuple(b for b in blocks if b.text.strip()))


def _with_text(block: Block, spans: tuple[tuple[int, int], ...], change: Callable[[str], str]) -> Block:
    """The block with the text of each span changed; a row that loses its evidence is left empty."""
    text, shifts = "", []
    last = 0
    for start, end in spans:
        new = change(block.text[start:end])
        if not new and block.kind is BlockKind.ROW:
            return replace(block, text="", cells=())
        text += block.text[last:start] + new
        shifts.append((end, len(text) - end))
        last = end
    cells = tuple(_moved(cell, shifts) for cell in block.cells)
    return replace(block, text=text + block.text[last:], cells=cells)


def _moved(cell: Cell, shifts: list[tuple[int, int]]) -> Cell:
    by = {at: next((s for e, s in reversed(shifts) if e <= at), 0) for at in (cell.start, cell.end)}
    return replace(cell, start=cell.start + by[cell.start], end=cell.end + by[cell.end])

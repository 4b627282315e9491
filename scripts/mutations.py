"""Does every verdict rest on its evidence? Print the table of mutations: `make mutations`, or

    python scripts/mutations.py [--every N] [--kinds denied planned] [--held]

Every met finding of the labelled profiles is changed: its evidence is deleted, denied (before it, after it, by the
heading above it), made a plan, or moved to the table of contents; and in every profile the names of partners are
replaced by "diverse partners". The table says how many verdicts turn as they must, and how many others get better,
which they must not. ``tests/mutations`` holds a sample to it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "mutations"))
sys.path.insert(0, str(Path(__file__).parents[1]))

import mutants
from mutants import NO_DENIAL, PARTNERS, PROFILES, Subject

from extractors.document import Document
from extractors.markdown import read_markdown
from pipeline.result import Verdict
from pipeline.steps import facts_of

KINDS: dict[str, tuple[str, Callable[[Subject], Document]]] = {
    "deleted": ("bewijs weggehaald", mutants.deleted),
    "denied": ("ontkend ervoor", mutants.denied),
    "denied_after": ("ontkend in een latere zin", mutants.denied_after),
    "denied_above": ("ontkend in het kopje", mutants.denied_above),
    "planned": ("een plan voor later", mutants.planned),
    "listed": ("alleen in de inhoudsopgave", mutants.listed),
}
_RANK = {Verdict.MISSING: 0, Verdict.REVIEW: 0, Verdict.PARTIAL: 1, Verdict.MET: 2}


def verdicts(document: Document, subject: Subject) -> dict[str, Verdict]:
    return {f.requirement: f.verdict for f in mutants.examined(document, subject.facts).report.findings}


def row(kind: str, chosen: Sequence[Subject], *, held: bool) -> tuple[str, int, int, int]:
    """Name of the mutation, how many turned, of how many, and how many other verdicts got better."""
    name, mutate = KINDS[kind]
    turned = better = 0
    stayed: Counter[str] = Counter()
    for subject in chosen:
        after = verdicts(mutate(subject), subject)
        before = {f.requirement: f.verdict for f in subject.before.report.findings}
        turned += after[subject.requirement] is not Verdict.MET
        better += sum(_RANK.get(v, -1) > _RANK.get(before[r], -1) for r, v in after.items() if r != subject.requirement)
        if after[subject.requirement] is Verdict.MET:
            stayed[subject.requirement] += 1
            if held:
                print(f"    {kind}: {subject.name} {subject.requirement}")
    if stayed:
        print(f"  {name}, bleef staan: {dict(stayed.most_common(8))}")
    return name, turned, len(chosen), better


def renamed() -> tuple[str, int, int, int]:
    turned = 0
    for folder in PROFILES:
        document = read_markdown((folder / "source.md").read_text(encoding="utf-8"))
        report = mutants.examined(mutants.without_names(document), facts_of(document)).report
        turned += next(f.verdict for f in report.findings if f.requirement == PARTNERS) is not Verdict.MET
    return "namen worden 'diverse partners'", turned, len(PROFILES), 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="one in so many findings, always the same")
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--held", action="store_true", help="name each finding that did not turn")
    options = parser.parse_args()
    sample = list(mutants.subjects())[:: options.every]
    # what stays met without this evidence rests on other evidence in the document: it can't turn by denying this
    resting = [s for s in sample if verdicts(mutants.deleted(s), s)[s.requirement] is not Verdict.MET]
    rows = []
    for kind in options.kinds:
        answers = "denied" in kind or kind == "planned"
        chosen = [s for s in resting if not (answers and s.requirement in NO_DENIAL)]
        if kind == "denied_above":
            chosen = [s for s in chosen if not mutants.in_tables(s) and s.requirement not in mutants.INSTEAD]
        rows.append(row(kind, sample if kind == "deleted" else chosen, held=options.held))
    rows.append(renamed())
    print(f"\n{len(sample)} oordelen 'aangetroffen' in {len(PROFILES)} profielen\n")
    print("| verandering | keert | van | deel | ander oordeel beter |\n|---|---|---|---|---|")
    for name, turned, of, better in rows:
        print(f"| {name} | {turned} | {of} | {turned / max(of, 1):.1%} | {better} |")


if __name__ == "__main__":
    main()

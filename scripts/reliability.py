"""What the confidence of a verdict means: said against right, on labelled documents. `make reliability`, or

    python scripts/reliability.py tests/blind2/sealed tests/blind2/developed

Prints a table by band of confidence and one by what the verdict rests on, which is where the numbers of
``pipeline/check/confidence.py`` come from.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipeline.evaluate import measure, tally
from pipeline.evaluate.compare import JudgedVerdict
from pipeline.result import Verdict


def judged(folders: Iterable[Path]) -> list[JudgedVerdict]:
    return [
        v
        for folder in folders
        for v in measure.folder(folder).verdicts
        if Verdict.NOT_APPLICABLE not in (v.said, v.gold) and v.said is not Verdict.REVIEW
    ]


def by_ground(verdicts: Sequence[JudgedVerdict]) -> dict[tuple[str, str], list[JudgedVerdict]]:
    groups: dict[tuple[str, str], list[JudgedVerdict]] = defaultdict(list)
    for v in verdicts:
        groups[v.said.value, v.reason.value if v.reason else "-"].append(v)
    return dict(sorted(groups.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    verdicts = judged(parser.parse_args().folders)
    print("| zekerheid | oordelen | gemiddeld gezegd | blijkt goed |\n|---|---|---|---|")
    for band in tally.reliability(verdicts):
        if band.verdicts:
            share = band.right / band.verdicts
            print(f"| {band.start:.1f}-{band.end:.1f} | {band.verdicts} | {band.mean_confidence:.2f} | {share:.2f} |")
    print("\n| oordeel | reden | oordelen | gemiddeld gezegd | blijkt goed |\n|---|---|---|---|---|")
    for (said, reason), group in by_ground(verdicts).items():
        mean = sum(v.confidence for v in group) / len(group)
        right = sum(v.gold is v.said for v in group) / len(group)
        print(f"| {said} | {reason} | {len(group)} | {mean:.2f} | {right:.2f} |")


if __name__ == "__main__":
    main()

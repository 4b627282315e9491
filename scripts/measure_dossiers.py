"""What the sample dossiers come out as against what a careful reader says: kinds, steps, and the pre-filled fields.

    python scripts/measure_dossiers.py [FOLDER]        (default: sample_docs/dossiers)

A folder holds `documents/` and `expected.yaml` for each dossier. Ends with status 1 when a field was filled wrongly.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from pipeline.dossier.folder import Piece, read_folder
from pipeline.dossier.run import examine_dossier
from pipeline.plan.fill import fill

FOLDER = Path(__file__).parents[1] / "sample_docs" / "dossiers"


def status_of(expected: dict[str, Any], route: str, step: int, track: str | None) -> str:
    """The expected status of a step; what is not named is unknown."""
    steps = expected["steps"].get(route, {})
    found = steps.get(track, {}) if track else steps
    return str(found.get(step, "unknown"))


def dossier(name: str, pieces: tuple[Piece, ...], expected: dict[str, Any], counts: Counter[str]) -> None:
    made, _ = examine_dossier(name, pieces, decision=expected["decision"])
    pairs = [(f"soort {d.path}", d.kind, expected["documents"][d.path]["kind"]) for d in made.documents]
    pairs += [(f"datum {d.path}", d.date, expected["documents"][d.path]["date"]) for d in made.documents]
    pairs += [("ontbreekt", list(made.missing), expected["missing"])]
    pairs += [(f"voorwaarde {k}", v, expected["conditions"].get(k)) for k, v in made.conditions.items()]
    pairs += [(f"regel {c.id}", c.holds, expected["checks"].get(c.id)) for c in made.checks]
    pairs += [
        (f"stap {s.route} {s.step} {s.track or ''}", s.status, status_of(expected, s.route, s.step, s.track))
        for s in made.steps
    ]
    for what, got, want in pairs:
        counts["goed" if got == want else "fout"] += 1
        if got != want:
            print(f"  {name}: {what}: {got}, verwacht {want}")


def plan(name: str, pieces: tuple[Piece, ...], expected: dict[str, Any], counts: Counter[str]) -> None:
    made = fill(pieces)
    for field, wanted in expected["fields"].items():
        got = [v.value for v in made.fields[field]]
        for value in got:
            counts["goed ingevuld" if value in wanted else "ten onrechte ingevuld"] += 1
            if value not in wanted:
                print(f"  {name}: {field}: ten onrechte “{value}”")
        for value in wanted:
            if value not in got:
                counts["open terwijl een bron het zegt"] += 1
                print(f"  {name}: {field}: open, maar een bron zegt “{value}”")
    for conflict in expected["conflicts"].items():
        found = {c.field: list(c.values) for c in made.conflicts}.get(conflict[0])
        counts["tegenspraak getoond" if found == conflict[1] else "tegenspraak gemist"] += 1


def main() -> int:
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    stands: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for path in sorted(where.glob("*/expected.yaml")):
        expected = yaml.safe_load(path.read_text(encoding="utf-8"))
        pieces = read_folder(path.parent / "documents")
        dossier(path.parent.name, pieces, expected, stands)
        plan(path.parent.name, pieces, expected, fields)
    for title, counts in (("dossier", stands), ("vooraf ingevuld OPP", fields)):
        print(f"{title}: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return 1 if fields["ten onrechte ingevuld"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How well and how fast dekkend reads, beside the libraries that others would use: `python scripts/bench_reading.py`.

Makes invented documents with known truth (`reading_corpus.py`) as Word and as PDF by LibreOffice, Chromium and
reportlab, reads them with every library that is installed, and prints for each: CPU seconds a page or document, in
rounds in which all take turns; peak memory of a process of its own; and how much of the truth it found. Then compares
dekkend's blocks and verdicts over the four renderings of each document. Asserts nothing.

    headings   share of the headings that are marked as headings with the right text
    rows       share of the table rows with every cell right
    order      one minus the edit distance between the paragraphs, items and headings found and the true order
    running    lines of running headers and footers that are left in the text, a page (PDF) or document (Word)
    boxes      share of the boxes to tick that are in the text, ticked or not as they should be

`-` says that a library gives no such thing. The libraries beside dekkend's own stand in `bench-requirements.txt`;
`make bench-reading` installs them apart under `build/`.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
sys.path.append(str(ROOT / "build" / "bench-peers"))

from extractors.document import Block, BlockKind, Document  # noqa: E402
from extractors.markdown import read_markdown  # noqa: E402
from extractors.registry import read_document  # noqa: E402

OUTSIDE = (BlockKind.TOC, BlockKind.HEADER, BlockKind.FOOTER)
RENDERINGS = ("docx", "libreoffice", "chromium", "reportlab")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a library says that stands in a file; None for what it does not say at all."""

    text: str
    headings: Sequence[str] | None = None
    rows: Sequence[tuple[str, ...]] | None = None


# ---------------------------------------------------------------- the libraries


def dekkend(path: Path) -> Reading:
    document = read_document(path)
    assert isinstance(document, Document), document
    body = [block for block in document.blocks if block.kind not in OUTSIDE]
    return Reading(
        "\n".join(block.text for block in body),
        [block.text for block in body if block.kind is BlockKind.HEADING],
        [_cells(block) for block in body if block.kind is BlockKind.ROW],
    )


def _cells(block: Block) -> tuple[str, ...]:
    return tuple(block.text[cell.start : cell.end] for cell in block.cells)


def plumber_text(path: Path) -> Reading:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        texts = []
        for page in pdf.pages:
            texts.append(page.extract_text())
            page.close()
    return Reading("\n".join(texts))


def plumber_words(path: Path) -> Reading:
    import pdfplumber

    words, rows = [], []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            words += [word["text"] for word in page.extract_words(extra_attrs=["fontname", "size"])]
            rows += [tuple(cell or "" for cell in row) for table in page.extract_tables() for row in table]
            page.close()
    return Reading(" ".join(words), None, rows)


def pypdf(path: Path) -> Reading:
    from pypdf import PdfReader

    return Reading("\n".join(page.extract_text() for page in PdfReader(path).pages))


def pdfminer(path: Path) -> Reading:
    from pdfminer.high_level import extract_text

    return Reading(extract_text(str(path)))


def markitdown(path: Path) -> Reading:
    from markitdown import MarkItDown

    return _from_markdown(MarkItDown().convert(str(path)).text_content)


def docling(path: Path) -> Reading:
    from docling.document_converter import DocumentConverter

    return _from_markdown(DocumentConverter().convert(str(path)).document.export_to_markdown())


def pandoc(path: Path) -> Reading:
    import pypandoc

    # pipe tables hold no paragraphs, HTML tables hold everything
    return _from_html(pypandoc.convert_file(str(path), "html"))


def mammoth(path: Path) -> Reading:
    import mammoth as library

    with path.open("rb") as file:
        return _from_html(library.convert_to_html(file).value)


def docx2python(path: Path) -> Reading:
    from docx2python import docx2python as read

    with read(str(path)) as content:
        rows = [
            tuple("\n".join(cell).strip() for cell in row)
            for table in content.document
            for row in table
            if len(row) > 1
        ]
        return Reading(re.sub(r"^[\s•-]*--\t", "", content.text, flags=re.MULTILINE), None, rows)


def python_docx(path: Path, *, boxes: bool = False) -> Reading:
    """As most programs do it: paragraphs, then tables by ``cell.text``; with ``boxes`` by all text of the cell."""
    import docx
    from docx.oxml.ns import qn

    document = docx.Document(str(path))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    lines = [p.text for p in document.paragraphs]
    rows = []
    for table in document.tables:
        for row in table.rows:
            if boxes:
                rows.append(tuple("".join(t.text or "" for t in cell._tc.iter(qn("w:t"))) for cell in row.cells))
            else:
                rows.append(tuple(cell.text for cell in row.cells))
    return Reading("\n".join([*lines, *(" ".join(row) for row in rows)]), headings, rows)


def python_docx_boxes(path: Path) -> Reading:
    return python_docx(path, boxes=True)


def _from_markdown(text: str) -> Reading:
    headings = [line.lstrip("# ").strip() for line in text.splitlines() if re.match(r"#{1,6} ", line)]
    tables = [line.strip().strip("|").split("|") for line in text.splitlines() if line.strip().startswith("|")]
    rows = [tuple(cell.strip() for cell in row) for row in tables if set("".join(row)) - set("-: ")]
    return Reading(text.replace("\\", ""), headings, rows)


def _from_html(text: str) -> Reading:
    from lxml import html

    root = html.fromstring(f"<div>{text}</div>")
    headings = [element.text_content() for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    rows = [tuple(cell.text_content().strip() for cell in row.iter("td", "th")) for row in root.iter("tr")]
    return Reading("\n".join(root.itertext()), headings, rows)


PDF: dict[str, Callable[[Path], Reading]] = {
    "dekkend": dekkend,
    "pdfplumber words+tables": plumber_words,
    "pdfplumber extract_text": plumber_text,
    "pdfminer.six": pdfminer,
    "pypdf": pypdf,
    "markitdown": markitdown,
    "docling": docling,
}
WORD: dict[str, Callable[[Path], Reading]] = {
    "dekkend": dekkend,
    "python-docx, all boxes": python_docx_boxes,
    "python-docx": python_docx,
    "mammoth": mammoth,
    "docx2python": docx2python,
    "pandoc": pandoc,
    "markitdown": markitdown,
    "docling": docling,
}
NEEDS = {"pdfminer.six": "pdfminer", "python-docx": "docx", "python-docx, all boxes": "docx", "pandoc": "pypandoc"}
BASELINE = {"pdf": "pdfplumber words+tables", "word": "python-docx, all boxes"}


# ---------------------------------------------------------------- the truth


def _letters(text: str) -> str:
    """The letters and digits alone: spaces, hyphens and line ends are not what is compared."""
    return re.sub(r"[\W_]+", "", text).lower()


def _same(text: str) -> str:
    return " ".join(text.split())


def score(reading: Reading, markdown: str) -> dict[str, tuple[float, float] | None]:
    """Found and to be found, for each measure."""
    truth = [block for block in read_markdown(markdown).blocks if block.kind is not BlockKind.TOC]
    body = [block for block in truth if block.kind not in OUTSIDE]
    headings = [_same(block.text) for block in body if block.kind is BlockKind.HEADING]
    rows = [tuple(map(_same, _cells(block))) for block in body if block.kind is BlockKind.ROW]
    flat = _letters(reading.text)
    units = [_letters(block.text) for block in body if block.kind is not BlockKind.ROW]
    running = [_letters(block.text) for block in truth if block.kind in (BlockKind.HEADER, BlockKind.FOOTER)]
    title = max(headings, key=len)
    left = sum(flat.count(text) for text in running if text not in _letters(title))
    return {
        "headings": None if reading.headings is None else _shared(headings, map(_same, reading.headings)),
        "rows": None if reading.rows is None else _shared(rows, (tuple(map(_same, row)) for row in reading.rows)),
        "order": (_in_order(units, flat), len(units)),
        "running": (left, 1),
        "boxes": _boxes(reading.text, " ".join(" ".join(row) for row in rows)),
    }


def _shared(wanted: Sequence[Any], found: Iterable[Any]) -> tuple[float, float]:
    rest = list(found)
    hits = 0
    for one in wanted:
        if one in rest:
            rest.remove(one)
            hits += 1
    return hits, len(wanted)


def _in_order(units: Sequence[str], flat: str) -> float:
    """Number of units less the edit distance between the true order and the one in the text."""
    places: list[tuple[int, int]] = []
    free: dict[str, int] = defaultdict(int)
    for number, unit in enumerate(units):
        place = flat.find(unit, free[unit])
        if place >= 0:
            free[unit] = place + 1
            places.append((place, number))
    found = [number for _, number in sorted(places)]
    return len(units) - _edit_distance(list(range(len(units))), found)


def _edit_distance(left: Sequence[int], right: Sequence[int]) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _boxes(text: str, truth: str) -> tuple[float, float]:
    return sum(min(text.count(box), truth.count(box)) for box in "☒☐"), sum(truth.count(box) for box in "☒☐")


# ---------------------------------------------------------------- measuring


def _cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime


def usable(names: Iterable[str], say: Callable[[str], None]) -> list[str]:
    found = []
    for name in names:
        module = NEEDS.get(name, name.split()[0])
        try:
            if name != "dekkend":
                importlib.import_module(module)
        except Exception as error:  # noqa: BLE001  a library that fails to import is one that can't be measured
            say(f"  {name}: niet geïnstalleerd ({type(error).__name__})")
            continue
        found.append(name)
    return found


def measure(
    readers: dict[str, Callable[[Path], Reading]], names: list[str], files: list[tuple[str, Path]], rounds: int
) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """CPU seconds by library, the least of the rounds for each file, and its scores."""
    least: dict[tuple[str, Path], float] = {}
    totals: dict[str, dict[str, list[float]]] = {name: {} for name in names}
    for name in names:
        try:
            readers[name](files[0][1])  # imports and caches are paid before the clock runs
        except Exception as error:  # noqa: BLE001  for example models that can't be fetched offline
            print(f"  {name}: werkt hier niet ({type(error).__name__})")
            totals.pop(name)
    for turn in range(rounds):
        for markdown, path in files:
            for name, scores in totals.items():
                start = _cpu()
                reading = readers[name](path)
                spent = _cpu() - start
                least[name, path] = min(spent, least.get((name, path), spent))
                if turn == 0:
                    for measured, share in score(reading, markdown).items():
                        if share is not None:
                            kept = scores.setdefault(measured, [0.0, 0.0])
                            kept[0] += share[0]
                            kept[1] += share[1]
    seconds = {name: sum(spent for (own, _), spent in least.items() if own == name) for name in totals}
    return seconds, {name: {m: _shown(m, *share) for m, share in kept.items()} for name, kept in totals.items()}


def _shown(measured: str, found: float, whole: float) -> str:
    return f"{found:.0f}" if measured == "running" else f"{100 * found / whole:.1f}%" if whole else "-"


def peak_mib() -> float:
    """Of this process alone: what the system counts as the peak of a child holds its parent's before it started."""
    status = Path("/proc/self/status")
    if status.exists():
        return float(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_memory(name: str, kind: str, files: list[Path]) -> float:
    """MiB of a fresh process that reads all files."""
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT / 'scripts')!r}]; import bench_reading as b, pathlib\n"
        f"reader = b.{'PDF' if kind == 'pdf' else 'WORD'}[{name!r}]\n"
        f"for file in {[str(path) for path in files]!r}: reader(pathlib.Path(file))\n"
        "print(b.peak_mib())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return float(done.stdout.split()[-1]) if done.returncode == 0 and done.stdout else 0.0


def report(title: str, kind: str, files: list[tuple[str, Path]], pages: int, rounds: int, known: list[str]) -> None:
    readers = PDF if kind == "pdf" else WORD
    seconds, scores = measure(readers, known, files, rounds)
    unit = "pagina" if kind == "pdf" else "document"
    count = pages if kind == "pdf" else len(files)
    base = seconds[BASELINE[kind]]
    print(f"\n{title}: {len(files)} documenten" + (f", {pages} pagina's" if kind == "pdf" else ""))
    columns = f"{'headings':>10}{'rows':>8}{'order':>8}{'running':>9}{'boxes':>8}"
    print(f"{'':26}{'ms/' + unit:>12}{'x sneller':>11}{'MiB':>6}{columns}")
    for name, spent in sorted(seconds.items(), key=lambda entry: entry[1]):
        shown = [scores[name].get(m, "-") for m in ("headings", "rows", "order", "running", "boxes")]
        memory = peak_memory(name, kind, [path for _, path in files])
        print(
            f"{name:26}{1000 * spent / count:12.1f}{base / spent:11.1f}{memory:6.0f}"
            f"{shown[0]:>10}{shown[1]:>8}{shown[2]:>8}{shown[3]:>9}{shown[4]:>8}"
        )


# ---------------------------------------------------------------- round trips


def blocks_of(document: Document) -> list[tuple[str, str, bool]]:
    """The blocks of the body as what must be the same in every rendering."""
    return [(b.kind.value, _same(b.text), b.is_header_row) for b in document.blocks if b.kind not in OUTSIDE]


def equal_share(left: Sequence[Any], right: Sequence[Any]) -> float:
    """Share of blocks that are the same and in the same order, of the longer of the two."""
    matching = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return sum(match.size for match in matching) / max(len(left), len(right), 1)


def verdicts(path: Path) -> dict[str, str]:
    """The verdict on every requirement, by the command line."""
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "check",
        str(path),
        "--norm",
        "anb",
        "--sector",
        "po",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return {finding["requirement"]: finding["verdict"] for finding in json.loads(done.stdout)[0]["findings"]}


def round_trips(made: dict[str, list[tuple[str, Path]]], samples: dict[str, list[tuple[str, Path]]]) -> None:
    print("\nHeen en terug: gelijke blokken tegenover de bron, en oordelen gelijk aan die van het Word-bestand")
    print(f"{'':14}{'blokken, verzonnen':>20}{'voorbeelden':>13}{'oordelen gelijk':>18}")
    expected = {text: verdicts(path) for text, path in samples.get("docx", [])}
    for name in RENDERINGS:
        shares = []
        for corpus in (made, samples):
            pairs = [(blocks_of(read_markdown(text)), read_document(path)) for text, path in corpus.get(name, [])]
            shares.append([equal_share(t, blocks_of(d)) for t, d in pairs if isinstance(d, Document)])
        same = whole = 0
        for text, path in samples.get(name, []):
            found = verdicts(path)
            whole += len(expected[text])
            same += sum(found.get(requirement) == verdict for requirement, verdict in expected[text].items())
        shown = [f"{100 * sum(share) / len(share):.1f}%" if share else "-" for share in shares]
        print(f"{name:14}{shown[0]:>20}{shown[1]:>13}{f'{same}/{whole}':>18}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=6, help="number of invented documents (default: 6)")
    parser.add_argument("--rounds", type=int, default=3, help="times that each file is read (default: 3)")
    parser.add_argument("--keep", type=Path, help="folder in which the documents are kept")
    parser.add_argument("--only", choices=["pdf", "word", "round-trips"], help="measure one of the three")
    options = parser.parse_args()
    from reading_corpus import sample_corpus, write_corpus

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        made = write_corpus(folder, options.documents)
        if options.only in (None, "pdf"):
            known = usable(PDF, print)
            for name in RENDERINGS[1:]:
                files = made.get(name, [])
                pages = sum(read_document(path).pages or 0 for _, path in files)
                if files:
                    report(f"PDF door {name}", "pdf", files, pages, options.rounds, known)
        if options.only in (None, "word"):
            report("Word", "word", made["docx"], 0, options.rounds, usable(WORD, print))
        if options.only in (None, "round-trips"):
            round_trips(made, sample_corpus(folder))
    print(f"\nKlaar in {time.perf_counter() - start:.0f} seconden.")


if __name__ == "__main__":
    main()

"""Three measurements that anyone can repeat: `python scripts/bench.py start`, `batch` and `words`.

start   one 8-page profile from a cold start, against `python -c 'import spacy'` in the same run (ratio of medians)
batch   200 different documents: seconds, documents a second, memory of all processes while it runs
words   words a minute of CPU in one process, loaded: encoder gated, encoder reading everything, verdicts that differ
Prints what it saw; asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from docx import Document

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_docs"
PAGE_WORDS = 350  # words on a page of a profile with headings and lists


def lines_of(slug: str) -> list[str]:
    """The lines of a sample's source that hold text: no tables, no marks for the layout."""
    text = (SAMPLES / slug / "source.md").read_text(encoding="utf8")
    return [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "[|"]


def write_profile(path: Path, slugs: list[str], *, words: int, mark: str = "") -> None:
    """A DOCX with real heading and list styles, made of the samples' own sentences."""
    document = Document()
    count = 0
    for line in (line for slug in slugs for line in lines_of(slug)):
        if line.startswith("#"):
            document.add_heading(line.lstrip("# ") + mark, level=min(3, len(line) - len(line.lstrip("#"))))
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(line)
        count += len(line.split())
        if count >= words:
            break
    document.save(str(path))


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def bench_start(rounds: int) -> None:
    slugs = ["sop-po-zevensteek", "sop-vo-wissellast", "schoolgids-vo-poldermark"]
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profiel.docx"
        write_profile(profile, slugs, words=8 * PAGE_WORDS)
        check = [sys.executable, "-m", "pipeline.cli", "check", str(profile), "--format", "json"]
        peer = [sys.executable, "-c", "import spacy"]
        seconds(peer), seconds(check)  # files into the disk cache
        rows = [(seconds(peer), seconds(check)) for _ in range(rounds)]
    for spacy_s, check_s in rows:
        print(f"import spacy {spacy_s:5.2f} s   dekkend check {check_s:5.2f} s   x {check_s / spacy_s:4.2f}")
    spacy_m, check_m = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"mediaan: import spacy {spacy_m:.2f} s, 8 pagina's {check_m:.2f} s, verhouding {check_m / spacy_m:.2f}")


def memory_mib() -> float:
    """Resident memory of this process and all below it, from /proc (Linux); 0 elsewhere."""
    try:
        table = subprocess.run(["ps", "-eo", "pid,ppid,rss"], capture_output=True, text=True, check=True).stdout
    except OSError:
        return 0.0
    rows = [tuple(map(int, line.split())) for line in table.splitlines()[1:]]
    family = {os.getpid()}
    for _ in range(6):
        family |= {pid for pid, parent, _ in rows if parent in family}
    return sum(rss for pid, _, rss in rows if pid in family) / 1024


def bench_batch(count: int) -> None:
    slugs = sorted(p.name for p in SAMPLES.iterdir() if p.is_dir() and p.name.startswith("s"))
    with tempfile.TemporaryDirectory() as folder:
        documents, out = Path(folder) / "in", Path(folder) / "uit"
        documents.mkdir()
        for number in range(count):
            write_profile(
                documents / f"profiel-{number:04}.docx", [slugs[number % len(slugs)]], words=9999, mark=f" ({number})"
            )
        command = [sys.executable, "-m", "pipeline.cli", "batch", str(documents), "--out", str(out)]
        start = time.perf_counter()
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None:
            done = sum(1 for _ in out.glob("*/report.json"))
            print(f"{time.perf_counter() - start:6.0f} s  {done:4} klaar  {memory_mib():6.0f} MiB")
            time.sleep(10)
        total = time.perf_counter() - start
        print(f"{count} documenten in {total:.0f} s, {count / total:.1f} per seconde, eindstatus {running.returncode}")
        print(f"nog eens, niets veranderd: {seconds(command):.1f} s")


def bench_words() -> None:
    """Every labelled profile, each with an empty cache; CPU time, since other work makes a clock noisy."""
    sys.path.insert(0, str(ROOT))
    from extractors.markdown import read_markdown
    from pipeline.check.classifier import PassageClassifier
    from pipeline.check.run import examine
    from pipeline.check.say import dutch
    from pipeline.steps import facts_of, ready_norm

    paths = [p for where in ("tests/gold", "tests/blind") for p in sorted((ROOT / where).glob("*/source.md"))]
    texts = [p.read_text(encoding="utf8") for p in paths if "norm: anb" in (p.parent / "gold.yaml").read_text()]
    documents = [(read_markdown(text), len(text.split())) for text in texts]
    ready = ready_norm("anb")
    facts = [facts_of(document) for document, _ in documents]
    seen, slowest = [], 0.0
    for gated in (True, False):
        total, verdicts = 0.0, []
        for (document, words), known in zip(documents, facts, strict=True):
            model = PassageClassifier()
            if not gated:
                model._promising = lambda quick, norm: set(quick)  # type: ignore[method-assign]  # noqa: ARG005
            start = time.process_time()
            report = examine(document, ready, model, known, dutch()).report
            spent = time.process_time() - start
            total += spent
            slowest = max(slowest, spent * 8 * PAGE_WORDS / words) if gated else slowest
            verdicts.append([f.verdict for f in report.findings])
        count = sum(words for _, words in documents)
        name = "met voorselectie" if gated else "alles gelezen"
        print(f"{name}: {count} woorden in {total:.1f} s CPU, {count / total * 60:,.0f} woorden per minuut")
        seen.append(verdicts)
    pairs = [(a, b) for one, other in zip(*seen, strict=True) for a, b in zip(one, other, strict=True)]
    print(f"oordelen anders: {sum(a is not b for a, b in pairs)} van {len(pairs)}")
    print(f"8 pagina's van het traagste profiel, geladen: {slowest:.2f} s CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["start", "batch", "words"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    if options.what == "words":
        bench_words()
    elif options.what == "start":
        bench_start(options.rounds)
    else:
        bench_batch(options.count)


if __name__ == "__main__":
    main()

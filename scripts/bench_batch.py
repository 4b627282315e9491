"""Measures batches and nights: `python scripts/bench_batch.py --count 1000` (`make bench-batch`).

Documents are profiles of two to six pages, DOCX and PDF in turn, with sentences of the samples in which names, numbers
and word order vary, so that no two documents hold the same passages. What it prints, all in one run on this machine:

  throughput   documents a second and peak memory over the whole; the cost of a document in the first tenth and in all
  prefect      the share of CPU time that is Prefect's: the flow process and its server, against the workers
  unchanged    a night in which nothing changed, and one in which one document in a hundred did
  naive        one Prefect task a document, pdfplumber and python-docx, every passage through the encoder, on a sample

Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import SAMPLES, lines_of, memory_mib
from docx import Document

SYLLABLES = [consonant + vowel for consonant in "bdklmnrstvw" for vowel in "aeo"]
CHANGING = re.compile(r"\b(leerlingen?|school|ouders|team|leerkrachten?|groep|jaar)\b")
PROFILE = [sys.executable, "-m", "pipeline.cli"]


def word(random_: random.Random) -> str:
    return "".join(random_.choices(SYLLABLES, k=random_.randint(2, 4)))


def varied(line: str, random_: random.Random) -> str:
    """The sentence with words put in: it reads as before to the recogniser, and no two are the same."""
    line = CHANGING.sub(lambda found: f"{found[0]} {word(random_)}", line, count=2)
    return f"{line} ({word(random_)} {random_.randint(1, 999)})" if not line.startswith("#") else line


def document_lines(number: int) -> list[str]:
    random_ = random.Random(number)
    slugs = sorted(p.name for p in SAMPLES.iterdir() if p.is_dir() and p.name.startswith("sop"))
    lines = lines_of(random_.choice(slugs))
    kept = [line for line in lines if line.startswith("#") or random_.random() < 0.9]
    name = f"De {word(random_).title()}{word(random_)}"
    return [f"# Schoolondersteuningsprofiel {name}", f"School: {name}", *(varied(line, random_) for line in kept)]


def write_docx(path: Path, lines: list[str]) -> None:
    document = Document()
    for line in lines:
        if line.startswith("#"):
            document.add_heading(line.lstrip("# "), level=min(3, len(line) - len(line.lstrip("#"))))
        else:
            document.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    document.save(str(path))


def write_pdf(path: Path, lines: list[str]) -> None:
    """A PDF with text in two sizes, 46 lines a page, written out by hand: nothing to install."""
    rows: list[tuple[int, str]] = []
    for line in lines:
        size, rest = (14, line.lstrip("# ")) if line.startswith("#") else (10, line)
        while rest:
            cut = len(rest) if len(rest) <= 95 else rest.rfind(" ", 0, 95)
            rows.append((size, rest[:cut]))
            rest = rest[cut:].strip()
        rows.append((10, ""))
    pages = [rows[start : start + 46] for start in range(0, len(rows), 46)]
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for page in pages:
        text = "".join(f"/F1 {size} Tf {escaped(line)} Tj 0 -16 Td\n" for size, line in page)
        stream = f"BT 50 790 Td\n{text}ET".encode("cp1252", "replace")
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % p for p in places
    )
    data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    path.write_bytes(data)


def escaped(line: str) -> str:
    return "(" + line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"


def make(folder: Path, numbers: range, *, salt: int = 0) -> None:
    for number in numbers:
        lines = document_lines(number + salt)
        target = folder / f"map-{number // 500:02}"
        target.mkdir(parents=True, exist_ok=True)
        if number % 2:
            write_pdf(target / f"profiel-{number:05}.pdf", lines)
        else:
            write_docx(target / f"profiel-{number:05}.docx", lines)


class Watch(threading.Thread):
    """Peak memory, and CPU seconds by role, of a command and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak = pid, 0.0
        self.cpu: dict[int, tuple[str, int]] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(1):
            self.peak = max(self.peak, memory_mib())
            self._cpu()

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def _cpu(self) -> None:
        table = subprocess.run(
            ["ps", "-eo", "pid,ppid,cputimes,args"], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 3) for line in table.splitlines()[1:]]
        family = {self.pid}
        for _ in range(5):
            family |= {int(pid) for pid, parent, _, _ in rows if int(parent) in family}
        for pid, _, seconds, arguments in rows:
            if int(pid) in family:
                role = (
                    "flow"
                    if int(pid) == self.pid
                    else "server"
                    if "uvicorn" in arguments or "prefect" in arguments
                    else "worker"
                )
                self.cpu[int(pid)] = (role, int(seconds))


def timed(arguments: list[str], home: Path) -> tuple[float, Watch]:
    started = time.perf_counter()
    running = subprocess.Popen([*PROFILE, *arguments], env=os.environ | {"DEKKEND_HOME": str(home)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    watch = Watch(running.pid)
    watch.start()
    status = running.wait()
    watch.stop()
    assert status in (0, 1), f"exit status {status}"
    return time.perf_counter() - started, watch


def cpu_of(watch: Watch) -> dict[str, int]:
    roles: dict[str, int] = {}
    for role, seconds in watch.cpu.values():
        roles[role] = roles.get(role, 0) + seconds
    return roles


def nights(root: Path, count: int, sizes: list[int]) -> None:
    documents = root / "in"
    print(f"{count} documenten maken ...", flush=True)
    done = 0
    for size in [*[s for s in sizes if s < count], count]:
        # each size in folders of its own, so that start-up weighs in each alike
        out, home = root / f"uit-{size}", root / f"home-{size}"
        make(documents, range(done, size))
        done = size
        night = ["nightly", "run", "--inbox", str(documents), "--out", str(out)]
        seconds, watch = timed(night, home)
        cpu = cpu_of(watch)
        total = sum(cpu.values()) or 1
        shares = {role: round(100 * seconds_ / total, 1) for role, seconds_ in cpu.items()}
        print(
            f"{size:6} documenten: {seconds:7.0f} s, {size / seconds:5.2f} per s, {1000 * total / size:5.0f} CPU-ms elk"
        )
        print(
            f"       piek {watch.peak:.0f} MiB, CPU-s {json.dumps(cpu)}, aandeel in % {json.dumps(shares)}", flush=True
        )
    seconds, watch = timed(night, home)
    print(f"niets veranderd, {count} documenten: {seconds:.1f} s, {sum(cpu_of(watch).values())} CPU-s", flush=True)
    step = range(0, count, 100)
    for number in step:
        make(documents, range(number, number + 1), salt=1_000_000)
    seconds, watch = timed(night, home)
    print(f"{len(step)} van {count} veranderd: {seconds:.1f} s, {sum(cpu_of(watch).values())} CPU-s", flush=True)


NAIVE = """
import sys, time
from pathlib import Path
from flows.settings import prepare_environment
prepare_environment()
import docx, pdfplumber
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner
from pipeline.check.classifier import PassageClassifier

model = PassageClassifier(Path(sys.argv[2]) if len(sys.argv) > 2 else None)

@task(cache_policy=NO_CACHE)
def check(path):
    if path.endswith(".docx"):
        document = docx.Document(path)
        texts = [p.text for p in document.paragraphs]
        texts += [c.text for t in document.tables for r in t.rows for c in r.cells]
    else:
        with pdfplumber.open(path) as pdf:
            texts = []
            for page in pdf.pages:
                texts += (page.extract_text() or "").split("\\n")
                page.extract_tables()
    passages = [(None, s) for text in texts for s in text.split(". ") if s.strip()]
    return len(model.score(passages))

@flow(task_runner=ThreadPoolTaskRunner(max_workers=2))
def batch(paths):
    return sum(future.result() for future in check.map(paths))

batch([str(path) for path in sorted(Path(sys.argv[1]).rglob("*.*"))])
"""


def naive(root: Path, count: int, model: list[str]) -> None:
    """The naive flow reads and scores, and decides nothing; ours does all there is to do."""
    sample = root / "steekproef"
    make(sample, range(count), salt=2_000_000)
    started = time.perf_counter()
    environment = os.environ | {"DEKKEND_HOME": str(root / "home-naive")}
    subprocess.run(
        [sys.executable, "-c", NAIVE, str(sample), *model], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    theirs = time.perf_counter() - started
    ours, _ = timed(["batch", str(sample), "--out", str(root / "uit-steekproef")], root / "home-ours")
    print(
        f"naïef, {count} documenten: {theirs:.0f} s; dekkend: {ours:.0f} s; verhouding {theirs / ours:.1f}", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="0 for the naive flow alone")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100], help="also measured on so many")
    parser.add_argument("--naive", type=int, default=200, help="size of the sample for the naive flow; 0 for none")
    parser.add_argument("--model", help="folder of the model that the naive flow reads with; default the shipped one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dekkend-bench-") as folder:
        if options.naive:
            naive(Path(folder), options.naive, [options.model] if options.model else [])
        if options.count:
            nights(Path(folder), options.count, options.sizes)


if __name__ == "__main__":
    main()

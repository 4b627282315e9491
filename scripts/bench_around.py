"""What a night costs apart from the reading: `python scripts/bench_around.py --count 10000`.

Every document is 60 KB of noise and gets the report of a sample, under a name and school of its own. So what is
measured is discovery, hashing, the flow, rendering, store, overview and digest, at any size, in minutes. CPU
seconds are those of a night's main process. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from flows.config import config_of
from flows.nightly import run_nightly
from flows.worker import Job
from pipeline import steps
from pipeline.result import Report, School

SAMPLE = Path(__file__).resolve().parent.parent / "sample_docs" / "sop-po-zevensteek" / "sop-po-zevensteek.docx"


@cache
def sample() -> Report:
    return steps.check_file(SAMPLE)


def canned(job: Job) -> Report:
    """The sample's report, as if this document said the same of another school."""
    report = sample()
    document = report.document.model_copy(update={"path": job.targets[0].label, "sha256": job.sha256})
    return report.model_copy(update={"document": document, "school": School(name=f"School {job.path.stem}")})


def fill(folder: Path, numbers: range) -> None:
    for number in numbers:
        place = folder / f"map-{number // 500:02}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:05}.docx").write_bytes(os.urandom(60_000))


def night(root: Path) -> None:
    """One night; says what it was."""
    started = time.perf_counter()
    config = config_of([str(root / "in")], root / "uit", str(root / "store.db"))
    result = run_nightly(config, checker="bench_around:canned", workers=2)
    use = resource.getrusage(resource.RUSAGE_SELF)
    seconds = time.perf_counter() - started
    peak = use.ru_maxrss / 1024
    cpu = use.ru_utime + use.ru_stime
    print(f"  {result.summary_line()}: {seconds:.1f} s, hoofdproces {cpu:.1f} CPU-s, piek {peak:.0f} MiB", flush=True)


def night_apart(root: Path, name: str) -> None:
    """A night in a process of its own, as they come."""
    print(name, flush=True)
    subprocess.run([sys.executable, __file__, "--night", str(root)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--night", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.night:
        night(options.night)
        return
    sys.path.insert(0, str(Path(__file__).parent))
    with tempfile.TemporaryDirectory(prefix="dekkend-bench-") as folder:
        for count in dict.fromkeys((options.count // 10, options.count)):
            root = Path(folder) / str(count)
            os.environ["DEKKEND_HOME"] = str(root / "home")
            fill(root / "in", range(count))
            night_apart(root, f"{count} nieuw")
            night_apart(root, "niets veranderd")
            for number in range(0, count, 100):
                fill(root / "in", range(number, number + 1))
            night_apart(root, "1% veranderd")


if __name__ == "__main__":
    main()

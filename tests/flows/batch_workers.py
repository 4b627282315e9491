"""Checkers that the tests put in the place of the real one: they run in worker processes and are named by path."""

import os
import signal
import time
from pathlib import Path

from flows.worker import check_one
from pipeline.result import DocumentInfo, Profile, Report, School, Summary


def quick(job):
    """What the file says decides what happens; real documents are checked. Notes each call beside the documents."""
    text = job.path.read_bytes()
    with (_calls(job)).open("a") as calls:
        calls.write(f"{job.targets[0].label}\n")
    if b"DIES" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"RAISES" in text:
        raise ValueError(text.decode())
    if b"EATS" in text:
        return bytearray(64 * 1024**3)
    if b"HANGS" in text:
        time.sleep(600)
    return check_one(job) if text.startswith(b"PK") or not text else report(job)


def slow(job):
    """As quick, half a second each; notes each call where every machine can see it."""
    text = job.path.read_bytes()
    with (job.path.parent.parent / "calls.txt").open("a") as calls:
        calls.write(f"{job.targets[0].label}\n")
    if b"DIES" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(0.5)
    return report(job)


def dies_once(job):
    """The first call on a document kills its worker, the second goes well."""
    mark = job.out / ".dekkend" / f"died-{job.sha256}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return report(job)


def start_cold(*_):
    """In the place of ``start_worker``, for checkers that need no language data: two seconds less for each worker."""


def dies_at_start(*_):
    """In the place of ``start_worker``."""
    os._exit(1)


def report(job):
    return Report(
        document=DocumentInfo(
            path=job.targets[0].label,
            sha256=job.sha256,
            format="docx",
            pages=None,
            kind="sop",
            sector=job.sector,
            school_year=None,
        ),
        school=School(name="De Zonnewijzer"),
        norm=None,
        summary=Summary(),
        findings=(),
        profile=Profile(),
        privacy=(),
        error=None,
    )


def _calls(job) -> Path:
    return job.out.parent / "calls.txt"

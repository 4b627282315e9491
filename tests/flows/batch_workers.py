"""Checkers that the tests put in the place of the real one: they run in worker processes and are named by path."""

import os
import signal
import time
from pathlib import Path

from extractors.document import ReadCode
from flows.remote import local_copy
from flows.worker import check_one
from pipeline import steps
from pipeline.result import (
    DocumentInfo,
    Evidence,
    Finding,
    NormInfo,
    Profile,
    Reason,
    Report,
    School,
    Summary,
    Verdict,
)


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


def hangs_once(job):
    """One document kills its worker, always; the first call on another waits for ever, as for a lock."""
    if b"DIES" in job.path.read_bytes():
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
    mark = job.out / f"hung-{job.path.name}"
    if not mark.exists():
        mark.touch()
        time.sleep(600)
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


def school(job):
    """A report on what the file says: a line ``school=...``, then a verdict a line; ``NO`` can't be read."""
    text = job.path.read_text() if job.url is None else _fetched(job)
    with (_calls(job)).open("a") as calls:
        calls.write(f"{job.targets[0].label}\n")
    time.sleep(0.05)
    if text.startswith("NO"):
        return steps.error_report(job.targets[0].label, ReadCode.CORRUPT)
    facts = dict(line.split("=") for line in text.split())
    name, kind = facts.pop("school"), facts.pop("kind", "sop")
    findings = tuple(_finding(f"anb.beleid.{name}", Verdict(word)) for name, word in facts.items())
    counts = {verdict.value: sum(f.verdict is verdict for f in findings) for verdict in Verdict}
    plain = report(job)
    return plain.model_copy(
        update={
            "document": plain.document.model_copy(update={"kind": kind}),
            "school": School(name=name),
            "norm": NormInfo(id="anb", version="2024-08"),
            "summary": Summary(**counts),
            "findings": findings,
        }
    )


def _fetched(job):
    with local_copy(job.path, job.url) as path:
        return path.read_text()


def _finding(requirement, verdict):
    quote = (Evidence(quote="Dit staat er.", page=None, block=0, start=0, end=13, section=None),)
    shows = verdict in (Verdict.MET, Verdict.PARTIAL)
    reasons = {Verdict.MISSING: Reason.NOT_FOUND, Verdict.PARTIAL: Reason.GENERAL, Verdict.REVIEW: Reason.UNCLEAR}
    return Finding(
        requirement=requirement,
        verdict=verdict,
        confidence=0.9,
        criteria={"een": verdict is Verdict.MET},
        evidence=quote if shows else (),
        reason=reasons.get(verdict),
        message="Zo is het.",
        advice="Doe dit.",
    )

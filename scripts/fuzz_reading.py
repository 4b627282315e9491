"""Feeds damaged files to ``read_bytes`` and keeps those that crash it, hang it, cost too much or end as ``internal``.

    .venv/bin/python scripts/fuzz_reading.py --minutes 60 --out build/fuzz

Every input is a real file (samples, labelled documents, fixtures, your own with ``--seeds``) with a few changes that
know its format: bytes anywhere, XML inside an archive, tokens inside the streams of a PDF. Each is read in a
child process with a limit on memory and time. A run can be repeated: the same ``--seed`` gives the same inputs.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import multiprocessing
import random
import re
import resource
import sys
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extractors import limits as limited  # noqa: E402
from extractors import registry  # noqa: E402
from extractors.document import Document, ReadCode, ReadError  # noqa: E402

_SEED_FOLDERS = ("tests/extractors/fixtures", "sample_docs", "tests/gold")
_KINDS = ("pdf", "docx", "docm", "odt", "doc", "rtf", "html", "md", "zip", "eml")
_MEMORY = 2 * 1024**3
_ODD = (b"", b"-1", b"0", b"1", b"65536", b"4294967295", b"-2147483649", b"1e308", b"99999999999999999999", b"NaN")
_ODD_TEXT = (
    "",
    "-1",
    "0",
    "4294967296",
    "99999999999",
    "1e309",
    "NaN",
    "\u202e",
    "\ufffe",
    "é" * 300,
    "../../x",
    "&#0;",
)


@dataclass(slots=True)
class Tally:
    """What a run came to."""

    inputs: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    peak_mib: int = 0


# ---------------------------------------------------------------- changes


def change_bytes(data: bytes, rng: random.Random) -> bytes:
    """One to eight changes anywhere: bytes, cuts, copies, a truncated end."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        if not found:
            break
        at, length = rng.randrange(len(found)), rng.choice((1, 2, 4, 16, 200, 3000))
        match rng.randrange(6):
            case 0:
                found[at] = rng.randrange(256)
            case 1:
                del found[at : at + length]
            case 2:
                found[at:at] = found[at : at + length] * rng.choice((1, 2, 50))
            case 3:
                found[at : at + length] = rng.randbytes(length)
            case 4:
                found[at : at + 4] = rng.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"))
            case _:
                if rng.random() < 0.2:
                    del found[at:]
    return bytes(found[: 8 * 1024 * 1024])


def change_tokens(data: bytes, rng: random.Random) -> bytes:
    """Numbers, names and references of a PDF or RTF become odd ones."""
    tokens = list(re.finditer(rb"-?\d+(?:\.\d+)?|[/\\][A-Za-z]+", data))
    if not tokens:
        return change_bytes(data, rng)
    parts, last = [], 0
    for token in sorted(rng.sample(tokens, min(len(tokens), rng.choice((1, 2, 5, 20)))), key=lambda m: m.start()):
        new = rng.choice(_ODD) if token[0][:1] not in b"/\\" else rng.choice(tokens)[0]
        parts += [data[last : token.start()], new]
        last = token.end()
    return b"".join([*parts, data[last:]])


def change_stream(data: bytes, rng: random.Random) -> bytes:
    """One compressed stream of a PDF, unpacked, changed and packed again."""
    streams = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    rng.shuffle(streams)
    for stream in streams:
        try:
            inside = zlib.decompress(stream[1])
        except zlib.error:
            continue
        packed = zlib.compress((change_tokens if rng.random() < 0.6 else change_bytes)(inside, rng))
        return data[: stream.start(1)] + packed + data[stream.end(1) :]
    return change_tokens(data, rng)


def change_markup(data: bytes, rng: random.Random) -> bytes:
    """Elements of XML or HTML are dropped, doubled, nested or given odd attributes."""
    text = data.decode("utf-8", "replace")
    tags = list(re.finditer(r"<[^<>]{1,400}>", text))
    if not tags:
        return change_bytes(data, rng)
    for _ in range(rng.choice((1, 1, 3, 6))):
        tag, other = rng.choice(tags), rng.choice(tags)
        match rng.randrange(7):
            case 0:
                text = text.replace(tag[0], "", 1)
            case 1:
                start, end = sorted((tag.start(), other.start()))
                text = text[:end] + text[start : min(end, start + 20_000)] + text[end:]
            case 2:
                text = text.replace(tag[0], tag[0] * rng.choice((2, 300, 5000)), 1)
            case 3:
                new = re.sub(r'"[^"]*"', lambda _: f'"{rng.choice(_ODD_TEXT)}"', tag[0], count=rng.randint(1, 3))
                text = text.replace(tag[0], new, rng.choice((1, 50)))
            case 4:
                text = text.replace(tag[0], other[0], rng.choice((1, 5)))
            case 5:
                start, end = sorted((tag.start(), other.start()))
                text = text[:start] + text[end:]
            case _:
                text = change_bytes(text.encode(), rng).decode("utf-8", "replace")
    return text.encode()[: 8 * 1024 * 1024]


def change_archive(data: bytes, rng: random.Random) -> bytes:
    """One or two parts of an archive are changed, the rest is packed again as it was."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {entry.filename: archive.read(entry) for entry in archive.infolist()[:200]}
    except Exception:  # noqa: BLE001  the seed itself may be a damaged archive
        return change_bytes(data, rng)
    for name in rng.sample(sorted(members), min(len(members), rng.choice((1, 1, 2)))):
        if rng.random() < 0.04:
            del members[name]
            continue
        members[name] = (change_markup if rng.random() < 0.85 else change_bytes)(members[name], rng)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def mutate(data: bytes, rng: random.Random) -> bytes:
    """A damaged copy, by what the file is."""
    changes: list[Callable[[bytes, random.Random], bytes]]
    if data[:2] == b"PK":
        changes = [change_archive] * 8 + [change_bytes]
    elif b"%PDF-" in data[:1024]:
        changes = [change_stream] * 3 + [change_tokens] * 3 + [change_bytes]
    elif data[:5] == b"{\\rtf":
        changes = [change_tokens, change_bytes]
    elif b"<" in data[:200]:
        changes = [change_markup] * 3 + [change_bytes]
    else:
        changes = [change_bytes]
    return rng.choice(changes)(data, rng)


# ---------------------------------------------------------------- reading in a child


def serve(connection: Connection, *, outside_programs: bool) -> None:
    """Read what comes in until the parent hangs up; answers code, trace, seconds and peak memory."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    limits = replace(limited.DEFAULT, max_pages=60, ocr=outside_programs, office=outside_programs)
    while True:
        try:
            data = connection.recv_bytes()
        except EOFError:
            return
        started = time.process_time()
        code, trace = look(data, limits)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        connection.send((code, trace, time.process_time() - started, peak))


def look(data: bytes, limits: limited.Limits) -> tuple[str, str]:
    """The code of what came out, and for what may not come out where it went wrong."""
    caught: list[BaseException] = []
    real = registry._read

    def spy(*arguments: object) -> Document:
        try:
            return real(*arguments)  # type: ignore[arg-type]
        except BaseException as problem:
            caught.append(problem)
            raise

    registry._read = spy  # type: ignore[assignment]
    try:
        found = registry.read_bytes(data, "fuzz", limits=limits)
    except BaseException as problem:  # noqa: BLE001
        return "raised", where(problem)
    finally:
        registry._read = real
    if isinstance(found, Document):
        return "read", wrong_places(found)
    if found.code is ReadCode.INTERNAL:
        return "internal", where(caught[-1]) if caught else found.facts.get("error", "")
    assert isinstance(found, ReadError)
    return found.code.value, ""


def wrong_places(document: Document) -> str:
    """What a document that was read may not have: cells outside their row, text that can't be written."""
    for block in document.blocks:
        if any(not 0 <= cell.start <= cell.end <= len(block.text) for cell in block.cells):
            return "cell outside its row"
        try:
            block.text.encode()
        except UnicodeEncodeError:
            return "text with lone surrogates"
    return ""


def where(problem: BaseException) -> str:
    """Type and place of an exception, without its message."""
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    return " < ".join([type(problem).__name__, *(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))])


class Reader:
    """A child that reads; another one takes its place when it dies."""

    def __init__(self, seconds: float, *, outside_programs: bool) -> None:
        self._seconds = seconds
        self._outside = outside_programs
        self._context = multiprocessing.get_context("fork")
        self._start()

    def _start(self) -> None:
        self._ours, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=serve, args=(theirs,), kwargs={"outside_programs": self._outside}, daemon=True
        )
        self._process.start()
        theirs.close()

    def read(self, data: bytes) -> tuple[str, str, float, int]:
        """Code, trace, CPU seconds and peak MiB; ``crash`` and ``hang`` when the child had to be replaced."""
        try:
            self._ours.send_bytes(data)
            if not self._ours.poll(self._seconds):
                self._process.kill()
                self._process.join()
                self._start()
                return "hang", "", self._seconds, 0
            return self._ours.recv()
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            self._start()
            return "crash", f"exit {code}", 0.0, 0

    def renew(self) -> None:
        """A fresh child, so that memory is that of few inputs."""
        self._ours.close()
        self._process.kill()
        self._process.join()
        self._start()


# ---------------------------------------------------------------- the run


def seeds(folders: list[Path], kinds: tuple[str, ...]) -> list[bytes]:
    """The files to start from, small ones first: each once."""
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix.lstrip(".").lower() in kinds]
    contents = {hashlib.sha256(d).hexdigest(): d for p in files if p.is_file() and (d := p.read_bytes())}
    return sorted((d for d in contents.values() if len(d) < 1_000_000), key=len)


def inputs(start: list[bytes], seed: int) -> Iterator[bytes]:
    """Damaged files without end."""
    number = 0
    while True:
        rng = random.Random(f"{seed}:{number}")
        data = rng.choice(start)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            data = mutate(data, rng)
        yield data
        number += 1


def keep(out: Path, code: str, trace: str, data: bytes) -> Path:
    """Writes a bad input; its name says what was wrong."""
    out.mkdir(parents=True, exist_ok=True)
    kind, _, place = trace.partition(" < ")
    reason = re.sub(r"[^\w.]+", "-", f"{kind}-{place.partition(' < ')[0]}")[:60].strip("-")
    path = out / f"{code}-{reason}-{hashlib.sha256(data).hexdigest()[:8]}.bin"
    path.write_bytes(data)
    return path


def main() -> int:
    """Run for the time asked; exit status 1 when something bad was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long (default: 1)")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other inputs")
    parser.add_argument("--seconds", type=float, default=30, help="what one input may take (default: 30)")
    parser.add_argument("--slow", type=float, default=10, help="CPU seconds from which an input is kept as slow")
    parser.add_argument("--kinds", default=",".join(_KINDS), help="file name endings of the seeds, with commas")
    parser.add_argument("--seeds", type=Path, action="append", help="more folders with files to start from")
    parser.add_argument("--outside-programs", action="store_true", help="also start LibreOffice and Tesseract")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"), help="folder for the bad inputs")
    parser.add_argument("--check", type=Path, nargs="+", help="read these files once instead, for example kept ones")
    options = parser.parse_args()
    reader = Reader(options.seconds, outside_programs=options.outside_programs)
    if options.check:
        for path in options.check:
            print(path.name, *reader.read(path.read_bytes()))
        return 0
    start = seeds([*(ROOT / f for f in _SEED_FOLDERS), *(options.seeds or [])], tuple(options.kinds.split(",")))
    tally = Tally()
    until = time.monotonic() + options.minutes * 60
    report_at = time.monotonic() + 60
    for data in inputs(start, options.seed):
        code, trace, seconds, peak = reader.read(data)
        tally.inputs += 1
        tally.codes[code] += 1
        tally.slowest, tally.peak_mib = max(tally.slowest, seconds), max(tally.peak_mib, peak)
        slow = seconds > options.slow and code not in ("hang", "crash")
        if code in ("crash", "hang", "internal", "raised") or trace or slow:
            name = "slow" if slow and not trace else code
            if not tally.bad[f"{name} {trace}"]:
                print(f"{name}: {trace} {seconds:.1f} s: {keep(options.out, name, trace, data)}", flush=True)
            tally.bad[f"{name} {trace}"] += 1
        if tally.inputs % 400 == 0:
            reader.renew()
        if time.monotonic() > report_at:
            print(summary(tally), flush=True)
            report_at += 300
        if time.monotonic() > until:
            break
    print(summary(tally))
    return 1 if tally.bad else 0


def summary(tally: Tally) -> str:
    """One line on a run."""
    codes = ", ".join(f"{count} {code}" for code, count in tally.codes.most_common())
    return (
        f"{tally.inputs} inputs: {codes}; slowest {tally.slowest:.1f} CPU s, "
        f"peak {tally.peak_mib} MiB; {sum(tally.bad.values())} bad of {len(tally.bad)} sorts"
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""How long people wait for feedback: one alone, and thirty who upload a draft of ten pages at once.

Starts a portal of its own in a temporary folder, with real accounts, and uploads as a browser does: log in, form, page
that looks again. Prints one line a number; status 1 when somebody's draft was lost or took too long.

    python scripts/bench_portal.py --people 30 --workers 2
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from io import BytesIO
from pathlib import Path

import httpx
from docx import Document

ROOT = Path(__file__).parents[1]
PASSWORD = "paars fietspad onder regen"
SAMPLES = ("sop-po-zevensteek", "sop-po-klaverzwenk", "sop-po-lantaarnwacht", "sop-vo-wissellast")
PAGE_WORDS = 380
ALONE_S, TOGETHER_S = 3.0, 60.0
PATIENCE_S = 300.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8437)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dekkend-bench-portal-") as folder:
        logins = add_people(Path(folder), options.people)
        server = start(Path(folder), options)
        try:
            return asyncio.run(measure(f"http://127.0.0.1:{options.port}", logins, options))
        finally:
            server.terminate()
            server.wait(30)


def add_people(folder: Path, count: int) -> list[str]:
    from pipeline.store import accounts
    from pipeline.store.accounts import Role
    from pipeline.store.open import open_store
    from pipeline.web import passwords
    from pipeline.web.sessions import now

    store, word = open_store(str(folder / "dekkend.db")), passwords.hashed(PASSWORD)
    logins = [f"ib{number}" for number in range(count)]
    for login in logins:
        accounts.add_account(
            store, login=login, name=login, role=Role.SCHOOL, schools=(f"naam:{login}",), now=now(), password=word
        )
    store.dispose()
    return logins


def start(folder: Path, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    settings = folder / "portal.yaml"
    settings.write_text("store: dekkend.db\nkey_file: web.key\n", encoding="utf-8")
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--config", str(settings), "--port", str(options.port),
               "--workers", str(options.workers)]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def draft(number: int, pages: int) -> bytes:
    """A document of about so many pages, no two alike: a sample, its paragraphs again, and a line of its own."""
    name = SAMPLES[number % len(SAMPLES)]
    document = Document(ROOT / "sample_docs" / name / f"{name}.docx")
    texts = [paragraph.text for paragraph in document.paragraphs if len(paragraph.text) > 80]
    words = sum(len(paragraph.text.split()) for paragraph in document.paragraphs)
    document.add_paragraph(f"Dit is concept {number}.")
    at = 0
    while words < pages * PAGE_WORDS:
        document.add_paragraph(texts[at % len(texts)])
        words += len(texts[at % len(texts)].split())
        at += 1
    made = BytesIO()
    document.save(made)
    return made.getvalue()


async def measure(address: str, logins: list[str], options: argparse.Namespace) -> int:
    people = [httpx.AsyncClient(base_url=address, timeout=PATIENCE_S, follow_redirects=False) for _ in logins]
    await when_up(people[0])
    for person, login in zip(people, logins, strict=True):
        await log_in(person, login)
    drafts = [draft(number, options.pages) for number in range(len(people))]
    await feedback(people[0], drafts[-1])  # whoever came first this morning
    alone = [await feedback(people[0], one) for one in drafts[:5]]
    print(f"one alone: median {statistics.median(alone):.2f} s, slowest {max(alone):.2f} s")

    started = time.monotonic()
    took = await asyncio.gather(
        *(feedback(person, one) for person, one in zip(people, drafts, strict=True)), return_exceptions=True
    )
    came = [one for one in took if isinstance(one, float)]
    lost = len(took) - len(came)
    print(f"{len(took)} at once on {options.workers} workers: all done in {time.monotonic() - started:.1f} s")
    print(f"median {statistics.median(came):.1f} s, slowest {max(came):.1f} s, lost {lost}")
    for person in people:
        await person.aclose()
    return int(lost > 0 or max(alone) > ALONE_S or max(came) > TOGETHER_S)


async def when_up(person: httpx.AsyncClient) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if (await person.get("/gezond")).status_code == 200:
                await asyncio.sleep(12)  # until the workers are warm
                return
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    raise SystemExit("the portal did not start")


async def log_in(person: httpx.AsyncClient, login: str) -> None:
    form = {"_csrf": await token(person, "/inloggen"), "login": login, "password": PASSWORD, "naar": "/"}
    answer = await person.post("/inloggen", data=form)
    assert answer.status_code == 303, (login, answer.status_code)


async def token(person: httpx.AsyncClient, page: str) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', (await person.get(page)).text)
    assert found is not None, page
    return unescape(found[1])


async def feedback(person: httpx.AsyncClient, data: bytes) -> float:
    """Seconds from the upload to the page with the findings."""
    csrf = await token(person, "/")
    started = time.monotonic()
    answer = await person.post("/concept", data={"_csrf": csrf}, files={"files": ("concept.docx", data)})
    assert answer.status_code == 303, answer.status_code
    while time.monotonic() - started < PATIENCE_S:
        page = await person.get(answer.headers["location"])
        assert page.status_code == 200, page.status_code
        if "refresh" not in page.headers:
            assert 'class="finding ' in page.text, "no findings"
            return time.monotonic() - started
        await asyncio.sleep(float(page.headers["refresh"]))
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())

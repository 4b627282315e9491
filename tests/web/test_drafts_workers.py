"""A worker that dies, hangs or raises costs its own draft and nothing else."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from extractors.document import ReadCode
from pipeline.web import checker
from pipeline.web.checker import Checker, LostError


@pytest.fixture
def pool(monkeypatch):
    monkeypatch.setattr(checker, "start_checking", list)  # nothing to warm up here
    started = Checker(workers=1, timeout_s=5)
    yield started
    started.stop()


@pytest.mark.parametrize(
    ("work", "task", "code"),
    [
        pytest.param(os._exit, 3, ReadCode.INTERNAL, id="dies"),
        pytest.param(time.sleep, 60, ReadCode.TIMEOUT, id="hangs"),
        pytest.param(int, "tekst uit een document", ReadCode.INTERNAL, id="raises"),
        pytest.param(bytearray, 1 << 60, ReadCode.TOO_LARGE, id="takes all memory"),
    ],
)
def test_what_goes_wrong_is_a_code_and_the_next_goes_on(pool, work, task, code):
    async def act() -> None:
        with pytest.raises(LostError) as lost:
            await pool.run(work, task)
        assert lost.value.code is code
        assert "document" not in str(lost.value)
        assert lost.value.__cause__ is None
        assert await pool.run(abs, -1) == 1

    asyncio.run(act())


def test_one_that_is_called_off_gives_its_worker_free(pool):
    async def act() -> None:
        task = asyncio.create_task(pool.run(time.sleep, 60))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.wait_for(pool.run(abs, -1), 20) == 1

    asyncio.run(act())

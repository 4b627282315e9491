"""A pool that is ended says nothing about it, however far its workers are."""

import subprocess
import sys

# Read again by the worker while it starts, before it comes to the locks that it gets from the pool.
STARTING_SLOWLY = """
import multiprocessing, signal, time
from pathlib import Path
from pebble import ProcessPool
from flows.pool import end_pool

STARTING = Path(__file__).with_name("starting")

if __name__ != "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    STARTING.touch()
    time.sleep(0.5)
else:
    pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))
    assert pool.active
    while not STARTING.exists():
        time.sleep(0.01)
    end_pool(pool)
    print("left:", multiprocessing.active_children())
"""


def test_worker_that_was_still_starting_does_not_complain(tmp_path):
    script = tmp_path / "starting_slowly.py"
    script.write_text(STARTING_SLOWLY)

    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)

    assert ended.stdout == "left: []\n"
    assert ended.stderr == ""

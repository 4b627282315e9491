"""A nightly run in a process of its own, to be killed: `python night.py FOLDER`, documents in FOLDER/in."""

import sys
from pathlib import Path

from batch_workers import start_cold

from flows import pool
from flows.config import config_of
from flows.nightly import run_nightly

if __name__ == "__main__":
    pool.start_worker = start_cold
    folder = Path(sys.argv[1])
    store = str(folder / "store.db") if len(sys.argv) < 3 else sys.argv[2]
    run_nightly(config_of([str(folder / "in")], folder / "uit", store), workers=2, checker="batch_workers:school")

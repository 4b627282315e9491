"""A nightly run in a process of its own, with the checker of the tests."""

import sys
from pathlib import Path

from flows.config import config_of
from flows.nightly import run_nightly


def main():
    folder, on = Path(sys.argv[1]), sys.argv[2]
    config = config_of([str(folder / "in")], folder / "uit", None)
    run_nightly(config, on=on, workers=2, checker="batch_workers:slow", timeout_s=30)

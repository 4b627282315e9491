"""Write a migration from what changed in ``pipeline/store/tables.py``: `python scripts/migration.py 'What changed'`.

Compares the tables with those that the migrations so far make. Read what it wrote: a column that was renamed looks to
it like one that went and one that came.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from pipeline.store.open import alembic_config

VERSIONS = Path(__file__).resolve().parent.parent / "pipeline" / "store" / "migrations" / "versions"


def main() -> None:
    (message,) = sys.argv[1:]
    number = max((int(path.name[:4]) for path in VERSIONS.glob("[0-9]*.py")), default=0) + 1
    with create_engine("sqlite:///:memory:").connect() as connection:
        config = alembic_config(connection)
        if number > 1:
            command.upgrade(config, "head")
        made = command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04}")
    path = Path(made.path)
    text = re.sub(r"^ *# ###.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    # a migration stands for ever: it may not lean on a type of today
    path.write_text(text.replace("pipeline.store.tables.Moment(", "sa.DateTime("), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "check", "--fix-only", "--quiet", str(path)], check=False)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)
    print(path)


if __name__ == "__main__":
    main()

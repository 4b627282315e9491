"""Where the norms lie that dekkend brings along, with their recognition data and lexicons."""

from pathlib import Path

DATA_DIR = Path(__file__).parent / "data"

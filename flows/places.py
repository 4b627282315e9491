"""Where the reports of a document go: a folder for each, named after the file, safe on every file system.

Pure functions on names; touches no disk.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath

INDEX, OVERVIEW = "index.html", "overview.xlsx"
PART_INDEX, PART_OVERVIEW = "index-{:03}.html", "overview-{:03}.xlsx"
REPORT_JSON, REPORT_HTML = "report.json", "report.html"

_MAX_PART_BYTES = 120  # file systems take 255; encrypted ones (eCryptfs) 143
_MAX_PATH = 180  # Windows takes 260 for the whole path, and the output folder and the file name come on top
_MARK_LENGTH = 8
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
# A folder of this name would stand where our own file has to be.
_OWN = frozenset({INDEX, OVERVIEW, REPORT_JSON, REPORT_HTML})
_OWN_PART = re.compile(r"(index-\d+\.html|overview-\d+\.xlsx)$", re.IGNORECASE)


def report_folders(labels: Iterable[str]) -> Mapping[str, str]:
    """Give each document its folder.

    Args:
        labels: Paths of the documents below their folder, with ``/``; all different.

    Returns:
        Label to a relative path with ``/``. No two are the same, also where case or the spelling of accents does not
        count; documents whose names clash get a mark each, so that a third does not move the first.
    """
    safe = {label: safe_path(label) for label in labels}
    clashes = Counter(folder.casefold() for folder in safe.values())
    taken: set[str] = set()
    folders: dict[str, str] = {}
    for label, folder in safe.items():
        name = folder if clashes[folder.casefold()] == 1 else _marked(folder, label)
        while name.casefold() in taken:  # somebody named a file after a mark
            name = _marked(folder, label + name)
        taken.add(name.casefold())
        folders[label] = name
    return folders


def safe_path(label: str) -> str:
    """A relative path that names the document and can be made anywhere; a very long one keeps its last part only."""
    parts = [_safe_part(part) for part in label.split("/") if part not in ("", ".")]
    path = "/".join(parts) or "_"
    return path if len(path) <= _MAX_PATH else _marked(parts[-1], label)


def _safe_part(part: str) -> str:
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", part)).strip(" ").rstrip(". ")
    if not name or name.startswith(".") or _DEVICES.match(name):
        name = "_" + name.lstrip(".")
    too_long = len(name.encode()) > _MAX_PART_BYTES
    return _marked(name, part) if too_long or name.lower() in _OWN or _OWN_PART.match(name) else name


def _marked(path: str, original: str) -> str:
    """Put a mark of the original name before the suffix, and shorten the last part where it is too long."""
    pure = PurePosixPath(path)
    suffix = pure.suffix if len(pure.suffix) <= 8 else ""
    mark = "~" + sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_LENGTH] + suffix
    stem = pure.name.removesuffix(suffix).encode()[: _MAX_PART_BYTES - len(mark.encode())].decode("utf-8", "ignore")
    return str(pure.with_name(stem.rstrip(". ") + mark))

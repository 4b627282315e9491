"""ZIP archives among the documents of a batch: each file in them is a document of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extractors.archive import each_file
from extractors.limits import DEFAULT, Limits
from flows.discovery import Found


def with_members(files: Iterable[Found], limits: Limits = DEFAULT) -> tuple[Found, ...]:
    """The files, with those in an archive in the place of the archive ("map.zip/naam.docx").

    An archive without files, or one that can't be opened as a folder, stays: the report on it says why. One at an
    address stays too, since it is fetched only where it is checked.
    """
    found: list[Found] = []
    for file in files:
        if file.refused is not None or file.url is not None:
            found.append(file)
            continue
        found += (
            replace(file, inside=inside, label=label) for inside, label in each_file(file.path, file.label, limits)
        )
    return tuple(found)

"""What the school itself can offer for the needs of a pupil: from its own profile, by theme, with the level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from extractors.document import Document, ReadError
from pipeline import steps
from pipeline.check.lexicon import read_yaml
from pipeline.errors import DekkendError
from pipeline.plan_result import PlanValue
from pipeline.pupil.spec import PUPIL_DATA, expression
from pipeline.result import Report

_MOST = 8  # passages: more is no help to choose from


class ProfileError(DekkendError):
    """The school's profile can't be read, or is none."""

    code = "profile"
    hint = "Geef met --school het ondersteuningsprofiel of de schoolgids van de school van de leerling."


def themes_in(text: str) -> tuple[str, ...]:
    """The themes that a text about needs touches, in the order of the data."""
    return tuple(theme for theme, words in _themes().items() if expression(words).search(text))


def offers_for(needs: str, profile: Path, *, document: Document | ReadError | None = None) -> tuple[PlanValue, ...]:
    """Passages of the profile in which the school offers something on a theme of the needs, highest level first.

    Args:
        needs: What the documents say the pupil needs.
        profile: The school's profile or schoolgids.
        document: What was read of it already; then no file is opened.

    Raises:
        ProfileError: it can't be read, or is no profile.
    """
    examined = steps.examine_file(profile, norm="anb", document=document or steps.read_apart(profile))
    if isinstance(examined, Report):
        message = examined.error.message if examined.error else ""
        raise ProfileError(f"Het profiel {profile.name} is niet te lezen. {message}".strip())
    if examined.report.document.kind not in ("sop", "schoolgids"):
        raise ProfileError(f"{profile.name} is geen ondersteuningsprofiel en geen schoolgids.")
    themes = themes_in(needs)
    blocks = examined.reading.document.blocks
    found = [o for o in examined.report.profile.offered if o.theme in themes]
    ordered = sorted(found, key=lambda o: (-(o.level or 0), themes.index(o.theme or ""), o.block))
    return tuple(
        PlanValue(
            value=_said(o.text, o.level, o.theme),
            quote=o.text,
            path=profile.name,
            page=blocks[o.block].page,
            block=o.block,
        )
        for o in ordered[:_MOST]
    )


def _said(text: str, level: int | None, theme: str | None) -> str:
    """The passage with its theme and level in the words of the ondersteuningskaart."""
    notes: Sequence[str] = [n for n in (theme, f"niveau {level}" if level else None) if n]
    return f"{' '.join(text.split())} ({', '.join(notes)})"


@lru_cache(maxsize=1)
def _themes() -> Mapping[str, str]:
    words: Mapping[str, str] = read_yaml(PUPIL_DATA / "themes.yaml")
    return words

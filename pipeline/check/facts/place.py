"""Where the school stands: district and municipality."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.check.facts.fields import BRIN, SHORT, Field, Line, values
from pipeline.check.facts.lexicon import forms


def district_of(
    fields: Sequence[Field], about: Sequence[str], lines: Sequence[Line], *, about_pupil: bool
) -> str | None:
    """The district where the school stands."""
    for entry in values(fields, "district"):
        if district := _labelled_district(entry):
            return district
    near = [f.value for f in values(fields, "name")]
    with_code = [text for text in about if BRIN.search(text)]
    for text in (*near, *with_code, *about):
        # behind the name of the school nothing but the school's own place stands
        if district := _place(text[:120] if about_pupil else text, strict=len(text) > SHORT and not about_pupil):
            return district
    if about_pupil:
        return None
    return next((d for line in lines if line.inside and (d := _place(line.text, strict=True))), None)


def _labelled_district(entry: Field) -> str | None:
    known = forms()
    value = re.sub(r"\s*\(.*?\)", "", entry.value).strip(" .")
    if match := known.place.search(value) or known.common_place.search(value):
        return _tidy_place(match.group())
    if short := known.short_place.fullmatch(value):
        return f"Almere {short.group()}"
    # "Locatie" and "Vestiging" have a street, a building or a town as often as a district
    if not re.match(r"(?:naam\s+)?(?:wijk|stadsdeel|buurt)", entry.label, re.IGNORECASE):
        return None
    value = re.split(r"\s*[,;|]", value)[0]
    if known.no_district.match(value) or len(value.split()) > 4 or not value[:1].isupper():
        return None
    return value


def _place(text: str, *, strict: bool) -> str | None:
    """A district in a text; ``strict`` when the sentence must say that something stands there."""
    known = forms()
    for pattern in (known.place, known.other_place):
        for match in pattern.finditer(text):
            sentence = re.split(r"[.!?]\s", text[max(0, match.start() - 120) : match.start()])[-1]
            if known.district_not_says.search(sentence[-40:]):
                continue
            if strict and not known.district_says.search(sentence[-110:]) and not BRIN.search(text):
                continue
            return _tidy_place(match.groupdict().get("name") or match.group())
    return None


def _tidy_place(text: str) -> str:
    return re.sub(r"^Almere[\s-]+", "Almere ", text.strip())


def municipality_of(fields: Sequence[Field], district: str | None, about: Sequence[str]) -> str | None:
    """The municipality where the school stands."""
    known = forms()
    for entry in values(fields, "municipality"):
        if match := known.municipality.search(entry.value):
            return match.group()
    if district and (district.startswith("Almere ") or known.place.fullmatch(district)):
        return "Almere"
    texts = [f.value for f in values(fields, "name")] + [text[:SHORT] for text in about]
    return next((match.group() for text in texts if (match := known.municipality.search(text))), None)

"""Contrast of the pages' colours by WCAG 2.2: 4.5 for text, 3 for icons and borders that mean something."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = (files("templates") / "report" / "base.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([a-z_-]+): (#[0-9a-f]{3,6})", CSS))
VERDICTS = ("missing", "partial", "review", "met", "not_applicable")


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("text", ["ink", "soft", "brand", *VERDICTS])
@pytest.mark.parametrize("ground", ["paper", "wash", *(f"{verdict}-wash" for verdict in VERDICTS)])
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

NORM = """\
norm: proef
version: "1"
title: Proefnorm
publisher: Samenwerkingsverband Proefland
rights: Vrij te gebruiken.
kinds: [sop]
documents:
  - {id: proef.txt, title: "Proefland, januari 2026"}
groups:
  - {id: beleid, title: Beleid}
  - {id: zorg, title: Zorg}
requirements:
  - id: proef.beleid.partners
    title: Partners
    group: beleid
    level: wettelijk
    sectors: [po, vo]
    asks: De school moet haar partners noemen.
    criteria:
      - {id: naam, means: Er staat een naam.}
      - {id: doel, means: Er staat waarvoor.}
    why: Dan weet iedereen wie er helpt.
    advice: Noem uw partners.
    example: Wij werken samen met het wijkteam.
    source: {seed: proef.txt, heading: Partners, consulted: 2026-11-21}
  - id: proef.rust
    title: Rust
    group: zorg
    level: streefnorm
    asks: Er is een rustige plek.
    criteria:
      - id: plek
        means: Er staat waar de plek is.
    why: Rust helpt bij leren.
    advice: Beschrijf de rustige plek.
    example: Op de gang is een stille hoek.
    source: {law: Proefwet, article: "3, eerste lid"}
"""

RECOGNISE = """\
- criterion: proef.beleid.partners/naam
  kind: named.v1
  lexicon: partners
  at_least: 2
  examples:
    met: ["Wij werken met het wijkteam en de GGD."]
    missing: [Zie schoolplan., Partners zijn organisaties., Volgend jaar zoeken wij partners.]
- criterion: proef.beleid.partners/doel
  kind: named.v1
  lexicon: doelen
  examples:
    met: [De GGD komt voor gehoortests.]
    missing: [Zie bijlage., Doelen zijn belangrijk., Wij zoeken nog een partner.]
- criterion: proef.rust/plek
  kind: named.v1
  lexicon: plekken
  not_applicable_when: geen gebouw
  examples:
    met: [In de gang staat een stille bank.]
    missing: [Rust is belangrijk., Er komt een stille plek., Zie plattegrond.]
"""


@pytest.fixture
def write_norm(tmp_path: Path) -> Callable[..., Path]:
    """A norm on disk; ``replace`` changes one piece of its text, which must be there."""

    def write(old: str = "", new: str = "", *, recognise: str = RECOGNISE) -> Path:
        assert old in NORM + recognise, f"{old!r} is in neither file"
        norm = NORM.replace(old, new, 1) if old else NORM
        recognise = recognise if old in NORM else recognise.replace(old, new, 1)
        path = tmp_path / "proef.yaml"
        path.write_text(norm, encoding="utf-8")
        (tmp_path / "proef.recognise.yaml").write_text(recognise, encoding="utf-8")
        return path

    return write

"""Where Dutch sentences end. Pure text: needs no language model, so that reading and scoring can start at once.

spaCy's sentencizer splits after every mark; school texts are full of names that end in one ("Bouw!", "Zien!") and of
abbreviations before a capital ("o.l.v. Marja"). Compared on the paragraphs of the labelled documents.
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_STARTS = re.compile(r"\s+[\"'“‘(\[]*[A-ZÀ-ÖØ-Þ0-9☒☐•–-]")
_ABBREVIATION = re.compile(
    r"(?:\b(?i:o\.?a|m\.?b\.?t|m\.?b\.?v|i\.?p\.?v|i\.?v\.?m|t\.?a\.?v|t\.?b\.?v|d\.?m\.?v|o\.?l\.?v|i\.?o|i\.?s\.?m|n\.?a\.?v|"
    r"t\.?g\.?v|a\.?d\.?h\.?v|e\.?d|e\.?a|d\.?w\.?z|t\.?m|v\.?a|z\.?s\.?m|evt|bijv|bv|ca|nr|blz|pag|art|dhr|mw|mevr|drs|dr|ir|mr|ing|"
    r"prof|st|max|min|resp|vgl|incl|excl|gr|lj|tel|jan|feb|mrt|apr|aug|sept|sep|okt|nov|dec|ma|di|wo|do|vr|nl|pr)|\b[A-Z])\.$"
)


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open spans of the sentences in ``text``, without the white space around them; empty for blank text."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if not _STARTS.match(text, end) or _ABBREVIATION.search(text[start:end]):
            continue
        if match.group().startswith("!") and _is_name(text, match.start(), end):
            continue
        spans.append((start, end))
        start = end
    spans.append((start, len(text)))
    return tuple(s for s in (_trimmed(text, a, b) for a, b in spans) if s[0] < s[1])


def _is_name(text: str, mark: int, end: int) -> bool:
    """A capitalised word before the mark and a short clause after it: "Bouw! en Letterster", "Zien! vullen wij in"."""
    word = re.search(r"(\S+)$", text[:mark])
    return bool(word and word.group(1)[:1].isupper() and word.start() > 0 and text[end : end + 2].strip()[:1].islower())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

"""From the lines and tables of all pages to blocks: paragraphs put together, headings by the document's own scale."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.document import Block, BlockKind
from extractors.normalise import (
    clean,
    clean_line,
    join_lines,
    number_label,
    settle_choices,
    split_bullet,
    toc_entry,
    words,
)
from extractors.pdf_layout import Flow, PdfCell, PdfTable
from extractors.pdf_lines import Line
from extractors.tables import GridCell, GridRow, table_blocks

_SECTION_NUMBER = re.compile(r"(?:hoofdstuk|bijlage|deel)?\s*(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S", re.IGNORECASE)
_END_OF_SENTENCE = re.compile(r"[.!?:;][\"”’')\]]*$")
_FULL_STOPS = (".", "!", "?")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: list[Line]
    toc: bool = False
    level: int | None = None
    text: str = ""

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


@dataclass(slots=True)
class _Measures:
    """What is usual in this document."""

    body: float = 0.0
    body_bold: bool = False
    pitch: dict[float, float] = field(default_factory=dict)
    spaced: bool = False
    """Whether white space between paragraphs is the habit, so that a short line alone ends none."""


Parts = list[Paragraph | PdfTable]


def to_blocks(flow: Flow) -> list[Block]:
    """Blocks of the whole document, without sections."""
    lines = [entry for entry in flow if isinstance(entry, Line)]
    _set_right_edges(lines)
    measures = _measure(lines, [entry for entry in flow if isinstance(entry, PdfTable)])
    parts = _join_tables(_paragraphs(flow, measures))
    vocabulary, hyphenated = _word_breaks(lines, parts)
    paragraphs = [part for part in parts if isinstance(part, Paragraph)]
    for paragraph in paragraphs:
        texts = [line.text for line in paragraph.lines]
        paragraph.text = clean(
            join_lines([text.replace("\t", " ") for text in texts], vocabulary, hyphenated=hyphenated)
        )
    for _, group in itertools.groupby(paragraphs, key=lambda part: (part.first.page, round(part.first.x0 / 2))):
        own = list(group)
        for paragraph, text in zip(own, settle_choices([part.text for part in own]), strict=True):
            paragraph.text = text
    _mark_toc(parts)
    _mark_headings(parts, measures)
    return _emit(parts, vocabulary, hyphenated=hyphenated)


def _emit(parts: Parts, vocabulary: frozenset[str], *, hyphenated: bool) -> list[Block]:
    blocks: list[Block] = []
    tables = 0
    bullets: list[float] = []
    for part in parts:
        if isinstance(part, PdfTable):
            blocks.extend(table_blocks(_grid_rows(part, vocabulary, hyphenated=hyphenated), tables))
            tables += 1
            bullets = []
            blocks.extend(_footnotes(part.notes, part.row_pages[0], vocabulary, hyphenated=hyphenated))
            continue
        block = _block(part, bullets)
        if block is not None:
            blocks.append(block)
        notes = [note for line in part.lines for note in line.notes]
        blocks.extend(_footnotes(notes, part.first.page, vocabulary, hyphenated=hyphenated))
    return blocks


def _footnotes(
    notes: Sequence[Sequence[str]], page: int, vocabulary: frozenset[str], *, hyphenated: bool
) -> list[Block]:
    texts = [clean(join_lines(lines, vocabulary, hyphenated=hyphenated)) for lines in notes]
    return [Block(kind=BlockKind.FOOTNOTE, text=text, page=page) for text in texts if text]


def _block(part: Paragraph, bullets: list[float]) -> Block | None:
    """The block of a paragraph; ``bullets`` are the indents of the list that is open, from left to right."""
    page, uncertain = part.first.page, part.first.invisible
    if part.toc:
        title = toc_entry(" ".join(line.text for line in part.lines)) or part.text
        return Block(kind=BlockKind.TOC, text=clean_line(title), page=page, uncertain=uncertain)
    if not part.text:
        return None
    if part.level is not None:
        text = clean_line(part.text)
        return Block(kind=BlockKind.HEADING, text=text, level=part.level, page=page, uncertain=uncertain)
    bullet, rest = split_bullet(part.text)
    if bullet or number_label(part.text):
        while bullets and part.first.x0 < bullets[-1] - 4:
            bullets.pop()
        if not bullets or part.first.x0 > bullets[-1] + 4:
            bullets.append(part.first.x0)
        return Block(kind=BlockKind.ITEM, text=rest, level=len(bullets), page=page, uncertain=uncertain)
    bullets.clear()
    return Block(kind=BlockKind.PARAGRAPH, text=part.text, page=page, uncertain=uncertain)


def _set_right_edges(lines: Sequence[Line]) -> None:
    """Gives every line the right edge of its column, as far as any line in that column of the document reaches."""
    reach: dict[str, list[float]] = defaultdict(list)
    keys = [_column_key(line) for line in lines]
    for key, line in zip(keys, lines, strict=True):
        reach[key].append(line.x1)
    for edges in reach.values():
        edges.sort()
    for key, line in zip(keys, lines, strict=True):
        edges = reach[key]
        # a column elsewhere may be wider: only what ends before the column beside this one counts
        line.right = max(line.x1, edges[bisect_right(edges, line.limit) - 1])


def _column_key(line: Line) -> str:
    if line.column.startswith("box"):
        _, x0, _, x1 = line.column.split()[:4]
        return f"box {x0} {x1}"
    return line.column


def _measure(lines: Sequence[Line], tables: Sequence[PdfTable]) -> _Measures:
    body, body_bold = _body(lines, tables)
    gaps: dict[float, Counter[float]] = defaultdict(Counter)
    for above, below in itertools.pairwise(lines):
        gap = below.base - above.base
        if above.size == below.size and above.column == below.column and 0.9 * above.size < gap < 2.2 * above.size:
            gaps[above.size][round(gap * 2) / 2] += 1
    pitch = {size: _smallest_usual(counts) for size, counts in gaps.items()}
    wide = sum(count for gap, count in gaps[body].items() if gap > pitch[body] * 1.18 + 0.6)
    spaced = wide >= 3 and wide * 25 > sum(gaps[body].values())
    return _Measures(body=body, body_bold=body_bold, pitch=pitch, spaced=spaced)


def _body(lines: Sequence[Line], tables: Sequence[PdfTable]) -> tuple[float, bool]:
    """The size of ordinary text, and whether it is bold; a document that is one form has it in its tables only."""
    plain: Counter[float] = Counter()
    bold: Counter[float] = Counter()
    cells: Counter[float] = Counter()
    for line in lines:
        (bold if line.bold else plain)[line.size] += len(line.text)
    for table in tables:
        cells.update(table.sizes)
    if sum(plain.values()) * 5 < sum(bold.values()) and not cells:
        plain = bold
    usual = {id(counts): _usual(counts) for counts in (plain, cells, bold) if counts}
    if plain and cells and sum(plain.values()) * 5 < sum(cells.values()) and usual[id(plain)] > 1.25 * usual[id(cells)]:
        # the few lines outside the tables are titles
        return usual[id(cells)], False
    return next(iter(usual.values()), 0.0), plain is bold


def _usual(counts: Counter[float]) -> float:
    return max(counts, key=lambda size: (counts[size], -size))


def _smallest_usual(counts: Counter[float]) -> float:
    """The smallest line distance that is common: larger ones are those between paragraphs."""
    enough = max(2, max(counts.values()) // 3)
    usual = [gap for gap, count in counts.items() if count >= enough]
    return min(usual) if usual else min(counts)


def _paragraphs(flow: Flow, measures: _Measures) -> Parts:
    parts: Parts = []
    for entry in flow:
        if isinstance(entry, PdfTable):
            parts.append(entry)
            continue
        if not entry.text.strip():
            continue
        last = parts[-1] if parts else None
        if isinstance(last, Paragraph) and _goes_on(last, entry, measures):
            last.lines.append(entry)
        else:
            parts.append(Paragraph([entry]))
    return parts


def _goes_on(paragraph: Paragraph, line: Line, measures: _Measures) -> bool:
    """Whether the line belongs to the paragraph above it."""
    above = paragraph.lines[-1]
    if abs(above.size - line.size) > 0.6 or split_bullet(line.text.strip())[0]:
        return False
    if toc_entry(above.text) or (toc_entry(line.text) and not paragraph.bold and line.x0 < above.x0 + 4):
        return False
    slack = above.right - (above.x1 + 0.25 * above.size + line.first_word)
    full = slack < 0.3 * above.size or (measures.spaced and slack < 0.3 * (above.right - above.x0))
    if above.bold != line.bold and slack >= 0.3 * above.size:
        return False
    if above.page != line.page or above.column != line.column:
        return _goes_on_elsewhere(above, line, full=full)
    gap = line.base - above.base
    pitch = measures.pitch.get(above.size, 1.35 * above.size)
    if line.notes:
        # browsers make room for the raised mark
        pitch *= 1.15
    if not 0 < gap <= pitch * 1.18 + 0.6:
        return False
    if above.bold != line.bold and gap > pitch + 1.2:
        return False
    if number_label(line.text) and (number_label(paragraph.first.text) or not full):
        return False
    if _outdents(paragraph, line):
        return False
    larger = above.size > measures.body * 1.08 or (above.bold and line.bold)
    long = above.x1 - above.x0 > 0.45 * (above.right - above.x0) and not split_bullet(paragraph.first.text.strip())[0]
    return full or ((larger or long) and _wraps_early(paragraph, line))


def _outdents(paragraph: Paragraph, line: Line) -> bool:
    """Whether a line ends a list item by starting left of its text, where the item's own lines never start."""
    first = paragraph.first
    hangs = first.text_x0 > first.x0 + 8 and (split_bullet(first.text.strip())[0] or number_label(first.text))
    own = all(other.x0 > first.text_x0 - 4 for other in paragraph.lines[1:])
    return bool(hangs) and own and line.x0 < first.text_x0 - 6 and not line.text.strip()[:1].islower()


def _wraps_early(paragraph: Paragraph, line: Line) -> bool:
    """A heading of two lines may be broken by hand: same look, and the second line goes on in lower case."""
    start = line.text.strip()[:1]
    return start.islower() and not _END_OF_SENTENCE.search(paragraph.lines[-1].text.strip())


def _goes_on_elsewhere(above: Line, line: Line, *, full: bool) -> bool:
    """A paragraph that runs over to the next column or page."""
    if above.column.startswith("box") != line.column.startswith("box") or above.bold != line.bold:
        return False
    if above.column.startswith("box") and above.page == line.page:
        return False
    ends = bool(_END_OF_SENTENCE.search(above.text.strip()))
    start = line.text.strip()[:1]
    if number_label(line.text):
        return full and start.islower()
    if ends:
        # the last line of a paragraph is seldom as long as the column
        return full and (start.islower() or above.right - above.x1 < 2.5 * above.size)
    return full or start.islower()


def _word_breaks(lines: Sequence[Line], parts: Parts) -> tuple[frozenset[str], bool]:
    """The document's words, and whether it breaks words at line ends as a habit."""
    texts = [line.text for line in lines]
    texts += [
        text for part in parts if isinstance(part, PdfTable) for row in part.rows for c in row for text in c.lines
    ]
    broken = sum(1 for text in texts if text.endswith("-") and text[-2:-1].isalpha())
    # words at a line end that is broken do not count as words
    whole = words(re.sub(r"[^\W\d_]+-$", "", text) for text in texts)
    return whole, broken > 0.04 * len(texts) and broken >= 5


def _join_tables(parts: Parts) -> Parts:
    """Puts a table that runs over a page back together."""
    joined: Parts = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, PdfTable) and isinstance(last, PdfTable) and _same_table(last, part):
            _append_rows(last, part)
        else:
            joined.append(part)
    return joined


def _same_table(above: PdfTable, below: PdfTable) -> bool:
    if below.page != above.row_pages[-1] + 1 or len(above.columns) != len(below.columns):
        return False
    shift = below.columns[0] - above.columns[0]
    if not all(abs(b - a - shift) < 4 for a, b in zip(above.columns, below.columns, strict=True)):
        return False
    # a header row of its own with other words: another table of the same shape
    head = below.rows[0]
    own_header = all(cell.bold and cell.shade for cell in head) and not all(
        cell.bold for row in below.rows[1:] for cell in row
    )
    return not own_header or _texts(head) == _texts(above.rows[0])


def _append_rows(above: PdfTable, below: PdfTable) -> None:
    rows = below.rows
    if _texts(rows[0]) == _texts(above.rows[0]):
        rows = rows[1:]
    if rows and _is_rest_of_row(above.rows[-1], rows[0]):
        above.rows[-1] = _merged_row(above.rows[-1], rows[0])
        rows = rows[1:]
    above.rows.extend(rows)
    above.notes.extend(below.notes)
    above.row_pages.extend([below.page] * len(rows))


def _texts(row: Sequence[PdfCell]) -> list[str]:
    return [" ".join(cell.lines) for cell in row]


def _is_rest_of_row(above: Sequence[PdfCell], below: Sequence[PdfCell]) -> bool:
    """Whether a row was cut in two by the page: nothing in its first column, and text that goes on in lower case."""
    if len(above) != len(below) or len(below) < 2:
        return False
    going_on = False
    for top, rest in zip(above, below, strict=True):
        if not rest.lines:
            continue
        if not top.lines or top.lines[-1][-1:] in _FULL_STOPS or rest.lines[0][:1].isupper():
            return False
        going_on = True
    return going_on and not below[0].lines


def _merged_row(above: Sequence[PdfCell], below: Sequence[PdfCell]) -> tuple[PdfCell, ...]:
    return tuple(
        PdfCell(column=top.column, span=top.span, lines=top.lines + rest.lines, bold=top.bold, shade=top.shade)
        for top, rest in zip(above, below, strict=True)
    )


def _grid_rows(table: PdfTable, vocabulary: frozenset[str], *, hyphenated: bool) -> list[GridRow]:
    return [
        GridRow(
            cells=tuple(
                GridCell(
                    column=cell.column,
                    span=cell.span,
                    text=_cell_text(cell.lines, vocabulary, hyphenated=hyphenated),
                    bold=cell.bold,
                    shade=cell.shade,
                )
                for cell in row
            ),
            page=page,
        )
        for row, page in zip(table.rows, table.row_pages, strict=True)
    ]


def _cell_text(lines: Sequence[str], vocabulary: frozenset[str], *, hyphenated: bool) -> str:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        else:
            groups.append([])
    texts = (clean(join_lines(group, vocabulary, hyphenated=hyphenated, narrow=True)) for group in groups)
    return "\n".join(text for text in texts if text)


def _mark_toc(parts: Parts) -> None:
    """Marks lines with leaders, runs of lines with a page number at the right, and what stands between them."""
    runs: list[list[Paragraph]] = [[]]
    for part in parts:
        entry = isinstance(part, Paragraph) and _is_entry(part)
        if isinstance(part, Paragraph) and runs[-1]:
            # the number of the last entry on a page may stand on the next
            entry = entry or part.text.endswith("......")
        if entry and isinstance(part, Paragraph):
            runs[-1].append(part)
        elif runs[-1]:
            runs.append([])
    for run in runs:
        leaders = any(re.search(r"\.\s?\.\s?\.|…", line.text) for part in run for line in part.lines)
        if leaders or len(run) >= 3:
            for part in run:
                part.toc = True


def _is_entry(part: Paragraph) -> bool:
    """Whether a paragraph is a line of a table of contents, also when its leaders did not fit behind the title."""
    if toc_entry(part.lines[-1].text) is not None:
        return True
    return len(part.lines) <= 3 and "......" in part.text and toc_entry(part.text) is not None


def _mark_headings(parts: Parts, measures: _Measures) -> None:
    waiting: list[Paragraph] = []
    found: list[Paragraph] = []
    for part in [*parts, None]:
        if isinstance(part, Paragraph) and _could_be_heading(part, measures):
            waiting.append(part)
            continue
        large = [item for item in waiting if item.first.size > measures.body * 1.08]
        small = [item for item in waiting if item not in large]
        found.extend(large if part is not None or len(parts) > 3 else [])
        # bold lines come in threes at most; and nothing can be a heading of nothing
        if part is not None and len(small) <= 3:
            found.extend(small)
        waiting = []
    keys = {id(item): _look(item) for item in found}
    depths: dict[tuple[float, bool], list[int]] = defaultdict(list)
    for item in found:
        depths[keys[id(item)]].append(_depth(item.text))
    places = {
        id(item): (-keys[id(item)][0], not keys[id(item)][1], _extra_depth(item, depths[keys[id(item)]]))
        for item in found
    }
    order = sorted(set(places.values()))
    for item in found:
        item.level = min(9, order.index(places[id(item)]) + 1)


def _look(item: Paragraph) -> tuple[float, bool]:
    return round(item.first.size * 2) / 2, item.bold


def _depth(text: str) -> int:
    match = _SECTION_NUMBER.match(text)
    return match[1].count(".") + 1 if match else 0


def _extra_depth(item: Paragraph, depths: Sequence[int]) -> int:
    """How much deeper the number of a heading is than the least deep one with the same look."""
    numbered = [depth for depth in depths if depth]
    depth = _depth(item.text)
    return depth - min(numbered) if depth and numbered else 0


def _could_be_heading(part: Paragraph, measures: _Measures) -> bool:
    text = part.text
    if part.toc or len(part.lines) > 3 or not text or not any(character.isalpha() for character in text):
        return False
    if text[-1] in ".;,!" or split_bullet(text)[0] or "☐" in text or "☒" in text:
        return False
    if any("\t" in re.sub(r"^[\d.]+\t", "", line.text) for line in part.lines):
        # a wide gap inside: a label with its value
        return False
    size = part.first.size
    if size > measures.body * 1.08 and len(text) <= 140:
        return True
    strong = part.bold and not measures.body_bold
    if (strong or (part.first.shaded and len(part.lines) == 1 and strong)) and size >= measures.body * 0.85:
        return len(text) <= 100
    return _depth(text) >= 2 and len(text) <= 80 and len(part.lines) == 1

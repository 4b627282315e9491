"""``field.v1``: a form asks, and somebody filled it in. For documents about one pupil.

First the document is cut into answers: every sentence, item and cell with the labels that it stands under, nearest
first ("Uitkomst:", the first cell of the row, the column, the line that introduces the list, the headings). Then the
answers under the labels of the criterion are judged. An empty answer, an instruction, an unticked box, a plan for later
or a quote of the law is no answer; an answer without what the criterion needs is general. Where a document has no such
label at all, sentences that speak for themselves (``signs``) and the learned model are a second source.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from extractors.document import Block, BlockKind, Cell, Document
from pipeline.check.kinds.statement import Words, found, regex
from pipeline.check.passages import Passage, is_empty
from pipeline.check.reading import Reading
from pipeline.check.sentences import sentence_spans
from pipeline.check.sighting import By, Look, Refusal, Sighting
from pipeline.result import Reason


class Params(BaseModel):
    """Parameters; words are regular expressions, ignoring case. Labels are compared without number and colon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: Words = ()
    """Labels of the field. The nearest label that says something decides."""
    not_labels: Words = ()
    """A label nearer than the field's own that makes it another field."""
    not_under: Words = ()
    """A label at any height under which nothing counts: the goals of the year before."""
    label: str | None = None
    """Output of the learned model, for documents without the labels; None for a norm that it was not trained on."""
    learned_from: float = 0.6
    signs: Words = ()
    """A sentence that shows the criterion wherever it stands, but for ``not_labels``."""
    general_signs: Words = ()
    """A sentence that treats the subject in general wherever it stands."""
    needs: Words = ()
    """Words that an answer must hold to show the criterion; without them it is general."""
    also: Words = ()
    """A second set of words that it must hold."""
    needs_in: Literal["answer", "row", "field"] = "answer"
    """``row``: anywhere in the table row or the paragraph; ``field``: anywhere under the same label."""
    named_by_label: bool = False
    """The label may hold what is needed: "Tussenevaluatie | ouders en Sem"."""
    strict: bool = False
    """An answer without what is needed does not even treat the subject."""
    min_words: int = 1
    general: Words = ()
    """An answer with these is general, whatever else it holds."""
    refuse: Words = ()
    """An answer with these is none."""
    none_is_answer: bool = False
    """"Geen" and "n.v.t." are answers: that nothing deviates is said so."""
    questions: bool = False
    """A question is an answer: a hulpvraag."""
    not_applicable: Words = ()
    """Words ("label: answer") by which the document says that the requirement does not count."""
    applies_with: Words = ()
    """Where given, the requirement counts only for a document with an answer that holds one of these."""
    since: dt.date | None = None
    """The requirement does not count for a document that was established before this day."""
    established: Words = ()
    """Labels of the date of establishing, for ``since``, ``within_days`` and ``same_school_year``."""
    within_days: int | None = None
    """A date counts when it is at most so many days after the date of ``established``."""
    same_school_year: bool = False
    """A date counts when it is in the school year of the date of ``established``, or one without that date."""
    reaches: Words = ()
    """Where given, the field is the first of two dates and these label the second, at most ``within_days`` later."""
    entries: int = 0
    """At least so many rows, items or sentences with a date."""
    each: bool = False
    """Every row of the table that holds a first cell must be answered; some of them is general."""
    steps: tuple[str, ...] = ()
    """Labels of the steps of a route: each that took place needs an answer with ``needs``, or one under ``labels``."""
    signed: Literal["", "consent", "proof", "both"] = ""
    """Consent in writing: that it was given, its date or signature, or both at once."""
    agree: Words = ()
    """Signed: words of a statement of consent."""
    who: Words = ()
    """Signed: whose signature counts."""


# --- Cutting a document into answers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A slice of a block that can be filled in, under its labels. ``text`` is what it says: no unticked options."""

    block: int
    start: int
    end: int
    text: str
    labels: tuple[str, ...]
    """Nearest first."""
    row: str
    """The whole table row, item or paragraph."""
    group: tuple[str, int]
    """Kind and number of the table, list or paragraph that it belongs to."""
    ticked: bool | None = None
    """Whether its box is ticked; None without a box."""
    asked: bool = False
    """It stands in a cell beside a label, so it is the answer to it, however short."""
    leads: bool = False
    """It is the first cell of its row."""
    head: str = ""
    """Header of the first column of its table."""
    heads: int = 0
    """How many of the labels, counted from the last, are headings."""

    @property
    def blank(self) -> bool:
        """Whether nothing was filled in."""
        return self.ticked is False or _is_blank(self.text)

    @property
    def spoken(self) -> str:
        """The answer with its nearest label, as one would read it aloud."""
        return f"{self.labels[0]}: {self.text}" if self.labels and self.asked else self.text


# "volgt" and the like with a few words around it; longer sentences are for ``_LATER``
_BLANK = re.compile(
    r"\W*(?:nog\s+)?(?:niet\s+(?:van\s+toepassing|aan\s+de\s+orde|ingevuld|bekend|nodig|besproken|gebeurd)|onbekend|"
    r"nader\s+te\s+bepalen|nog\s+(?:invullen|aanvullen|bespreken)|"
    r"(?:wordt|worden)\s+(?:nog\s+|later\s+)?(?:ingevuld|aangevuld|bepaald)|n\.?\s?o\.?\s?t\.?\s?k\.?|"
    r"dd-?mm-?(?:jj){1,2}|datum|naam|handtekening|"
    r"(?:volgt|nog)\s*(?:later|nog|z\.s\.m\.)?|idem\s*\?|tekst|geen\s+(?:gegevens|informatie)|niet\s+beschikbaar|"
    r"…+)\W*",
    re.IGNORECASE,
)


def _is_blank(text: str) -> bool:
    return is_empty(text) or bool(_BLANK.fullmatch(text))


_INLINE = re.compile(r"[\s•*–-]*([A-ZÀ-Ýa-zà-ý(\"“'‘/+][^:;!?☒☐\n]{1,90}?)\s*:(?=\s|$|[.…_])\s*")
_QUESTION = re.compile(r"[\s•*–-]*([^?☒☐]{4,160}\?)\s*")
_BOX = re.compile(r"[☒☐][^☒☐]*")
_NUMBER = re.compile(
    r"^[\s•*–-]*(?:(?:stap|deel|blok|onderdeel)\s+)?(?:\d+(?:\.\d+)*|[A-Z]|[IVX]+)[.):]\s+", re.IGNORECASE
)
_TITLE = re.compile(
    r"^(?:individueel\s+)?(?:ontwikkelings?perspectief(?:plan)?|ontwikkelperspectief\w*|opp\b|abc\b|groeidocument|"
    r"handelingsplan van)",
    re.IGNORECASE,
)
_PLAIN_HEADER = re.compile(
    r"^(?:vra(?:ag|gen)|onderdeel|onderwerp|vak(?:gebied)?|toets|wie|naam|functie|stap|categorie|items?|moment|nr\.?|"
    r"datum|rubriek|domein|gebied|gegevens\b.*|"
    r"criterium|aspect|leergebied|betrokkene\w*|rol|ouder\W?verzorger\w*|ouder|toetsmoment|#)?$",
    re.IGNORECASE,
)
_ANSWER_HEADER = re.compile(
    r"antwoord|invulling|toelichting|opmerking|beschrijving|omschrijving|uitkomst|resultaat|niveau|datum|"
    r"handtekening|naam|score|bevorder|belemmer|stimuler|wat|wie|wanneer|evaluatie|afspra|gebeurtenis|aankruisen|"
    r"^ja$|^nee$|besluit",
    re.IGNORECASE,
)
_DECIDES = re.compile(r"^(?:ja|nee|n\.?v\.?t\.?|niet|wel|akkoord|niet akkoord|eens|oneens)\b", re.IGNORECASE)


def cut(document: Document) -> tuple[Answer, ...]:
    """All answers of a document in reading order, empty ones too."""
    answers: list[Answer] = []
    intro: str | None = None
    kept = BlockKind.HEADING
    title = next((b.text for b in document.blocks if b.kind is BlockKind.HEADING), None)
    row_title: dict[int, str] = {}
    for index, block in enumerate(document.blocks):
        heads = tuple(_clean(h) for h in reversed(block.section) if not (h == title and _TITLE.search(_clean(h))))
        if block.kind in (BlockKind.HEADING, BlockKind.TOC):
            intro = None
        elif block.kind is BlockKind.ROW:
            table = block.table if block.table is not None else index
            above = (row_title[table],) if table in row_title else ()
            under = (*above, *((_clean(intro),) if intro else ()), *heads)
            answers += _row_answers(index, block, under, len(heads))
            alone = _alone(block)
            if alone is not None and _introduces(alone):
                row_title[table] = _clean(alone)
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.FOOTNOTE):
            item = block.kind is BlockKind.ITEM
            if not item and (kept in (BlockKind.ROW, BlockKind.ITEM) or _INLINE.match(block.text)):
                intro = None  # a list or table ends what its intro introduced; a label of its own goes before it
            under = (*((_clean(intro),) if intro else ()), *heads)
            answers += _text_answers(index, block, under, len(heads))
            if not item and _introduces(block.text):
                intro = block.text
        if block.kind not in (BlockKind.HEADER, BlockKind.FOOTER):
            kept = block.kind
    return tuple(answers)


def _clean(label: str) -> str:
    """A label without its number, box and colon."""
    return _NUMBER.sub("", label).strip(" \t:*•☒☐–-").strip()


def _alone(block: Block) -> str | None:
    """The text of the only filled cell of a row; None when there are more."""
    texts = [block.text[c.start : c.end] for c in block.cells]
    return texts[0] if len(texts) == 1 and texts[0].strip() else None


def _introduces(text: str) -> bool:
    """Whether a line is a label or question for what comes below it."""
    text = text.strip()
    words = len(text.split())
    if text.endswith((":", "?")):
        return words <= 25
    last = text.split(". ")[-1]
    if last.endswith(":"):
        return True
    return words <= 7 and not re.search(r"[.;!☒☐]|\d{2}", text) and text[:1].isupper()


def _text_answers(index: int, block: Block, under: tuple[str, ...], heads: int) -> Iterator[Answer]:
    """The sentences of a paragraph or item; "Label:" or a question is a label for what follows in the same block."""
    inline: tuple[str, ...] = ()
    group = ("item" if block.kind is BlockKind.ITEM else "text", index)
    for start, end, asked in _pieces(block.text):
        text = block.text[start:end]
        label = _INLINE.match(text)
        itself = text.rstrip().endswith("?")
        answers = asked or (bool(inline) and _ends_question(inline[0]) and not itself)
        if label and not _is_clause(label.group(1)):
            inline, answers = (_clean(label.group(1)),), True
            start += label.end()  # noqa: PLW2901  (the answer begins behind its label)
        for first, last, ticked in _options(block.text[start:end]):
            yield Answer(
                block=index,
                start=start + first,
                end=start + last,
                text=block.text[start + first : start + last].strip("☒☐ "),
                labels=(*inline, *under),
                row=block.text,
                group=group,
                ticked=ticked,
                asked=answers,
                heads=heads,
            )
        if question := _QUESTION.fullmatch(block.text[start:end]):
            inline = (_clean(question.group(1)),)


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a text, a question apart from an answer behind it; whether the piece is such an answer."""
    for start, end in sentence_spans(text):
        question = _QUESTION.match(text[start:end])
        if question and question.end() < end - start:
            yield start, start + len(question.group().rstrip()), False
            yield start + question.end(), end, True
        else:
            yield start, end, False


_VERB = re.compile(
    r"\b(?:is|zijn|wordt|heeft|hebben|zegt|vertelt|vindt|kan|gaat|komt|liggen|maakt|krijgt)\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:hij|zij|ze)\b", re.IGNORECASE)


def _is_clause(label: str) -> bool:
    """Whether the words before a colon are a sentence of their own: "Na elf uur wordt hij moe: hij wrijft"."""
    return bool(_PRONOUN.search(label)) or (len(label.split()) > 6 and bool(_VERB.search(label)))


def _ends_question(label: str) -> bool:
    return label.rstrip().endswith("?")


def _options(text: str) -> Iterator[tuple[int, int, bool | None]]:
    """The text cut at its boxes: what stands behind a box belongs to it, up to the next."""
    boxes = list(_BOX.finditer(text))
    if not boxes:
        yield 0, len(text), None
        return
    if text[: boxes[0].start()].strip():
        yield 0, boxes[0].start(), None
    for box in boxes:
        yield box.start(), box.start() + len(box.group().rstrip()), box.group().startswith("☒")


def _is_answered(cells: Sequence[tuple[Cell, str]]) -> bool:
    """Whether a header row is an answered label after all: "Uitstroombestemming | vmbo-kader" on top of a form."""
    if len(cells) != 2 or not cells[0][1] or _PLAIN_HEADER.match(_clean(cells[0][1])):
        return False
    return len(cells[1][1].split()) > 5 or not _ANSWER_HEADER.search(cells[1][1])


def _row_answers(index: int, block: Block, under: tuple[str, ...], heads: int) -> Iterator[Answer]:
    """The cells of a row, each under its row label and column; a row of boxes is the option that is ticked."""
    cells = [(c, block.text[c.start : c.end]) for c in block.cells]
    group = ("table", block.table if block.table is not None else index)
    if not cells:
        return
    if block.is_header_row and not _is_answered(cells):
        return
    first = cells[0][1]
    named = len(first.split()) <= 14 or _ends_question(first)
    boxed = [(c, t) for c, t in cells[1:] if re.fullmatch(r"\s*[☒☐]\s*", t)]
    filled = [t for _, t in cells[1:] if t.strip() and not re.fullmatch(r"\s*[☒☐]\s*", t)]

    def made(
        start: int,
        end: int,
        text: str,
        labels: Sequence[str | None],
        ticked: bool | None = None,
        *,
        asked: bool = True,
        leads: bool = False,
    ) -> Answer:
        return Answer(
            block=index,
            start=start,
            end=end,
            text=text,
            labels=(*(_clean(x) for x in labels if x and x.strip()), *under),
            row=block.text,
            group=group,
            ticked=ticked,
            asked=asked,
            leads=leads,
            head=block.cells[0].header or "",
            heads=heads,
        )

    if boxed and len(cells) > 1:
        for cell, mark in boxed:
            on = "☒" in mark
            option = cell.header or ""
            if _DECIDES.search(option):
                yield made(cells[0][0].start, cells[0][0].end, option, (first,), on)
            else:
                yield made(cells[0][0].start, cells[0][0].end, first, (option, cells[0][0].header), on)
        if not filled:
            return
    head = block.cells[0].header or ""
    if len(cells) == 1 or (head and not _PLAIN_HEADER.match(_clean(head)) and not boxed):
        cell, text = cells[0]
        for start, end, said, ticked, own in _cell_parts(cell.start, text):
            yield made(start, end, said, (own, cell.header), ticked, asked=bool(cell.header), leads=len(cells) > 1)
    for cell, text in cells[1:]:
        if re.fullmatch(r"\s*[☒☐]\s*", text):
            continue
        if not text.strip():
            yield made(cell.start, cell.end, "", (first if named else None, cell.header))
            continue
        for start, end, said, ticked, own in _cell_parts(cell.start, text):
            yield made(start, end, said, (own, first if named else None, cell.header), ticked)


def _cell_parts(offset: int, text: str) -> Iterator[tuple[int, int, str, bool | None, str | None]]:
    """Sentences and options of a cell with the label that stands inside it ("Datum: …")."""
    own: str | None = None
    for start, end in sentence_spans(text):
        label = _INLINE.match(text[start:end])
        if label and not _is_clause(label.group(1)):
            own, start = label.group(1), start + label.end()  # noqa: PLW2901  (the answer begins behind its label)
        for first, last, ticked in _options(text[start:end]):
            said = text[start + first : start + last]
            yield offset + start + first, offset + start + last, said.strip("☒☐ "), ticked, own


# --- What is no answer -----------------------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r"^\W*(?:zie|lees|kijk in|conform|volgens|staat in|staan in|beschreven in|opgenomen in|hiervoor wordt verwezen "
    r"naar)\b[^.;]{0,80}"
    r"\b(?:bijlagen?|groepsplan\w*|dossier|parnassys|magister|somtoday|esis|leerlingvolgsysteem|lvs|verslag\w*|"
    r"handelingsplan|boven|hierboven|onder|hieronder|elders|schoolplan|document\w*|"
    r"rapport\w*|formulier|opp|notitie\w*|logboek|blokplan|systeem|digitaal|vorige?\b.{0,20}|eerder\w*|pagina|punt|"
    r"onderdeel|hoofdstuk)\b[^.;]{0,30}\.?$|^\W*\(?zie\b.{0,60}$|^\W*bijlage\b.{0,20}$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:volgen|volgt)\b(?=.{0,60}(?:nog|later|na\b|in\b|zodra|z\.s\.m|binnenkort|$))(?!\s+(?:het|de|een|zij|hij|"
    r"les|wel|niet|goed))|"
    r"\b(?:worden?|moet(?:en)?|dient|zal|zullen)\b.{0,40}\b(?:later|nog|nader|straks|binnenkort|t\.z\.t\.?|te zijner "
    r"tijd|op een later moment)\b.{0,60}\b(?:ingevuld|genoteerd|aangevuld|bepaald|"
    r"toegevoegd|opgesteld|besproken|beschreven|gevraagd|ondertekend|getekend|uitgewerkt|vastgesteld|gemaakt|"
    r"plaatsvinden|gevoerd|geregeld|ontvangen)\b|"
    r"\b(?:wordt|worden)\s+(?:hier\s+)?(?:later\s+)?ingevuld\b|"
    r"\bnog\s+(?:niet|geen)\b.{0,60}\b(?:ontvangen|binnen|terug(?:ontvangen|gekomen)?|ingevuld|ingeleverd|besproken|"
    r"bekend|plaatsgevonden|gemaakt|gesproken|gevoerd|getekend|ondertekend|afgenomen|opgesteld|beschikbaar|"
    r"geëvalueerd|"
    r"gesteld|bepaald|gevraagd|geweest|gepland|gedaan|gestart|aan de orde|van toepassing)\b|\bnog\s+(?:in te vullen|"
    r"te (?:bespreken|bepalen|plannen|voeren|ontvangen|ondertekenen|maken|formuleren))\b|"
    r"\b(?:niet|nog niet)\s+(?:aan de orde|van toepassing)\b|\bstap is (?:niet|overgeslagen)|\bovergeslagen\b|"
    r"\bheeft (?:nog )?niet plaatsgevonden\b|\bvindt (?:nog|later|binnenkort|volgende)\b.{0,30}\bplaats\b|"
    r"\b(?:gaan|gaat|willen|wil)\b.{0,40}\b(?:nog|binnenkort|later)\b.{0,40}\b(?:bespreken|vragen|plannen|voeren|"
    r"invullen)\b|\bgeen (?:uitspraak|uitspraken)\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"^\W*(?:toelichting|instructie|invulinstructie|hulptekst|aanwijzing|let op|tip|n\.?b\.?|voorbeeld(?:en)?|"
    r"bijvoorbeeld|format)\b\W*(?:bij [^:]{0,40})?:|"
    r"^\W*(?:beschrijf|benoem|noem|noteer|vermeld|omschrijf|formuleer|schrijf|vul\b|kruis|denk (?:aan|hierbij)|"
    r"licht\b.{0,20}toe|kies\b|gebruik (?:dit|hier|korte|maximaal)|houd bij|"
    r"teken of|geef (?:hier|kort|aan|per|de|een|bij|in|uw|je)\b|verwijder|zet (?:hier|alleen|een|bij)|"
    r"maak\b.{0,15}smart|bedenk|laat\b.{0,30}\b(?:leeg|staan|tekenen|invullen)|voeg\b.{0,40}toe|"
    r"stel\b.{0,40}\bdoelen?\b|onderbouw\b|"
    r"bespreek|vraag (?:de|het|aan|naar)|plak\b|stuur\b|lees\b|werk\b.{0,20}\buit\b|neem\b.{0,20}\bop\b|"
    r"streep\b)(?!\w)|"
    r"^\W*(?:hier|hieronder|in (?:dit|deze) (?:onderdeel|vak|kolom|veld|ruimte))\s+(?:beschrijf\w*|vul\w*|noteer\w*|"
    r"geef\w*|kunt|kan|komt|staat wat|mag)\b|"
    r"\b(?:mag blijven staan|dit formulier|dit onderdeel|het formulier (?:groeit|loopt|begint)|klik of tik|kies een "
    r"item|in te vullen door|een regel is genoeg|smart geformuleerd|vul (?:hier|dit|per|elke|in)\b)",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:de wet|wettelijk\w*|wetgever|artikel \d|inspectie (?:vraagt|verwacht|eist)|hoorrecht|instemmingsrecht|"
    r"recht (?:op|om)|hebben het recht|is (?:de school )?verplicht|zijn verplicht|verplicht (?:is|om))\b|"
    r"\bwordt (?:opgesteld|omschreven|onderbouwd)\b(?!.{0,40}\b(?:met|in) (?:de )?(?:ouders|moeder|vader))|"
    r"^\W*(?:een|het|de)\s+(?:ontwikkelings?perspectief\w*|opp|handelingsdeel|uitstroombestemming|verwachte "
    r"uitstroombestemming|onderbouwing|uitstroomprofiel|meldcode|plan|hulpvraag|handelingsvraag|logboek|"
    r"oudervragenlijst|"
    r"onderwijskundig rapport|leerlingbespreking|collegiale consultatie)\s+(?:is|bevat|bestaat|beschrijft|moet|wordt|"
    r"geeft|dient|kent|staat)\b(?!.{0,60}\b(?:vmbo|havo|vwo|praktijkonderwijs|pro\b|mbo|met (?:de )?ouders|op \d|in "
    r"\w+ 20\d\d|\d))|"
    r"\b(?:leerlingen|ouders|scholen|kinderen|leerkrachten)\s+(?:hebben (?:het )?recht|moeten|dienen|mogen|worden "
    r"geacht)\b|\b(?:iedere?|elke?|niet (?:iedere?|elke?)) (?:leerling|kind|school|ouder)\b|"
    r"\b(?:bevorderende|belemmerende|beschermende|stimulerende|compenserende|risico)\s?factoren\s+(?:zijn|helpen|"
    r"maken|kunnen|hebben)\b(?!\s*:)|^\W*(?:bij signalen van|als er signalen|de meldcode (?:bestaat|kent|heeft|is|"
    r"beschrijft))",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"^(?:bijlagen?\W{0,2}\s*)?(?:uitleg|toelichting (?:bij|op|van)|leeswijzer|(?:invul)?instructie|invulhulp|"
    r"begrippen|achtergrond|waarom (?:dit|een) (?:plan|formulier|opp)|over dit formulier|wettelijk)",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:hij|zij|ze|zijn|haar|hem|ik|mij|mijn|wij|we|onze)\b|\d", re.IGNORECASE)
_EXAMPLE = re.compile(r"^\W*(?:bijv\.?|bijvoorbeeld|voorbeeld|vb\.?)\b|\bdd-?mm|\bnaam en functie\b", re.IGNORECASE)
_SEEN_ONLY = re.compile(
    r"\bvoor gezien\b|\bgezien en besproken\b|^\W*gezien\b|\bter kennisname\b|\bkennisgenomen\b|\bvoor ontvangst\b",
    re.IGNORECASE,
)


def no_answer(reading: Reading, answer: Answer, passage: Passage) -> Reason | None:
    """Why a filled answer is none after all; None when it is one."""
    text = answer.text
    if _is_printed(answer):
        return Reason.TEMPLATE_TEXT
    if _REFERENCE.search(text):
        return Reason.REFERENCE_ONLY
    if _LATER.search(text):
        return Reason.PLANNED
    if _LAW.search(text):
        return Reason.DEFINITION_ONLY
    if reading.passages[passage.index].block != answer.block:
        return None  # the block holds no passage of its own: voice and scores would be another's
    voice = reading.voice(passage)
    cued = voice.cue == "column" or (voice.cue == "words" and not answer.asked)
    if voice.refused in (Reason.TEMPLATE_TEXT, Reason.DEFINITION_ONLY) and cued and not _PERSONAL.search(text):
        return voice.refused
    scores = reading.scores[passage.index]
    if scores is not None and not answer.asked and not _PERSONAL.search(text):
        learned = scores.trap.get("template", 0.0) + scores.trap.get("definition", 0.0) + scores.trap.get("law", 0.0)
        if learned >= _TRAP_FROM:
            return Reason.TEMPLATE_TEXT
    return None


_HELP = re.compile(r"toelichting|instructie|voorbeeld|bijvoorbeeld|uitleg|let op", re.IGNORECASE)


def _is_printed(answer: Answer) -> bool:
    """Whether a text came with the form: an instruction, an explanation, an example."""
    text = answer.text
    if any(_NOT_OURS.search(x) for x in answer.labels[len(answer.labels) - answer.heads :]):
        return True
    if _TEMPLATE.search(text) or _EXAMPLE.search(text) or (answer.group[0] == "table" and _EXAMPLE.search(answer.row)):
        return True
    if answer.group[0] != "text" or not answer.labels:
        return False
    # "Toelichting: wat zien leerkracht en ouders?" and "Beschrijf de situatie: leren, gedrag" are printed;
    # "Toelichting: Sem leest elke dag twintig minuten" was filled in
    helps = bool(_HELP.fullmatch(answer.labels[0]))
    impersonal = not _PERSONAL.search(text)
    return (helps and (impersonal or text.rstrip().endswith("?"))) or (
        impersonal and bool(_TEMPLATE.search(answer.labels[0]))
    )


# no answer of the labelled pupil documents comes near it; what it refuses are printed explanations without a person
_TRAP_FROM = 0.9

# --- Dates -----------------------------------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = (
    r"jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})\s?[-/.]\s?(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<y>(?:20)?\d{{2}})\b|"
    rf"\b(?P<d2>\d{{1,2}})[\s-](?P<m2>{_MONTH})\b\.?(?:[\s-]+(?P<y2>(?:20)?\d\d))?|"
    rf"\b(?P<m3>{_MONTH})\b\.?\s+(?P<y3>20\d\d)\b|"
    r"\b(?P<y4>20\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b|\b(?P<d5>\d{1,2})-(?P<m5>\d{1,2})\b(?!-)",
    re.IGNORECASE,
)


def dates(text: str) -> list[dt.date | None]:
    """The dates in a text in order; None for one without a year. A month without a day is its first."""
    made: list[dt.date | None] = []
    for match in _DATE.finditer(text):
        part = match.groupdict()
        year = next((part[k] for k in ("y", "y2", "y3", "y4") if part[k]), None)
        month = next((part[k] for k in ("m", "m2", "m3", "m4", "m5") if part[k]), "")
        day = next((part[k] for k in ("d", "d2", "d4", "d5") if part[k]), "1")
        number = int(month) if month.isdigit() else _month_number(month)
        try:
            full = dt.date(2000 + int(year) % 100 if year else 2000, number, int(day))
        except ValueError:
            continue  # "13-25" is a score or a class, no date
        made.append(full if year else None)
    return made


def _month_number(name: str) -> int:
    name = name.lower()
    return 3 if name.startswith("m") and name != "mei" else _MONTHS.index(name[:3]) + 1


def _established(answers: Sequence[Answer], labels: Words) -> dt.date | None:
    """The newest date under the labels: of a second version the second."""
    known = [d for a in answers if not a.blank and _depth(a, labels, ()) is not None for d in dates(a.text) if d]
    if not known:
        known = [d for a in answers if found(labels, a.text) for d in dates(a.text) if d]
    return max(known, default=None)


def _school_year(day: dt.date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _in_time(text: str, start: dt.date | None, params: Params) -> bool:
    """Whether a text without dates, or with one that fits, can stand."""
    known = [d for d in dates(text) if d]
    if start is None or not known:
        return True
    if params.same_school_year:
        return any(_school_year(d) == _school_year(start) and d >= start for d in known)
    if params.within_days is not None and not params.reaches:
        # a month more: schools evaluate in the same weeks of the next year, not to the day
        return any(dt.timedelta(0) < d - start <= dt.timedelta(days=params.within_days) for d in known)
    return True


# --- Looking ---------------------------------------------------------------------------------------------------------


def look(reading: Reading, params: Params) -> Look:
    """Look for the field and judge what is filled in."""
    if not reading.passages:
        return Look(seen=False)
    answers = cut(reading.document)
    if not _applies(reading, answers, params):
        return Look(seen=False, applies=False)
    if params.signed:
        return _signed(reading, answers, params)
    if params.steps:
        return _stepwise(reading, answers, params)
    if params.reaches:
        return _between(reading, answers, params)
    return _asked(reading, answers, params)


def _applies(reading: Reading, answers: Sequence[Answer], params: Params) -> bool:
    said = [a for a in answers if a.ticked is not False and (a.text or a.ticked)]
    if any(
        found(params.not_applicable, _said(a)) and no_answer(reading, a, _passage(reading, a)) in (None, Reason.PLANNED)
        for a in said
    ):
        return False
    if params.applies_with:
        told = (a for a in said if not a.blank and found(params.applies_with, a.text))
        if not any(
            no_answer(reading, a, _passage(reading, a)) in (None, Reason.PLANNED) and not found(params.refuse, _said(a))
            for a in told
        ):
            return False
    if params.since is not None:
        day = _established(answers, params.established)
        if day is not None and day < params.since:
            return False
    return True


def _said(answer: Answer) -> str:
    return f"{answer.labels[0]}: {answer.text}" if answer.labels else answer.text


def _depth(answer: Answer, labels: Words, not_labels: Words, not_under: Words = ()) -> int | None:
    """How far up the label of the field stands; None when it is not there or another field is nearer."""
    if any(found(not_under, label) for label in answer.labels):
        return None
    for depth, label in enumerate(answer.labels):
        own = found(labels, label)
        if not own and found(not_labels, label):
            return None
        if own:
            return depth
    return None


def _passage(reading: Reading, answer: Answer) -> Passage:
    """The answer as a passage: a slice of its block, with number and voice of the passage that it is part of."""
    mates = reading.by_block.get(answer.block, ())
    inside = [p for p in mates if p.start < answer.end and answer.start < p.end]
    if inside:
        base = inside[0]
    elif mates:
        base = mates[0]
    else:
        base = next((p for p in reversed(reading.passages) if p.block < answer.block), reading.passages[0])
    block = reading.document.blocks[answer.block]
    text = block.text[answer.start : answer.end]
    start = answer.start + len(text) - len(text.lstrip())
    return replace(
        base,
        block=answer.block,
        start=start,
        end=start + len(text.strip()),
        text=text.strip(),
        section=block.section,
        page=block.page,
        heading=answer.labels[0] if answer.labels else None,
    )


def _sighting(reading: Reading, answer: Answer, by: By, score: float) -> Sighting:
    return Sighting(passage=_passage(reading, answer), score=score, by=by)


_NONE = re.compile(r"\W*(?:geen|nee|niet|n\.?\s?v\.?\s?t\.?|niet van toepassing)\W*", re.IGNORECASE)
_LEANS = re.compile(
    r"^\W*(?:dat|dit|daar\w*|dan|die|deze|hier\w*|zij|ze|hij)\b", re.IGNORECASE
)  # a sentence that goes on about the one before it


def _asked(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    shows: list[Sighting] = []
    general: list[Sighting] = []
    refused: list[Refusal] = []
    nearest: Passage | None = None
    start = _established(answers, params.established) if params.established else None
    fields = {
        id(a): depth
        for a in answers
        if (depth := _depth(a, params.labels, params.not_labels, params.not_under)) is not None
    }
    open_rows = _open_rows(answers, fields) if params.each else set()
    before: Answer | None = None
    fate: Reason | None = None
    for answer in answers:
        depth = fields.get(id(answer))
        passage = _passage(reading, answer)
        blocked = depth is None and any(found((*params.not_labels, *params.not_under), x) for x in answer.labels)
        sign = not answer.blank and not blocked and found(params.signs, answer.text)
        learned = (
            depth is None and not blocked and not fields and reading.label(passage, params.label) >= params.learned_from
        )
        broad = not answer.blank and not blocked and found(params.general_signs, answer.text)
        if depth is None and not (sign or learned or broad):
            continue
        nearest = nearest or passage
        if answer.blank and not (params.none_is_answer and _NONE.fullmatch(answer.text)):
            continue
        reason = _reason(reading, answer, passage, params)
        if (
            reason is None
            and fate is not None
            and before is not None
            and before.block == answer.block
            and _LEANS.match(answer.text)
        ):
            reason = fate
        before, fate = answer, reason
        if reason is not None:
            refused.append(Refusal(passage=passage, reason=reason, score=0.7))
            continue
        by = By.BOTH if learned else By.WORDS
        score = round(max(0.9 if depth is not None else 0.7, reading.label(passage, params.label)), 3)
        sighting = Sighting(passage=passage, score=score, by=by)
        weak = (
            found(params.general, answer.text) or _words(answer, params) < params.min_words or answer.group in open_rows
        )
        whole = sign or ((depth is not None or learned) and _has_needs(answer, answers, fields, params))
        if not _in_time(answer.row if params.needs_in == "row" else answer.text, start, params):
            refused.append(Refusal(passage=passage, reason=Reason.NOT_FOUND, score=0.7))
        elif whole and not weak:
            shows.append(sighting)
        elif _treats(answer, params, broad=broad or answer.group in open_rows):
            general.append(replace(sighting, score=min(score, 0.6)))
    if params.entries and _entries(reading, shows) < params.entries:
        general, shows = [*shows, *general], []
    return Look(seen=bool(shows), shows=tuple(shows), general=tuple(general), refused=tuple(refused), nearest=nearest)


def _words(answer: Answer, params: Params) -> int:
    """How many words an answer has; where a row counts as one, those of the row."""
    whole = params.needs_in == "row" and answer.group[0] == "table"
    return len((answer.row if whole else answer.text).replace("|", " ").split())


def _treats(answer: Answer, params: Params, *, broad: bool) -> bool:
    """Whether an answer that does not show the criterion treats its subject in general."""
    if params.each and answer.leads:
        return False  # the goal itself, beside an outcome that says nothing
    if params.strict and not broad and not found(params.general, answer.text):
        return False
    if params.entries and not (dates(answer.row) or answer.group[0] != "text"):
        return False
    return _words(answer, params) >= min(params.min_words, 3)


def _entries(reading: Reading, shows: Sequence[Sighting]) -> int:
    """How many dated entries were seen: a row or item is one, in running text every date starts one."""
    whole: set[int] = set()
    count = 0
    for sighting in shows:
        if reading.document.blocks[sighting.passage.block].kind in (BlockKind.ROW, BlockKind.ITEM):
            whole.add(sighting.passage.block)
        else:
            count += max(1, len(dates(sighting.passage.text)))
    return count + len(whole)


def _reason(reading: Reading, answer: Answer, passage: Passage, params: Params) -> Reason | None:
    if not params.questions and answer.text.rstrip().endswith("?") and (answer.leads or not answer.asked):
        return Reason.HEADING_ONLY
    if found(params.refuse, answer.text):
        return Reason.NOT_FOUND
    return no_answer(reading, answer, passage)


def _has_needs(answer: Answer, answers: Sequence[Answer], fields: dict[int, int], params: Params) -> bool:
    """Whether the words that must stand with the answer do."""
    if params.entries:
        return bool(
            dates(
                answer.row
                if answer.group[0] == "table" or answer.group[0] == "item"
                else f"{answer.labels[0] if answer.labels else ''} {answer.text}"
            )
        )
    where = [answer.text]
    if params.needs_in == "row":
        where = [answer.row]
    elif params.needs_in == "field":
        where = [
            a.text
            for a in answers
            if id(a) in fields
            and not a.blank
            and a.labels[fields[id(a)] :] == answer.labels[fields.get(id(answer), 0) :]
        ]
    if params.named_by_label:
        where = [*where, *answer.labels[: len(answer.labels) - answer.heads]]
    text = " | ".join(where)
    return (not params.needs or found(params.needs, text)) and (not params.also or found(params.also, text))


def _open_rows(answers: Sequence[Answer], fields: dict[int, int]) -> set[tuple[str, int]]:
    """Tables in which some rows have an answer under the field's column and others have none."""
    rows: dict[tuple[str, int], dict[int, bool]] = {}
    for answer in answers:
        if id(answer) in fields and answer.group[0] == "table" and not answer.leads:
            rows.setdefault(answer.group, {}).setdefault(answer.block, False)
            rows[answer.group][answer.block] |= not answer.blank
    return {group for group, filled in rows.items() if any(filled.values()) and not all(filled.values())}


# --- Two dates, steps of a route, signatures -------------------------------------------------------------------------


def _between(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Two dates under two labels, the second at most ``within_days`` after the first; one of them is general."""
    first = _dated(reading, answers, params.labels, params.not_labels)
    second = _dated(reading, answers, params.reaches, params.not_labels)
    nearest = next((s.passage for s, _ in (*first, *second)), None)
    limit = dt.timedelta(days=params.within_days or 0)
    for one, start in first:
        for other, end in second:
            if start and end and dt.timedelta(0) <= end - start <= limit:
                return Look(seen=True, shows=(one, other), nearest=nearest)
    if first and second and any(a for _, a in first) and any(b for _, b in second):
        late = tuple(Refusal(passage=s.passage, reason=Reason.NOT_FOUND, score=0.7) for s, _ in second)
        return Look(seen=False, refused=late, nearest=nearest)
    return Look(seen=False, general=tuple(s for s, _ in (*first, *second)), nearest=nearest)


def _dated(
    reading: Reading, answers: Sequence[Answer], labels: Words, not_labels: Words
) -> list[tuple[Sighting, dt.date | None]]:
    dated: list[tuple[Sighting, dt.date | None]] = []
    pattern = regex(labels)
    for answer in answers:
        if answer.blank or no_answer(reading, answer, _passage(reading, answer)) is not None:
            continue
        depth = _depth(answer, labels, not_labels)
        inside = pattern.search(answer.text) if pattern else None
        if (depth is None or depth >= len(answer.labels) - answer.heads) and inside is None:
            continue
        text = answer.text if inside is None else answer.text[max(0, inside.start() - 40) :]
        if days := dates(text):
            dated.append((_sighting(reading, answer, By.WORDS, 0.8), days[0]))
    return dated


_TOOK = re.compile(
    r"\b(?:gesproken|besproken|besprak\w*|keek|keken|afgesproken|spraken|concludeert|geadviseerd|onderzocht|gezegd|"
    r"gebeld|"
    r"(?:was|waren|werd) (?:op|er|aanwezig)|adviseerde|gehouden|plaatsgevonden|deelgenomen)\b",
    re.IGNORECASE,
)


def _stepwise(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Every step of the route that took place has an answer with ``needs``; some of them is general."""
    contacts: dict[int, list[Sighting]] = {}
    taken: set[int] = set()
    loose: list[Sighting] = []
    for answer in answers:
        passage = _passage(reading, answer)
        if answer.blank or (answer.text.endswith("?") and not answer.asked):
            continue
        if no_answer(reading, answer, passage) is not None:
            continue
        own = _depth(answer, params.labels, ()) is not None
        contact = own or (found(params.needs, answer.text) and found(params.also, f"{_near(answer)} {answer.text}"))
        contact = contact and not found(params.refuse, answer.text)
        step = _step(answer, params, contact=own)
        if step is None:
            if contact and dates(answer.row):
                loose.append(_sighting(reading, answer, By.WORDS, 0.6))
            continue
        if contact:
            contacts.setdefault(step, []).append(_sighting(reading, answer, By.WORDS, 0.8))
        elif step == 0 or dates(answer.text) or _TOOK.search(answer.text):
            taken.add(step)
    taken |= set(contacts)
    shown = [s for sightings in contacts.values() for s in sightings]
    nearest = shown[0].passage if shown else loose[0].passage if loose else None
    if taken and taken <= set(contacts):
        return Look(seen=True, shows=tuple(shown), nearest=nearest)
    return Look(seen=False, general=tuple(shown or loose), nearest=nearest)


def _near(answer: Answer) -> str:
    return " | ".join(answer.labels[: len(answer.labels) - answer.heads])


def _step(answer: Answer, params: Params, *, contact: bool) -> int | None:
    """The step that an answer belongs to: by its labels, and for a contact by its row ("stap 2 | 3 oktober | …")."""
    if any(found(params.not_labels, label) for label in answer.labels):
        return None
    for label in answer.labels:
        for number, words in enumerate(params.steps):
            if found((words,), label):
                return number
    if contact:
        return next((n for n, words in enumerate(params.steps) if found((words,), answer.row)), None)
    return None


_SIGNING = re.compile(r"teken(?:ing|d|en)|handtekening|akkoord|instem|toestemming|paraaf|verklaring", re.IGNORECASE)
_SIGN_CELL = re.compile(r"datum|handtekening|paraaf|getekend|ondertekend|akkoord|instem", re.IGNORECASE)
_BY_HAND = re.compile(
    r"\b(?:ondertekend|getekend|handtekening|schriftelijk|w\.?g\.?|paraaf|tekende[n]?)\b", re.IGNORECASE
)
_DISAGREE = re.compile(
    r"\b(?:niet\s+(?:akkoord|eens|in\b|ingestemd|instemmen|getekend|ondertekend)|geen\s+(?:toestemming|instemming|"
    r"akkoord)|weiger\w*|stem(?:t|men)?\b.{0,20}\bniet\b|onthoud\w*)",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\b(?:ondergetekende\w*|hierbij|verkla(?:ar|ren|art)|wij geven|ik geef|ik stem|wij stemmen|ouders? (?:stemt|"
    r"stemmen|geeft|geven|gaat|gaan|verkla\w+)|voor akkoord|gaa?n? akkoord)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Consent:
    """A statement of consent and how it was made."""

    answer: Answer
    how: Literal["written", "ticked", "printed", "told"]


def _signed(reading: Reading, answers: Sequence[Answer], params: Params) -> Look:
    """Consent with its date or signature.

    A ticked or told consent without date or signature shows that it was given, no more; a printed statement shows
    nothing as long as nobody signed under it.
    """
    statements: list[_Consent] = []
    lines: list[Answer] = []
    refused: list[Refusal] = []
    unticked = False
    for answer in answers:
        passage = _passage(reading, answer)
        about = f"{_near(answer)} | {answer.text}"
        agrees = found(params.agree, answer.text) or _agrees_by_label(answer, params)
        blocked = found(params.refuse, about) or any(found(params.not_labels, x) for x in answer.labels)
        if answer.ticked is False:
            unticked |= agrees and not _DISAGREE.search(answer.text)
            continue
        if answer.blank or blocked:
            continue
        reason = no_answer(reading, answer, passage)
        if reason in (Reason.TEMPLATE_TEXT, Reason.REFERENCE_ONLY, Reason.PLANNED) or (
            reason and not _BY_HAND.search(answer.text) and not dates(answer.text)
        ):
            if agrees:
                refused.append(Refusal(passage=passage, reason=reason, score=0.7))
            continue
        if _DISAGREE.search(answer.text) and not re.search(r"\bniet\s+in\s+de\b", answer.text):
            refused.append(Refusal(passage=passage, reason=Reason.EXPLICITLY_ABSENT, score=0.8))
            continue
        if agrees and not answer.text.rstrip().endswith("?"):
            statements.append(_Consent(answer, _how(answer)))
        if _is_signature(answer, params):
            lines.append(answer)
    return _weigh(reading, params, statements, lines, refused, unticked=unticked)


def _agrees_by_label(answer: Answer, params: Params) -> bool:
    """Whether the label asks for consent and the answer gives it: "ja", "getekend op 10-11-2025"."""
    if found(params.agree, _near(answer)) and re.match(r"\W*ja\b", answer.text, re.IGNORECASE):
        return True
    under = any(found(params.agree, label) for label in answer.labels)
    return under and bool(_BY_HAND.search(answer.text)) and bool(dates(answer.row))


def _how(answer: Answer) -> Literal["written", "ticked", "printed", "told"]:
    dated = bool(dates(answer.text))
    if answer.ticked:
        return "written" if dated or (_BY_HAND.search(answer.row) and dates(answer.row)) else "ticked"
    if (dated and not re.search(r"\bmondeling\b", answer.text)) or (
        _BY_HAND.search(answer.text) and not _FORMULA.search(answer.text)
    ):
        return "written"
    signing = any(_SIGNING.search(x) for x in answer.labels) and not answer.asked
    return "printed" if _FORMULA.search(answer.text) and (signing or answer.group[0] == "table") else "told"


def _is_signature(answer: Answer, params: Params) -> bool:
    """Whether somebody whose signature counts filled in a date or signature here."""
    if _SEEN_ONLY.search(answer.row) or answer.leads or not answer.asked:
        return False
    near = answer.labels[: max(1, len(answer.labels) - answer.heads)]
    column = next((x for x in near if _SIGN_CELL.search(x)), None)
    if (
        column is None
        or re.match(r"^naam\b", near[0], re.IGNORECASE)
        or not any(_SIGNING.search(x) for x in answer.labels)
    ):
        return False
    return (
        found(params.who, answer.row)
        or found(params.who, " | ".join(near))
        or not found(
            (r"\b(?:school|directeur|intern begeleider|ib|mentor|leerkracht|co[oö]rdinator|leerling|zorgco\w*)\b",),
            f"{near} {answer.row}",
        )
    )


def _weigh(
    reading: Reading,
    params: Params,
    statements: Sequence[_Consent],
    lines: Sequence[Answer],
    refused: Sequence[Refusal],
    *,
    unticked: bool,
) -> Look:
    shows: list[Answer] = [s.answer for s in statements if s.how == "written"]
    given = [s.answer for s in statements if s.how in ("ticked", "told")]
    for line in lines:
        near = [s.answer for s in statements if _same_place(s.answer, line)]
        agreed = found(params.agree, f"{' | '.join(line.labels)} | {line.row} | {line.head}")
        if near or (agreed and not unticked):
            shows += [*near, line]
    unique = {(a.block, a.start): a for a in shows}
    proof = tuple(_sighting(reading, a, By.WORDS, 0.9) for a in unique.values())
    said = tuple(_sighting(reading, a, By.WORDS, 0.7) for a in given)
    loose = tuple(_sighting(reading, a, By.WORDS, 0.5) for a in lines if not unticked)
    nearest = next((s.passage for s in (*proof, *said, *loose)), None)
    nearest = nearest or next((_passage(reading, s.answer) for s in statements), None)
    if params.signed == "consent":
        shown = proof or said
        return Look(seen=bool(shown), shows=shown, refused=tuple(refused), nearest=nearest)
    if params.signed == "proof":
        return Look(seen=bool(proof), shows=proof, refused=tuple(refused), nearest=nearest)
    return Look(
        seen=bool(proof), shows=proof, general=() if proof else (*said, *loose), refused=tuple(refused), nearest=nearest
    )


def _same_place(one: Answer, other: Answer) -> bool:
    """Whether a statement and a signature stand under the same heading."""
    if one.heads == 0 or other.heads == 0:
        return one.heads == other.heads
    return one.labels[len(one.labels) - one.heads :] == other.labels[len(other.labels) - other.heads :]

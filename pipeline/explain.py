"""Explains a requirement (what is asked, why, how dekkend looks) or a verdict (what was considered and what decided).

Decides nothing: shows the norm and what the check saw. The Dutch words are in ``explain.yaml``.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from pipeline.errors import DekkendError, ExitStatus
from pipeline.norm.load import load_norm
from pipeline.norm.messages import suggestion
from pipeline.norm.schema import LoadedNorm, Recognition, Requirement
from pipeline.norm.texts import citation
from pipeline.report.labels import certainty, label, read_labels
from pipeline.result import Finding, Report, Verdict

if TYPE_CHECKING:  # the check brings language data along that `explain` without a file can do without
    from pipeline.check.passages import Passage
    from pipeline.check.reading import Reading
    from pipeline.check.sighting import Look, Refusal, Sighting

_MAX_WIDTH = 100
_MAX_QUOTE = 300
_MAX_PASSAGES = 6
_MAX_WORDS = 14
_INDENT = "  "


class UnknownRequirementError(DekkendError):
    """The norm has no such requirement."""

    code: ClassVar[str] = "requirement-unknown"
    message = "Deze eis is er niet."
    hint = "Met 'dekkend norm list' en de id van een norm ziet u alle eisen."


class UnreadableFileError(DekkendError):
    """The file whose verdict was to be explained could not be checked."""

    code: ClassVar[str] = "unreadable"
    message = "Dit bestand is niet te toetsen."
    exit_status: ClassVar[ExitStatus] = ExitStatus.UNREADABLE


def requirement(norm: str, requirement_id: str, *, width: int | None = None) -> str:
    """Explain what a requirement asks and how it is seen.

    Args:
        norm: Id of a norm or path of a YAML file.
        requirement_id: One of its requirements.
        width: Columns of the terminal; None to ask it. Never more than 100 are used.

    Raises:
        NormError: The norm can't be found or has mistakes.
        UnknownRequirementError: It has no such requirement.
    """
    loaded = load_norm(norm)
    return "\n".join(_Pen(width).requirement(loaded, _find(loaded, requirement_id, norm)))


def verdict(norm: str, requirement_id: str, path: Path, *, width: int | None = None) -> str:
    """Explain the verdict on a requirement for one file: which passages were considered, and what decided.

    Args:
        norm: Id of a norm or path of a YAML file.
        requirement_id: One of its requirements.
        path: The document.
        width: As for ``requirement``.

    Raises:
        NormError, UnknownRequirementError: As for ``requirement``.
        UnreadableFileError: The file can't be checked; the message says why.
    """
    loaded = load_norm(norm)
    asked = _find(loaded, requirement_id, norm)
    from pipeline import steps  # noqa: PLC0415  (loads model and lexicons; a wrong id is told before that)

    examined = steps.examine_file(path, name=path.name, norm=norm, document=steps.read_apart(path))
    words = _words()["errors"]
    if isinstance(examined, Report):
        problem = examined.error.message if examined.error else UnreadableFileError.message
        raise UnreadableFileError(words["unread"].format(file=path.name, message=problem), hint=words["unread_hint"])
    finding = next(f for f in examined.report.findings if f.requirement == asked.id)
    head = _words()["verdict"]["head"].format(file=path.name, norm=loaded.norm.title)
    pen = _Pen(width)
    return "\n".join(pen.verdict(head, asked, finding, examined.reading, examined.looks.get(asked.id, {})))


def _find(loaded: LoadedNorm, requirement_id: str, norm: str) -> Requirement:
    try:
        return loaded.norm.requirement(requirement_id)
    except KeyError:
        words = _words()["errors"]
        meant = suggestion(requirement_id, [own.id for own in loaded.norm.requirements]) or "."
        raise UnknownRequirementError(
            words["unknown"].format(requirement=requirement_id, norm=loaded.norm.id, meant=meant),
            hint=words["unknown_hint"].format(norm=norm),
        ) from None


class _Pen:
    """Writes lines of a given width."""

    def __init__(self, width: int | None) -> None:
        self.width = min(width or shutil.get_terminal_size((_MAX_WIDTH, 24)).columns, _MAX_WIDTH)

    def requirement(self, loaded: LoadedNorm, asked: Requirement) -> Iterator[str]:
        """What is asked, when it is met, how it is seen, examples."""
        words = _words()["requirement"]
        several = len(asked.criteria) > 1
        yield from self.title(asked)
        yield ""
        yield from self.fields(_asked(loaded, asked))
        yield from self.part(words["criteria_more" if several else "criteria_one"])
        for criterion in asked.criteria:
            yield from self.point(criterion.means)
        if asked.partial:
            yield from self.part(words["partial_more" if several else "partial_one"])
            yield from self.paragraph(asked.partial)
        for criterion in asked.criteria:
            recognition = loaded.recognitions.get(f"{asked.id}/{criterion.id}")
            yield from self.part(words["how_criterion" if several else "how"].format(criterion=criterion.id))
            yield from self.recognition(loaded, recognition)
            if recognition is not None:
                title = words["examples_criterion" if several else "examples"].format(criterion=criterion.id)
                yield from self.examples(title, recognition)
        yield from self.part(words["model"])
        yield from self.paragraph(asked.example)

    def recognition(self, loaded: LoadedNorm, recognition: Recognition | None) -> Iterator[str]:
        if recognition is None:
            yield from self.paragraph(_words()["requirement"]["no_recognition"])
            return
        known = _words()["kinds"].get(recognition.kind)
        yield from self.paragraph(known or _words()["kind_unknown"].format(kind=recognition.kind))
        for sentence in _param_sentences(loaded, recognition.params):
            yield from self.point(sentence)
        yield from self.paragraph(_words()["voice"])

    def examples(self, title: str, recognition: Recognition) -> Iterator[str]:
        shown = [
            (_words()["examples"][name], f"“{text}”")
            for name in ("met", "partial", "missing")
            for text in getattr(recognition.examples, name)
        ]
        if shown:
            yield from self.part(title)
            yield from self.fields(shown)

    def verdict(
        self, head: str, asked: Requirement, finding: Finding, reading: Reading, looks: Mapping[str, Look]
    ) -> Iterator[str]:
        """The verdict, each criterion, and the passages that were considered."""
        words = _words()["verdict"]
        yield from self.paragraph(head, indent="")
        yield ""
        yield from self.title(asked)
        yield ""
        yield from self.paragraph(_told(finding), indent="")
        yield from self.paragraph(finding.message)
        if looks:
            yield from self.part(words["criteria"])
            for criterion in asked.criteria:
                state = _state(looks[criterion.id].seen)
                yield from self.point(f"{words['states'][state]}: {criterion.means}", words["marks"][state])
            yield from self.paragraph(words["searched"].format(count=len(reading.passages)))
        for name, look in looks.items():
            yield from self.look(look, reading, name if len(looks) > 1 else None)
        if finding.advice:
            yield ""
            yield from self.fields([(words["advice"], finding.advice)])

    def look(self, look: Look, reading: Reading, criterion: str | None) -> Iterator[str]:
        words = _words()["verdict"]
        told = {s.passage.index for s in (*look.shows, *look.general)} | {r.passage.index for r in look.refused}
        groups = {
            "shows": [(p, _why_seen(own)) for p, own in _by_passage(look.shows)],
            "general": [(p, _why_seen(own)) for p, own in _by_passage(look.general)],
            "refused": [(r.passage, _why_refused(r, reading)) for r in _refusals(look)],
            "nearest": [(look.nearest, "")] if look.nearest and look.nearest.index not in told else [],
        }
        for name, found in groups.items():
            if found:
                yield from self.part(_for_criterion(words[name], criterion))
                yield from self.passages(found)
        if not any(groups.values()):
            yield from self.part(_for_criterion(words["nothing"], criterion))

    def passages(self, told: Sequence[tuple[Passage, str]]) -> Iterator[str]:
        for passage, why in told[:_MAX_PASSAGES]:
            yield from self.point(f"“{_short(passage.text)}”")
            for line in (_place(passage), why):
                yield from self.paragraph(line, indent=_INDENT * 3)
        if len(told) > _MAX_PASSAGES:
            yield from self.paragraph(_words()["verdict"]["more"].format(count=len(told) - _MAX_PASSAGES))

    def title(self, asked: Requirement) -> Iterator[str]:
        title = _clean(asked.title)
        room = self.width - len(title) - len(asked.id)
        yield f"{title}{' ' * room}{asked.id}" if room >= len(_INDENT) else f"{title}\n{_INDENT}{asked.id}"

    def part(self, title: str) -> Iterator[str]:
        yield ""
        yield from self.paragraph(title, indent="")

    def paragraph(self, text: str, indent: str = _INDENT) -> list[str]:
        return self.wrapped(text, indent, indent)

    def point(self, text: str, mark: str = "-") -> list[str]:
        first = f"{_INDENT}{mark} "
        return self.wrapped(text, first, " " * len(first))

    def fields(self, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
        told = list(rows)
        column = max((len(name) for name, _ in told), default=0)
        for name, text in told:
            first = f"{_INDENT}{name:<{column}}  "
            yield from self.wrapped(text, first, " " * len(first))

    def wrapped(self, text: str, first: str, rest: str) -> list[str]:
        # ids and quotes keep their hyphens in one piece, so that they can be copied and searched for
        return wrap(_clean(text), self.width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _asked(loaded: LoadedNorm, asked: Requirement) -> Iterator[tuple[str, str]]:
    words = _words()["requirement"]
    documents = {document.id: document.title for document in loaded.norm.documents}
    values = {
        "asks": asked.asks,
        "level": label("levels", asked.level),
        "sectors": ", ".join(words["sectors"][sector] for sector in asked.sectors),
        "source": citation(asked.source, documents),
        "see_also": "; ".join(citation(source, documents) for source in asked.see_also),
        "valid_from": asked.valid_from.isoformat() if asked.valid_from else "",
        "not_applicable": asked.not_applicable or "",
        "why": asked.why,
        "advice": asked.advice,
    }
    return ((words["fields"][name], value) for name, value in values.items() if value)


def _param_sentences(loaded: LoadedNorm, params: Mapping[str, object]) -> Iterator[str]:
    """The parameters of a recognition that say something to a reader, each as a sentence."""
    from pipeline.check.word_lists import fill, read_word_lists  # noqa: PLC0415  (only for a requirement)

    lists = read_word_lists(loaded.lexicon_dirs)
    for name, sentence in _words()["params"].items():
        value = fill(params.get(name), lists)
        if value is None:
            continue
        match name:
            case "lexicon":
                names = _lexicon_names(loaded, str(value))
                yield sentence.format(value=value, count=len(names), names=", ".join(names[:6]))
            case "groups_from":
                yield sentence.format(value="; ".join(_group_names(loaded, str(value))))
            case "needs_lexicon" | "sign_lexicon" | "general_lexicon" if isinstance(value, list):
                yield sentence.format(value=", ".join(map(str, value)))
            case "layer":
                yield sentence.format(value=_words()["layers"].get(value, value))
            case "groups" if isinstance(value, Mapping):
                yield sentence.format(value=", ".join(map(str, value)))
            case _ if isinstance(value, list | tuple):
                if told := _enumerated(readable_words([str(one) for one in value])):
                    yield sentence.format(value=told)
            case _:
                yield sentence.format(value=value)


def _lexicon_names(loaded: LoadedNorm, name: str) -> list[str]:
    from pipeline.check.lexicon import read_yaml  # noqa: PLC0415  (only for the few criteria that have a lexicon)
    from pipeline.check.recognise import find_lexicon  # noqa: PLC0415

    data = read_yaml(find_lexicon(name, loaded.lexicon_dirs))
    return [str(row["name"]) for row in (data["entries"] if isinstance(data, dict) else data)]


def _group_names(loaded: LoadedNorm, name: str) -> list[str]:
    """The things of a file with ``principles`` or ``phases``, under their titles where they have one."""
    from pipeline.check.lexicon import read_yaml  # noqa: PLC0415  (as in _lexicon_names)
    from pipeline.check.recognise import find_lexicon  # noqa: PLC0415

    data = read_yaml(find_lexicon(name, loaded.lexicon_dirs))
    rows = data.get("principles") or data["phases"]
    return [str(row.get("title", row["name"])) for row in rows]


def _enumerated(told: Sequence[str]) -> str:
    if len(told) <= _MAX_WORDS:
        return ", ".join(told)
    return str(_words()["words_and_more"].format(words=", ".join(told[:_MAX_WORDS]), count=len(told) - _MAX_WORDS))


_TOKEN = re.compile(
    r"(?P<look>\(\?(?:=|!|<=|<!))|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<bar>\|)|(?P<edge>\\[bB]|\^|\$)"
    r"|(?P<number>\\d)|(?P<gap>\\s|\.|\[\^[^\]]*\])|(?P<letters>\\[wWSD]|\[[^\]]*\])|(?P<literal>\\.|[^\\])"
)
_REPEAT = re.compile(r"(?:(?P<optional>\?)|[*+]|\{[\d,]*\})\??")
_GROUP = "(?:"
_MAX_CHOICES = 4
_PIECES = {"gap": " … ", "letters": "…", "number": "0"}


def readable_words(expressions: Iterable[str]) -> list[str]:
    r"""Regular expressions as words that a person can read: ``\b(?:is|zijn) geaudit\w*`` as ``is/zijn geaudit…``.

    An expression that is one choice gives a word for each; a choice inside becomes ``a/b``, what may be absent stands
    in brackets, anything goes at ``…`` and ``0`` is a digit. Exact enough to see what is looked for, not to match with.
    """
    told = [_tidy(choice) for expression in expressions for choice in _outer_choices(expression)]
    return [word for word in dict.fromkeys(told) if word.strip("… /")]


def _outer_choices(expression: str) -> list[str]:
    bare = expression.strip().removeprefix(r"\b").removesuffix(r"\b")
    if bare.startswith(_GROUP):
        inner, end = _choices(bare, len(_GROUP))
        if bare[end:] in ("", r"\w*"):
            return [f"{choice}{'…' if bare[end:] else ''}" for choice in inner]
    return _choices(expression, 0)[0]


def _choices(expression: str, at: int) -> tuple[list[str], int]:
    """The alternatives from ``at`` to the end or the closing bracket, and where that is."""
    choices = [""]
    while at < len(expression) and (token := _TOKEN.match(expression, at)):
        at = token.end()
        match token.lastgroup:
            case "close":
                return choices, at
            case "bar":
                choices.append("")
                continue
            case "edge":
                continue
            case "look":
                _, at = _choices(expression, at)
                continue
            case "open":
                inner, at = _choices(expression, at)
                piece = _joined(inner)
            case "literal":
                piece = token[0][-1]
            case "letters" if " " in token[0]:
                piece = " "
            case name:
                piece = _PIECES[str(name)]
        piece, at = _repeated(expression, at, piece)
        choices[-1] += piece
    return choices, at


def _joined(choices: Sequence[str]) -> str:
    """The choices as ``a/b``, the first few of many; a space at their edges stays outside."""
    told = list(dict.fromkeys(choice.strip() for choice in choices if choice.strip()))
    few = "/".join(told if len(told) <= _MAX_CHOICES else [*told[: _MAX_CHOICES - 1], "…"])
    before, after = (any(one[edge : edge + 1 or None] == " " for one in choices) for edge in (0, -1))
    return f"{' ' if before else ''}{few}{' ' if after else ''}"


def _repeated(expression: str, at: int, piece: str) -> tuple[str, int]:
    repeat = _REPEAT.match(expression, at)
    if repeat is None:
        return piece, at
    core = piece.strip(" …")
    return piece.replace(piece.strip(), f"({piece.strip()})") if repeat["optional"] and core else piece, repeat.end()


def _tidy(text: str) -> str:
    open_end = "…" if text.endswith("…") else ""
    text = re.sub(r"…+", "…", text)
    text = re.sub(r"\s*…\s+(?:…\s*)*|\s+…\s*", " … ", text)
    return " ".join(text.split()).strip("… ") + open_end


def _told(finding: Finding) -> str:
    """The verdict in words with its reason and how sure it is."""
    word = read_labels()["verdicts"][finding.verdict]["word"]
    said = f"{word}: {label('reasons', finding.reason)}" if finding.reason else word
    return said if finding.verdict is Verdict.NOT_APPLICABLE else f"{said} ({certainty(finding.confidence)})"


def _state(seen: bool | None) -> str:
    return "unsure" if seen is None else "seen" if seen else "unseen"


def _for_criterion(title: str, criterion: str | None) -> str:
    """The title, with the criterion where a requirement has several."""
    if criterion is None:
        return title
    return str(_words()["verdict"]["for_criterion"].format(title=title, criterion=criterion))


def _by_passage(sightings: Iterable[Sighting]) -> list[tuple[Passage, list[Sighting]]]:
    """Sightings by passage, the strongest passage first: what was counted in one sentence is told together."""
    found: dict[int, list[Sighting]] = {}
    for sighting in sightings:
        found.setdefault(sighting.passage.index, []).append(sighting)
    ordered = sorted(found.values(), key=lambda own: (-max(s.score for s in own), own[0].passage.index))
    return [(own[0].passage, own) for own in ordered]


def _why_seen(sightings: Sequence[Sighting]) -> str:
    words = _words()
    best = max(sightings, key=lambda s: s.score)
    band = next((b["word"] for b in words["strengths"] if best.score >= b["from"]), words["strengths"][-1]["word"])
    told = str(words["verdict"]["strength"].format(word=band, by=words["by"][best.by]))
    items = list(dict.fromkeys(s.item for s in sightings if s.item))
    return f"{told}; {words['verdict']['counted'].format(items=', '.join(items))}" if items else told


def _refusals(look: Look) -> list[Refusal]:
    """Each refused passage once, the one nearest to the subject first."""
    found: dict[int, Refusal] = {}
    for refusal in look.refused:
        if refusal.passage.index not in found or found[refusal.passage.index].score < refusal.score:
            found[refusal.passage.index] = refusal
    return sorted(found.values(), key=lambda r: (-r.score, r.passage.index))


def _why_refused(refusal: Refusal, reading: Reading) -> str:
    """The reason, with what told: the voice of the passage, or words of the recognition itself."""
    from pipeline.check.voice import HELD_BACK  # noqa: PLC0415

    voice = reading.voice(refusal.passage)
    cue = voice.cue if voice.refused is not None or voice.stance in HELD_BACK else "rule"
    words = _words()
    reason = label("reasons", refusal.reason)
    return str(words["verdict"]["refusal"].format(reason=reason, cue=words["cues"].get(cue, cue)))


def _place(passage: Passage) -> str:
    words = _words()["verdict"]
    section = passage.section[-1] if passage.section else ""
    if passage.page is None:
        return section
    return str(words["place_page" if section else "page"].format(section=section, page=passage.page))


def _short(text: str) -> str:
    return text if len(text) <= _MAX_QUOTE else text[:_MAX_QUOTE].rsplit(" ", 1)[0] + " …"


def _clean(text: str) -> str:
    """On one line, without characters of a document or norm that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return words

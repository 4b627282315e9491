"""Whether a norm is in order: the rules about rules, and every example of a recognition comes out as it says.

Reads the norm's files; the examples run through the same check as documents do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.markdown import read_markdown
from pipeline.check.classifier import PassageClassifier
from pipeline.check.facts import Facts
from pipeline.check.kinds import KINDS
from pipeline.check.lexicon import LexiconError
from pipeline.check.recognise import Ready, make_ready
from pipeline.check.run import Examined, examine
from pipeline.check.say import dutch
from pipeline.check.verdict import decide
from pipeline.errors import NormError, UnknownNormError
from pipeline.norm.lint import lint_norm
from pipeline.norm.load import load_norm
from pipeline.norm.schema import Examples, LoadedNorm, Place, Recognition
from pipeline.result import School, Verdict

# A heading that no recognition looks for: an example must come out by its own words. An example of several lines may
# bring a list, a table or a heading of its own.
_DOCUMENT = "# Onze school\n\n{example}\n"
_QUOTE_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example of a recognition with the verdict that its author expects."""

    criterion: str
    """``<requirement id>/<criterion id>``"""
    expected: Verdict
    text: str


def norm_problems(norm: str) -> list[str]:
    """Everything that is not in order in a norm, one line each; empty when all is.

    Args:
        norm: Id of a shipped norm, or the path of a YAML file.

    Returns:
        Lines with file and line number in front, in the order of the rules about rules, then of the norm.

    Raises:
        UnknownNormError: There is no such norm.
        ModelError: The learned model is not in order; that is no property of the norm.
    """
    try:
        loaded = load_norm(norm)
    except UnknownNormError:
        raise
    except NormError as problem:
        return problem.message.splitlines()
    kinds = {name: kind.params for name, kind in KINDS.items()}
    problems = [str(problem) for problem in lint_norm(_as_kinds_get_it(loaded), kinds)]
    try:
        ready = make_ready(loaded)
    except (NormError, LexiconError) as problem:
        return [*problems, *problem.message.splitlines()]
    return [*problems, *example_problems(ready, _classifier())]


def example_problems(ready: Ready, classifier: PassageClassifier | None) -> Iterator[str]:
    """Run the examples of a norm and tell which come out otherwise, in the order of the norm."""
    for example in norm_examples(ready.loaded):
        given = outcome(example, ready, classifier)
        if given is not example.expected:
            place = _place(ready.loaded, example.criterion)
            yield (
                f"{place.file}:{place.line}: voorbeeld '{example.expected}' van {example.criterion} geeft '{given}': "
                f'"{_short(example.text)}"'
            )


def _as_kinds_get_it(loaded: LoadedNorm) -> LoadedNorm:
    """The norm with ``groups`` for ``groups_from``, which names a file that fills them (see ``recognise``)."""
    return replace(loaded, recognitions={key: _with_groups(one) for key, one in loaded.recognitions.items()})


def _with_groups(recognition: Recognition) -> Recognition:
    if not isinstance(recognition.params.get("groups_from"), str):
        return recognition
    params = {name: value for name, value in recognition.params.items() if name != "groups_from"}
    return recognition.model_copy(update={"params": {"groups": {}, **params}})


def norm_examples(loaded: LoadedNorm) -> Iterator[Example]:
    """Every example of a norm, criteria in the order of the norm."""
    for key in loaded.norm.criterion_keys():
        recognition = loaded.recognitions.get(key)
        for expected, texts in _by_verdict(recognition.examples if recognition else Examples()).items():
            yield from (Example(criterion=key, expected=expected, text=text) for text in texts)


def outcome(example: Example, ready: Ready, classifier: PassageClassifier | None) -> Verdict:
    """The verdict on a document that holds nothing but the example.

    Where a requirement has several criteria, the verdict is on the example's own: no example needs to show the others,
    and a text that shows another one may well speak of this one's subject without showing it.
    """
    requirement, _, criterion = example.criterion.partition("/")
    examined = _examine(example.text, ready, classifier)
    looks = examined.looks[requirement]
    if len(ready.criteria[requirement]) == 1 or criterion not in looks:
        return next(f.verdict for f in examined.report.findings if f.requirement == requirement)
    own = looks[criterion]
    if own.seen is False and any(look.seen for name, look in looks.items() if name != criterion):
        return Verdict.MISSING
    return decide({criterion: own}).verdict


def _examine(text: str, ready: Ready, classifier: PassageClassifier | None) -> Examined:
    document = read_markdown(_DOCUMENT.format(example=text))
    # no sector: an example counts in each sector of its requirement
    facts = Facts(kind=ready.loaded.norm.kinds[0], sector=None, school_year=None, school=School())
    return examine(document, ready, classifier, facts, dutch())


def _by_verdict(examples: Examples) -> Mapping[Verdict, tuple[str, ...]]:
    return {Verdict.MET: examples.met, Verdict.PARTIAL: examples.partial, Verdict.MISSING: examples.missing}


def _place(loaded: LoadedNorm, criterion: str) -> Place:
    whole = loaded.places["recognise", criterion]
    return loaded.places.get(("recognise", criterion, "examples"), whole)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTE_LENGTH else text[:_QUOTE_LENGTH].rsplit(" ", 1)[0] + " …"


@lru_cache(maxsize=1)
def _classifier() -> PassageClassifier:
    return PassageClassifier()

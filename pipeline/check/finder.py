"""A regular expression that first looks for letters without which it cannot match.

A norm asks some two hundred expressions of every passage, and nearly all find nothing. Python's ``re`` tries each
alternative at each place; whether one of a few plain pieces of text occurs at all is known some ten times sooner.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from re import _constants as op  # type: ignore[attr-defined]  # the parsed form has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_COMMON = frozenset("abcdefghijklmnopqrstuvwxyz .,-/")  # alone they stand in nearly every passage
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_NO_WIDTH = {op.AT, op.ASSERT_NOT}


def small(text: str) -> str:
    """In small letters, and those that ``re`` takes for one another alike: "İ", "ı" and "i", "ſ" and "s"."""
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_ALIKE)


_ALIKE = str.maketrans({"ı": "i", "\u0307": None, "ſ": "s", "µ": "μ", "ς": "σ"})  # a large "İ" leaves its dot behind


class Finder:
    """An expression, ignoring case unless ``flags`` say otherwise. Finds what ``re`` finds; compiled when it may match.

    Raises:
        re.error: not a regular expression.
    """

    def __init__(self, expression: str, flags: int = re.IGNORECASE) -> None:
        self.pattern, self._flags = expression, flags
        self.needles = _needles(parser.parse(expression, flags))
        if "(?<" in expression:  # the one mistake that parsing does not see is a look-behind of no fixed length
            _ = self.compiled

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, for a text that is known to hold one of the needles."""
        return re.compile(self.pattern, self._flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self.compiled.search(text) if self.may_match(small(text)) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in the text."""
        return self.compiled.finditer(text) if self.may_match(small(text)) else iter(())

    def may_match(self, lower: str) -> bool:
        """Whether a match is not ruled out in a text, given in small letters."""
        if self.needles is None:
            return True
        # a loop: `any` over a generator takes twice as long, and nothing is asked more often
        for needle in self.needles:  # noqa: SIM110
            if needle in lower:
                return True
        return False

    def may_stand_in(self, shelf: Shelf) -> Iterable[int]:
        """Numbers of the texts in which a match is not ruled out."""
        return range(len(shelf)) if self.needles is None else shelf.holding(self.needles)


class AnyOf:
    """Expressions of which one will do, ignoring case: each is tried by itself, and most are ruled out.

    Raises:
        re.error: one is not a regular expression.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        self._each = tuple(map(Finder, expressions))
        self._always = tuple(one for one in self._each if one.needles is None)
        self._where: dict[str, list[Finder]] = {}
        for one in self._each:
            for needle in one.needles or ():
                self._where.setdefault(needle, []).append(one)
        self._fewest = _fewest(self._where)

    def stands_in(self, text: str) -> bool:
        """Whether one of them matches somewhere in the text."""
        lower = small(text)
        for needle, some in self._where.items():
            if needle in lower:
                for one in some:
                    if one.compiled.search(text):
                        return True
        return any(one.compiled.search(text) for one in self._always)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match of any of them in the text."""
        matches = [match for one in self._each if (match := one.search(text))]
        return min(matches, key=lambda match: match.start(), default=None)

    def may_stand_in(self, shelf: Shelf) -> Iterable[int]:
        """Numbers of the texts in which a match is not ruled out."""
        return range(len(shelf)) if self._always else shelf.holding(self._fewest)


class Shelf:
    """Texts side by side, to be asked all at once. A piece that no text holds costs one look instead of hundreds."""

    def __init__(self, texts: Sequence[str]) -> None:
        lowered = [small(text) for text in texts]
        self._all = _BETWEEN.join(lowered)
        self._starts = [0]
        for text in lowered:
            self._starts.append(self._starts[-1] + len(text) + 1)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def holding(self, needles: Iterable[str]) -> set[int]:
        """Numbers of the texts in which one of the pieces stands, in small letters."""
        found: set[int] = set()
        for needle in needles:
            at = self._all.find(needle)
            while at >= 0:
                number = bisect_right(self._starts, at) - 1
                found.add(number)
                at = self._all.find(needle, self._starts[number + 1])
        return found


_BETWEEN = "\0"  # stands in no expression: no piece is found across two texts


def _needles(parsed: Iterable[Any]) -> tuple[str, ...] | None:
    """Pieces of text in small letters, one of which every match holds; None when there is no such set."""
    found = _best(_required(parsed))
    return None if found is None else _fewest(found)


def _fewest(needles: Iterable[str]) -> tuple[str, ...]:
    """Those that hold no other one: where these are not, the others are not either."""
    shortest_first = sorted(needles, key=lambda n: (len(n), n))
    return tuple(n for i, n in enumerate(shortest_first) if not any(m in n for m in shortest_first[:i]))


def _best(sets: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """The set whose shortest piece is longest: it occurs least."""
    usable = [s for s in sets if s.isdisjoint(_COMMON)]
    return max(usable, key=lambda s: (min(map(len, s)), -len(s)), default=None)


def _required(parsed: Iterable[Any]) -> Iterator[frozenset[str]]:
    """Sets of pieces; of each set every match of the sequence holds at least one."""
    run = ""
    for what, value in _flat(parsed):
        if what is op.LITERAL:
            run += chr(value)
        elif what not in _NO_WIDTH:
            if run:
                yield frozenset((small(run),))
            run = ""
            yield from _inside(what, value)
    if run:
        yield frozenset((small(run),))


def _flat(parsed: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """The parts in order, with those of groups in their place."""
    for what, value in parsed:
        if what is op.SUBPATTERN:
            yield from _flat(value[3])
        elif what is op.ATOMIC_GROUP:
            yield from _flat(value)
        else:
            yield what, value


def _inside(what: Any, value: Any) -> Iterator[frozenset[str]]:
    if what in _REPEATS and value[0] >= 1:
        yield from _required(value[2])
    elif what is op.ASSERT and value[0] >= 0:
        yield from _required(value[1])
    elif what is op.BRANCH:
        yield from _of_each(value[1])


def _of_each(branches: Sequence[Iterable[Any]]) -> Iterator[frozenset[str]]:
    chosen = [_best(_required(branch)) for branch in branches]
    if all(c is not None for c in chosen):
        yield frozenset(piece for c in chosen if c is not None for piece in c)

"""Stretches of text made into passages: short ones joined, long ones divided."""

import functools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, repeat

from ingest.wording import Span, has_letters, lines, paragraphs, sentences, trimmed

# Runs of paragraphs grow to about this many tokens: long enough to have a subject, short enough to
# have only one.
_TARGET = 150
# Less than this says too little alone.
_SHORT = 40

Count = Callable[[str], int]
"""Gives a text's model tokens: those of its words, and those that every text costs once."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch to keep whole: a `solo` one alone, one that `leads` with what follows it.

    One in `rows` is a table, divided between its lines. What stands before an `apart` one is never
    joined to it, since page furniture stands between; `headed` ones join only what is short.
    """

    start: int
    end: int
    label: str | None = None
    solo: bool = False
    leads: bool = False
    rows: bool = False
    apart: bool = False
    headed: bool = False


@functools.lru_cache(maxsize=1024)
def size(text: str, count: Count) -> int:
    """Return the model tokens of a text, its words counted one by one.

    A stretch is measured again and again while it is joined and divided, but a language has few
    words: to remember theirs is eight times faster than to ask the model's tokenizer each time.
    """
    return _tokens("", count) + sum(map(_tokens, text.split(), repeat(count)))


@functools.lru_cache(maxsize=1 << 16)
def _tokens(word: str, count: Count) -> int:
    return count(word) - _tokens("", count) if word else count("")


@dataclass(frozen=True, slots=True)
class Packer:
    """Joins what is short and divides what is long, never over `limit` tokens."""

    text: str
    count: Count
    limit: int

    def pack(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """Yield units that make passages: trimmed, with letters in them, in order."""
        for unit in self._join(self._lead(units)):
            for start, end in self._fit(unit.start, unit.end, rows=unit.rows):
                if has_letters(self.text[start:end]):
                    yield replace(unit, start=start, end=end)

    def _size(self, start: int, end: int) -> int:
        return size(self.text[start:end], self.count)

    def _lead(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """Give a heading to what follows it; alone it stays only where nothing follows.

        So too a line without letters, which can be no passage of its own.
        """
        waiting: Unit | None = None
        for unit in units:
            if waiting and unit.apart:
                yield waiting
                waiting = None
            if waiting:
                headed = waiting.headed or unit.headed
                unit = replace(unit, start=waiting.start, apart=waiting.apart, headed=headed)
            mute = not has_letters(self.text[unit.start : unit.end])
            waiting = unit if unit.leads or (mute and not unit.solo) else None
            if waiting is None:
                yield unit
        if waiting:
            yield waiting

    def _join(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """Join neighbours of one label that are no concern or item of their own."""
        current: Unit | None = None
        size = 0
        for unit in units:
            more = self._size(unit.start, unit.end)
            if current is not None and self._belongs(current, unit, size, more):
                current = replace(current, end=unit.end)
                size += more
                continue
            if current is not None:
                yield current
            current, size = unit, more
        if current is not None:
            yield current

    def _belongs(self, current: Unit, unit: Unit, size: int, more: int) -> bool:
        if current.solo or unit.solo or unit.apart or current.label != unit.label:
            return False
        if unit.headed and size >= _SHORT:
            return False
        total = size + more
        small = min(size, more) < _SHORT and total <= self.limit
        return total <= min(_TARGET, self.limit) or small

    def _fit(self, start: int, end: int, *, rows: bool = False) -> list[Span]:
        """Divide a stretch at rows or paragraphs, else sentences, else words, into even pieces."""
        start, end = trimmed(self.text, start, end)
        total = self._size(start, end) if end > start else 0
        if total <= self.limit:
            return [(start, end)] if end > start else []
        pieces = [piece for span in self._divide(start, end, rows) for piece in self._fit(*span)]
        even = min(self.limit, math.ceil(1.1 * total / math.ceil(total / self.limit)))
        return self._merge(pieces, even, rows)

    def _divide(self, start: int, end: int, rows: bool) -> list[Span]:
        if rows:
            spans = [trimmed(self.text, *line) for line in lines(self.text, start, end)]
            spans = [span for span in spans if span[1] > span[0]]
            if len(spans) > 1:
                return spans
        for divided in (paragraphs, sentences):
            spans = divided(self.text, start, end)
            if len(spans) > 1:
                return spans
        middle = (start + end) // 2
        spaces = [match.start() for match in re.finditer(r"\s+", self.text[start:end])]
        nearest = min(spaces, key=lambda at: abs(start + at - middle), default=middle - start)
        return [(start, start + nearest), (start + nearest, end)]

    def _merge(self, pieces: Sequence[Span], size: int, rows: bool) -> list[Span]:
        out = list(pieces[:1])
        filled = self._size(*out[0]) if out else 0
        for (_, before), (start, end) in pairwise(pieces):
            more = self._size(start, end)
            # Rows are short, so the tokens that every text costs once would add up to many.
            total = self._size(out[-1][0], end) if rows else filled + more
            if total <= size and before <= start:
                out[-1] = (out[-1][0], end)
                filled = total
            else:
                out.append((start, end))
                filled = more
        return out

"""A document divided into passages: one concern, one answer, one row, else a run of paragraphs.

A passage is a slice of one section and never longer than the model reads. Every word of the text
stands in exactly one passage, page furniture and lone figures aside.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.boilerplate import is_boilerplate
from ingest.concerns import find_concerns, list_spans
from ingest.markers import top_list
from ingest.wording import Span, has_letters, is_furniture, lines, paragraphs, sentences, trimmed
from kb.documents import Concern, Kind, Passage, Section, SectionKind

# Runs of paragraphs grow to about this many tokens: long enough to have a subject, short enough to
# have only one.
_TARGET = 150
# Less than this says too little alone.
_SHORT = 40
_RECOMMENDATION = re.compile(r"recommendation (\d{1,3})", re.IGNORECASE)
_LISTED = (SectionKind.ANSWER, SectionKind.RECOMMENDATIONS)

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A stretch to keep whole: a `solo` one alone, one that `leads` with what follows it."""

    start: int
    end: int
    label: str | None = None
    solo: bool = False
    leads: bool = False


def concerns_of(text: str, sections: Sequence[Section]) -> tuple[Concern, ...]:
    """Return the concerns of a document's concerns sections, in order."""
    return tuple(
        concern
        for section in sections
        if section.kind is SectionKind.CONCERNS
        for concern in find_concerns(text, section.start, section.end)
    )


def split_passages(
    text: str,
    sections: Sequence[Section],
    *,
    kind: Kind,
    count: Count,
    pages: Sequence[int] = (),
    limit: int = 220,
) -> tuple[Passage, ...]:
    """Return the passages of a document in the order of its text.

    `count` gives a text's length in model tokens; that of two texts joined by white space must not
    exceed the sum of theirs. `pages` holds the offset of each page's first character; without it a
    passage's page is None. No passage is longer than `limit` tokens.
    """
    packer = _Packer(text, count, limit)
    return tuple(
        Passage(
            section=place,
            start=unit.start,
            end=unit.end,
            text=text[unit.start : unit.end],
            label=unit.label,
            page=bisect_right(pages, unit.start) if pages else None,
            boilerplate=is_boilerplate(text[unit.start : unit.end], section, kind),
        )
        for place, section in enumerate(sections)
        for unit in packer.pack(_units(text, section))
    )


def _units(text: str, section: Section) -> list[_Unit]:
    """Divide a section into what belongs together; the heading leads what follows it."""
    body = _heading_end(text, section)
    heading = trimmed(text, section.start, body)
    units = [_Unit(*heading, leads=True)] if heading[1] > heading[0] else []
    numbered = _RECOMMENDATION.fullmatch(section.heading)
    if section.kind is SectionKind.CONCERNS:
        return units + _with_gaps(text, body, section.end, _concern_units(text, section, body))
    if numbered and section.kind is SectionKind.RECOMMENDATIONS:
        rows = (trimmed(text, *span) for span in lines(text, body, section.end))
        return units + [_Unit(*row, label=numbered[1]) for row in rows if row[1] > row[0]]
    if section.kind in _LISTED:
        return units + _with_gaps(text, body, section.end, _item_units(text, body, section.end))
    return units + _plain_units(text, body, section.end)


def _heading_end(text: str, section: Section) -> int:
    """Return where a section's heading line ends, the section's start where it has none.

    A heading's number may stand on a line of its own; a heading that runs on into its text is
    part of the first paragraph.
    """
    wanted = _bare(section.heading)
    if not wanted:
        return section.start
    for place, (_, end) in enumerate(lines(text, section.start, section.end)):
        if _bare(text[section.start : end]) == wanted:
            return end
        if place == 3:
            break
    return section.start


def _bare(words: str) -> str:
    return "".join(character for character in words.casefold() if character.isalnum())


def _concern_units(text: str, section: Section, body: int) -> list[_Unit]:
    return [
        _Unit(max(concern.start, body), concern.end, concern.number, solo=True)
        for concern in find_concerns(text, section.start, section.end)
        if concern.end > body
    ]


def _item_units(text: str, start: int, end: int) -> list[_Unit]:
    """The numbered items of an answer; bullets are details and stay with their paragraph."""
    markers = top_list(text, start, end)
    if len(markers) < 2 or markers[0].number is None:
        return []
    spans = list_spans(text, start, end)
    return [
        _Unit(*trimmed(text, *span), label=marker.number, solo=True)
        for marker, span in zip(markers, spans, strict=True)
    ]


def _with_gaps(text: str, start: int, end: int, units: list[_Unit]) -> list[_Unit]:
    """Put the paragraphs that stand before, between and after the units in their places."""
    out: list[_Unit] = []
    position = start
    for unit in units:
        out += _plain_units(text, position, unit.start)
        out.append(unit)
        position = unit.end
    return out + _plain_units(text, position, end)


def _plain_units(text: str, start: int, end: int) -> list[_Unit]:
    return [
        _Unit(*span)
        for span in paragraphs(text, start, end)
        if not is_furniture(text[span[0] : span[1]])
    ]


@dataclass(frozen=True, slots=True)
class _Packer:
    """Joins what is short and divides what is long, never over `limit` tokens."""

    text: str
    count: Count
    limit: int

    def pack(self, units: Iterable[_Unit]) -> Iterator[_Unit]:
        """Yield units that make passages: trimmed, with letters in them, in order."""
        for unit in self._join(self._lead(list(units))):
            for start, end in self._fit(unit.start, unit.end):
                if has_letters(self.text[start:end]):
                    yield replace(unit, start=start, end=end)

    def _size(self, start: int, end: int) -> int:
        return self.count(self.text[start:end])

    def _lead(self, units: list[_Unit]) -> Iterator[_Unit]:
        """Give a heading to what follows it; alone it stays only where nothing follows.

        So too a line without letters, which can be no passage of its own.
        """
        waiting: _Unit | None = None
        for unit in units:
            start = waiting.start if waiting else unit.start
            mute = not has_letters(self.text[unit.start : unit.end])
            waiting = None
            if unit.leads or (mute and not unit.solo):
                waiting = replace(unit, start=start)
            else:
                yield replace(unit, start=start)
        if waiting:
            yield waiting

    def _join(self, units: Iterable[_Unit]) -> Iterator[_Unit]:
        """Join neighbours of one label that are no concern or item of their own."""
        current: _Unit | None = None
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

    def _belongs(self, current: _Unit, unit: _Unit, size: int, more: int) -> bool:
        if current.solo or unit.solo or current.label != unit.label:
            return False
        total = size + more
        small = min(size, more) < _SHORT and total <= self.limit
        return total <= min(_TARGET, self.limit) or small

    def _fit(self, start: int, end: int) -> list[Span]:
        """Divide a stretch at paragraphs, else sentences, else words, into even pieces."""
        start, end = trimmed(self.text, start, end)
        total = self._size(start, end) if end > start else 0
        if total <= self.limit:
            return [(start, end)] if end > start else []
        pieces = [piece for span in self._divide(start, end) for piece in self._fit(*span)]
        even = min(self.limit, math.ceil(1.1 * total / math.ceil(total / self.limit)))
        return self._merge(pieces, even)

    def _divide(self, start: int, end: int) -> list[Span]:
        for divided in (paragraphs, sentences):
            spans = divided(self.text, start, end)
            if len(spans) > 1:
                return spans
        middle = (start + end) // 2
        spaces = [match.start() for match in re.finditer(r"\s+", self.text[start:end])]
        nearest = min(spaces, key=lambda at: abs(start + at - middle), default=middle - start)
        return [(start, start + nearest), (start + nearest, end)]

    def _merge(self, pieces: Sequence[Span], size: int) -> list[Span]:
        out = list(pieces[:1])
        filled = self._size(*out[0]) if out else 0
        for (_, before), (start, end) in pairwise(pieces):
            more = self._size(start, end)
            if filled + more <= size and before <= start:
                out[-1] = (out[-1][0], end)
                filled += more
            else:
                out.append((start, end))
                filled = more
        return out

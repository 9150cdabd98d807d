"""A document divided into passages: one concern, one answer, one row, else a run of paragraphs.

A passage is a slice of one section and never longer than the model reads. Every word of the text
stands in exactly one passage, page furniture and lone figures aside.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.boilerplate import is_boilerplate
from ingest.concerns import find_concerns, list_spans
from ingest.headings import outline
from ingest.markers import top_list
from ingest.packing import Count, Packer, Unit
from ingest.wording import Span, is_furniture, lines, paragraphs, trimmed
from kb.documents import Concern, Kind, Passage, Section, SectionKind
from kb.records import Table

_RECOMMENDATION = re.compile(r"recommendation (\d{1,3})", re.IGNORECASE)
_MARKS = re.compile(r"[\W_]+")
_LISTED = (SectionKind.ANSWER, SectionKind.RECOMMENDATIONS)

_Fill = Callable[[int, int], list[Unit]]


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
    concerns: Sequence[Concern] | None = None,
    pages: Sequence[int] = (),
    tables: Sequence[Table] = (),
    furniture: Sequence[Span] = (),
    limit: int = 220,
) -> tuple[Passage, ...]:
    """Return the passages of a document in the order of its text.

    `count` gives a text's length in model tokens: those of its words (what white space parts), and
    those that every text costs once. `concerns` are those of `concerns_of`, None to have them found
    here. `pages` holds the offset of each page's first character; without it a passage's page is
    None. A table of `tables` is a passage labelled "Table 9", or runs of its rows
    where it is long; lines of `furniture` stand in none. No passage is longer than `limit` tokens.
    """
    packer = Packer(text, count, limit)
    concerns = concerns_of(text, sections) if concerns is None else concerns
    heads = outline(text) if kind is Kind.ANNUAL_REPORT else []
    fill = _Laid(text, _marks(tables, furniture, [(head.start, head.end) for head in heads]))
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
        for unit in packer.pack(_units(text, section, concerns, fill))
    )


def _units(text: str, section: Section, concerns: Sequence[Concern], fill: _Fill) -> list[Unit]:
    """Divide a section into what belongs together; the heading leads what follows it."""
    body = _heading_end(text, section)
    heading = trimmed(text, section.start, body)
    units = [Unit(*heading, leads=True)] if heading[1] > heading[0] else []
    numbered = _RECOMMENDATION.fullmatch(section.heading)
    if section.kind is SectionKind.CONCERNS:
        return units + _with_gaps(fill, body, section.end, _concern_units(concerns, section, body))
    if numbered and section.kind is SectionKind.RECOMMENDATIONS:
        rows = (trimmed(text, *span) for span in lines(text, body, section.end))
        return units + [Unit(*row, label=numbered[1]) for row in rows if row[1] > row[0]]
    if section.kind in _LISTED:
        return units + _with_gaps(fill, body, section.end, _item_units(text, body, section.end))
    return units + fill(body, section.end)


def _heading_end(text: str, section: Section) -> int:
    """Return where a section's heading line ends, the section's start where it has none.

    A heading's number may stand on a line of its own; a heading that runs on into its text is
    part of the first paragraph.
    """
    wanted = _bare(section.heading)
    if not wanted:
        return section.start
    written = ""
    for start, end in islice(lines(text, section.start, section.end), 4):
        written += _bare(text[start:end])
        if written == wanted:
            return end
        if not wanted.startswith(written):
            break
    return section.start


def _bare(words: str) -> str:
    return _MARKS.sub("", words.casefold())


def _concern_units(concerns: Sequence[Concern], section: Section, body: int) -> list[Unit]:
    return [
        Unit(max(concern.start, body), concern.end, concern.number, solo=True)
        for concern in concerns
        if section.start <= concern.start and body < concern.end <= section.end
    ]


def _item_units(text: str, start: int, end: int) -> list[Unit]:
    """The numbered items of an answer; bullets are details and stay with their paragraph."""
    markers = top_list(text, start, end)
    if len(markers) < 2 or markers[0].number is None:
        return []
    spans = list_spans(text, start, end)
    return [
        Unit(*trimmed(text, *span), label=marker.number, solo=True)
        for marker, span in zip(markers, spans, strict=True)
    ]


def _with_gaps(fill: _Fill, start: int, end: int, units: list[Unit]) -> list[Unit]:
    """Put the paragraphs that stand before, between and after the units in their places."""
    out: list[Unit] = []
    position = start
    for unit in units:
        out += fill(position, unit.start)
        out.append(unit)
        position = unit.end
    return out + fill(position, end)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch whose part is known: a table, a sub-heading, or (no unit) page furniture."""

    start: int
    end: int
    unit: Unit | None


def _marks(
    tables: Sequence[Table], furniture: Sequence[Span], headings: Sequence[Span]
) -> list[_Mark]:
    """Return the marks in order; none lies in another, and furniture goes before a heading."""
    known = {span: _Mark(*span, Unit(*span, leads=True, headed=True)) for span in headings}
    known |= {span: _Mark(*span, None) for span in furniture}
    for table in tables:
        label = f"Table {table.number}" if table.number else None
        span = (table.start, table.end)
        known[span] = _Mark(*span, Unit(*span, label=label, solo=True, rows=True))
    out: list[_Mark] = []
    for mark in sorted(known.values(), key=lambda mark: (mark.start, -mark.end)):
        if not out or mark.start >= out[-1].end:
            out.append(mark)
    return out


@dataclass(frozen=True, slots=True)
class _Laid:
    """Gives the units of a stretch, its marks among them in their places."""

    text: str
    marks: Sequence[_Mark]

    def __call__(self, start: int, end: int) -> list[Unit]:
        """Return units; what follows furniture is kept apart from what stands before it."""
        out: list[Unit] = []
        position, apart = start, False
        first = bisect_left(self.marks, start, key=lambda mark: mark.start)
        last = bisect_left(self.marks, end, key=lambda mark: mark.start)
        for mark in [*self.marks[first:last], _Mark(end, end, None)]:
            if mark.end > end:
                continue
            units = _plain_units(self.text, position, mark.start)
            units += [mark.unit] if mark.unit else []
            if apart and units:
                units[0], apart = replace(units[0], apart=True), False
            out += units
            apart = apart or mark.unit is None
            position = mark.end
        return out


def _plain_units(text: str, start: int, end: int) -> list[Unit]:
    return [
        Unit(*span)
        for span in paragraphs(text, start, end)
        if not is_furniture(text[span[0] : span[1]])
    ]

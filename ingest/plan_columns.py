"""What the columns of a plan's table hold, read from its header; which cell stands in which."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.dates import find_dates
from ingest.plan_cells import is_marker, split_cells
from ingest.wording import Span, has_letters, lines, plain, table

_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?![\d/])")
_MONTH_YEAR = re.compile(r"(?<![\d/])(?P<month>0?[1-9]|1[0-2])/(?P<year>20\d\d)(?![\d/])")
_LEAST_HEADED = 3
_LONGEST_HEADING = 400  # guidance is often left in it ("Please consider where and how ...")
# "review" and "completion" under "Lead" and "Date of": a header may run over two lines.
_LONGEST_SECOND_LINE = 3


class Column(StrEnum):
    """What a column of a plan holds."""

    NUMBER = "number"
    CAUSE = "cause"
    RECOMMENDATION = "recommendation"
    ACTION = "action"
    UPDATE = "update"
    OWNER = "owner"
    DUE = "due"
    REVIEW = "review"
    COMPLETED = "completed"
    COMPLETION = "completion"
    STATUS = "status"
    EVIDENCE = "evidence"
    OTHER = "other"


DATED = frozenset({Column.DUE, Column.REVIEW, Column.COMPLETED})
PROSE = (Column.CAUSE, Column.RECOMMENDATION, Column.ACTION, Column.UPDATE)

Line = dict[Column, Span]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table from the left; `end` is where its header ends in the text."""

    columns: tuple[Column, ...]
    end: int

    @property
    def width(self) -> int:
        """How many columns there are up to the last one whose heading we know."""
        known = [place for place, column in enumerate(self.columns) if column is not Column.OTHER]
        return known[-1] + 1

    @property
    def prose(self) -> tuple[Column, ...]:
        """The columns whose cells run over many lines, from the left."""
        return tuple(column for column in self.columns if column in PROSE)

    @property
    def main(self) -> Column:
        """The column with most to say: the account of what was done, else the actions."""
        return Column.UPDATE if Column.UPDATE in self.columns else Column.ACTION


@functools.cache
def _headings() -> tuple[tuple[Column, re.Pattern[str]], ...]:
    return tuple(
        (Column(row["column"]), re.compile(row["heading"], re.IGNORECASE))
        for row in table("actions")["columns"]
    )


def column_named(heading: str) -> Column:
    """Return what a column of this heading holds; `OTHER` for a heading that we do not know."""
    words = plain(heading[:_LONGEST_HEADING]).strip(" *:")
    found = (column for column, pattern in _headings() if words and pattern.match(words))
    return next(found, Column.OTHER)


def headers(text: str, start: int, end: int) -> Iterator[Header]:
    """Yield the table headers of a stretch of text, in order."""
    spans = list(lines(text, start, end))
    for place, (begin, stop) in enumerate(spans):
        names = [text[slice(*span)] for span in split_cells(text, begin, stop)]
        if not _is_header(names):
            continue
        if place + 1 < len(spans):
            below = [text[slice(*span)] for span in split_cells(text, *spans[place + 1])]
            if _is_second_line(below):
                names = _stacked(names, below)
                stop = spans[place + 1][1]
        yield Header(_settled([column_named(name) for name in names]), stop)


def _is_header(names: Sequence[str]) -> bool:
    named = {column_named(name) for name in names} - {Column.OTHER}
    says_what = named & {Column.ACTION, Column.RECOMMENDATION}
    says_who_or_when = named & {Column.OWNER, Column.COMPLETION, *DATED}
    short = not any(re.search(r"\b(?:must|shall|should)\b", name) for name in names)
    return bool(len(named) >= _LEAST_HEADED and says_what and says_who_or_when and short)


def _is_second_line(names: Sequence[str]) -> bool:
    filled = [name for name in names if name]
    return (
        len(names) > 1
        and not names[0]
        and bool(filled)
        and all(name[0].islower() and len(name.split()) <= _LONGEST_SECOND_LINE for name in filled)
    )


def _stacked(above: Sequence[str], below: Sequence[str]) -> list[str]:
    more = [*below, *[""] * max(0, len(above) - len(below))]
    return [f"{name} {rest}".strip() for name, rest in zip(above, more, strict=False)]


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """Name each column once, and a "completion" by whether another column says when it was due."""
    dated = {Column.DUE, Column.REVIEW} & set(columns)
    completion = Column.COMPLETED if dated else Column.DUE
    if Column.RECOMMENDATION not in columns and Column.CAUSE in columns:
        columns[columns.index(Column.CAUSE)] = Column.RECOMMENDATION
    out: list[Column] = []
    for column in columns:
        named = completion if column is Column.COMPLETION else column
        out.append(Column.OTHER if named in out else named)
    return tuple(out)


def dates_of(words: str) -> list[tuple[int, int, str]]:
    """Return start, end and partial date of each date in a cell, where a bare year is one too."""
    found = list(find_dates(words))
    for match in _MONTH_YEAR.finditer(words):
        iso = f"{match['year']}-{int(match['month']):02d}"
        found = _with(found, (match.start(), match.end(), iso))
    for match in _YEAR.finditer(words):
        found = _with(found, (match.start(), match.end(), match[0]))
    return sorted(found)


def _with(
    found: list[tuple[int, int, str]], more: tuple[int, int, str]
) -> list[tuple[int, int, str]]:
    apart = all(more[1] <= start or more[0] >= end for start, end, _ in found)
    return [*found, more] if apart else found


def align(text: str, cells: Sequence[Span], header: Header) -> tuple[Line, int] | None:
    """Return which column each filled cell stands in, and how many columns were lost at the left.

    A list number in a cell of its own belongs to the cell after it. Where dates would stand in no
    column of dates, columns were lost and the cells are moved to the right. None means that the
    cells cannot be told apart. Debris (figures where words should be) is left out.
    """
    joined = _with_markers(text, cells, header)
    if _filled(joined) > len(header.columns):
        joined = _without_lost_bullet(joined, header)
    filled = _filled(joined)
    for shift in range(max(0, header.width - filled) + 1):
        placed = {place + shift: span for place, span in enumerate(joined[:filled])}
        if filled + shift <= len(header.columns) and _dates_fit(text, placed, header):
            named = {header.columns[place]: span for place, span in placed.items()}
            return {c: s for c, s in named.items() if _says(text[slice(*s)], c)}, shift
    return None


def _filled(cells: Sequence[Span]) -> int:
    return max((place + 1 for place, (begin, end) in enumerate(cells) if begin < end), default=0)


def _without_lost_bullet(cells: list[Span], header: Header) -> list[Span]:
    """Drop the empty cell before an action: its bullet was of a font that is not there."""
    if Column.ACTION not in header.columns:
        return cells
    place = header.columns.index(Column.ACTION)
    empty = cells[place][0] == cells[place][1]
    return cells[:place] + cells[place + 1 :] if empty else cells


def _with_markers(text: str, cells: Sequence[Span], header: Header) -> list[Span]:
    out: list[Span] = []
    opened: int | None = None
    for begin, end in cells:
        numbers = len(out) < len(header.columns) and header.columns[len(out)] is Column.NUMBER
        if opened is None and is_marker(text[begin:end]) and not numbers:
            opened = begin
            continue
        out.append((begin if opened is None else opened, end))
        opened = None
    return out


def _dates_fit(text: str, placed: dict[int, Span], header: Header) -> bool:
    return all(
        header.columns[place] in {*DATED, Column.OTHER} or not _is_date(text[slice(*span)])
        for place, span in placed.items()
    )


def _is_date(words: str) -> bool:
    """Tell whether a cell begins with a whole date, as a cell of dates does."""
    found = next(find_dates(words), None)
    return found is not None and found[0] == 0 and not has_letters(words[found[1] :][:1])


def _says(words: str, column: Column) -> bool:
    """Tell words from debris: a column of dates may hold figures, a number is a number."""
    if column is Column.NUMBER:
        return bool(words)
    return has_letters(words) or (column in DATED and bool(dates_of(words)))

"""The rows of one recommendation put together again where pages and lines have broken them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.plan_cells import STOPS, Cell, begins_with_marker, cell_of, is_page_head, split_cells
from ingest.plan_columns import DATED, PROSE, Column, Header, Line, align, dates_of, headers
from ingest.wording import Span, has_letters, lines

# A row breaks where its longest cell reaches the foot of the page; a cell much shorter than that
# had come to its end, whether or not it ends in a stop.
_REACHES_FOOT = 0.35
# No recommendation is this long: what would be one is a damaged table.
_LONGEST = 100_000
_OF_ROW = frozenset({Column.NUMBER, Column.CAUSE, Column.RECOMMENDATION, Column.UPDATE})

Pieces = dict[Column, list[Span]]


@dataclass(slots=True)
class Rows:
    """What a stretch of a table says: of the recommendation, and of each of its actions.

    `separated` is False where columns could not be told apart; nothing else is then to be used.
    """

    text: str
    whole: Pieces = field(default_factory=dict)
    entries: list[Pieces] = field(default_factory=list)
    separated: bool = True

    def cell(self, column: Column, entry: int | None = None) -> Cell:
        """Return a cell of the recommendation, or of one of its actions."""
        pieces = self.whole if entry is None else self.entries[entry]
        return cell_of(self.text, pieces.get(column, ()))

    def so_far(self, column: Column) -> Cell:
        """Return what a column holds up to now, of the action that is being read."""
        if column in _OF_ROW:
            return self.cell(column)
        return self.cell(column, -1) if self.entries else Cell("", ())

    def add(self, column: Column, span: Span) -> None:
        """Put another piece into a column, of the action that is being read."""
        if column in _OF_ROW:
            self.whole.setdefault(column, []).append(span)
            return
        if not self.entries:
            self.entries.append({})
        self.entries[-1].setdefault(column, []).append(span)


@dataclass(frozen=True, slots=True)
class _Printed:
    """A line of a table; `parted` tells that a page or an empty line stands before it."""

    cells: tuple[Span, ...]
    parted: bool


def read_rows(text: str, start: int, end: int, header: Header, *, last: bool = False) -> Rows:
    """Return the rows of a stretch of a table under a header; `last` tells that the table ends.

    The first line of a stretch must be a row of the table, else its columns are interleaved.
    """
    rows = Rows(text, separated=end - start <= _LONGEST)
    if not rows.separated:
        return rows
    printed = list(_printed(text, start, end, header))
    place = 0
    while place < len(printed) and rows.separated:
        line = printed[place]
        if _is_row(line, header):
            rows.separated = _add_row(rows, line, header)
            place += 1
            continue
        block = [line]
        while place + len(block) < len(printed):
            after = printed[place + len(block)]
            if len(after.cells) != len(line.cells):
                break
            block.append(after)
        place += len(block)
        if not (rows.whole or rows.entries):
            rows.separated = False
        elif line.parted:
            rows.separated = _add_block(rows, block, header, last=last)
    return rows


def _printed(text: str, start: int, end: int, header: Header) -> Iterator[_Printed]:
    """Yield the lines that say something: no rules, debris of page heads, or repeated headers."""
    again = {found.end for found in headers(text, start, end)}
    parted = False
    for begin, stop in lines(text, start, end):
        cells = tuple(split_cells(text, begin, stop))
        says = [text[slice(*span)] for span in cells if span[0] < span[1]]
        narrow = len(cells) < header.width - 1
        if (
            not any(map(_is_written, says))
            or stop in again
            or (parted and narrow and is_page_head(text, " ".join(says)))
        ):
            parted = True
            continue
        yield _Printed(cells, parted)
        parted = False


def _is_written(words: str) -> bool:
    return has_letters(words) or bool(dates_of(words))


def _is_row(line: _Printed, header: Header) -> bool:
    return len(line.cells) >= max(2, header.width - 1)


def _add_row(rows: Rows, printed: _Printed, header: Header) -> bool:
    aligned = align(rows.text, printed.cells, header)
    if aligned is None:
        return False
    line, shift = aligned
    if shift:
        line = _moved(rows, line)
    if _begins_action(rows, line):
        rows.entries.append({})
    for column, span in line.items():
        rows.add(column, span)
    return True


def _moved(rows: Rows, line: Line) -> Line:
    """Put what goes on from the row above where a sentence is unfinished, columns being lost."""
    goes_on = [c for c in (Column.CAUSE, Column.RECOMMENDATION) if c in line]
    unfinished = [
        column
        for column in (Column.CAUSE, Column.RECOMMENDATION)
        if (cell := rows.so_far(column)) and not cell.closed
    ]
    if len(goes_on) == len(unfinished) == 1 and goes_on != unfinished:
        return {unfinished[0] if c is goes_on[0] else c: span for c, span in line.items()}
    return line


def _begins_action(rows: Rows, line: Line) -> bool:
    """Tell whether a row begins an action rather than going on with the one above it."""
    if Column.ACTION not in line or not rows.entries or not rows.entries[-1]:
        return Column.ACTION in line and not rows.entries
    words = {column: rows.text[slice(*span)] for column, span in line.items()}
    if begins_with_marker(words[Column.ACTION]):
        return True
    if not words[Column.ACTION][0].isupper():
        return False
    dated_twice = any(
        column in rows.entries[-1] and dates_of(words[column]) for column in DATED & words.keys()
    )
    # In the wrapped lines of one row some cell begins inside a sentence.
    wrapped = any(each[0].islower() for each in words.values())
    return dated_twice or (Column.OWNER in words and not wrapped)


def _add_block(rows: Rows, block: Sequence[_Printed], header: Header, *, last: bool) -> bool:
    """Give lines that lost some of their columns to the columns that were unfinished."""
    text = rows.text
    used = sorted({n for line in block for n, (begin, end) in enumerate(line.cells) if begin < end})
    unfinished = _unfinished(rows, header)
    if len(used) == 1:
        untabbed = all(len(line.cells) == 1 for line in block)
        if not (last and untabbed and not unfinished):
            _pour(rows, [line.cells[used[0]] for line in block], unfinished, header.main)
        return True
    if len(used) != len(unfinished):
        return False
    for line in block:
        for number, column in zip(used, unfinished, strict=True):
            begin, end = line.cells[number]
            if has_letters(text[begin:end]):
                rows.add(column, (begin, end))
    return True


def _unfinished(rows: Rows, header: Header) -> list[Column]:
    cells = {column: rows.so_far(column) for column in header.prose}
    longest = max((len(cell.words) for cell in cells.values()), default=0)
    return [
        column
        for column in PROSE
        if (cell := cells.get(column))
        and not cell.closed
        and len(cell.words) >= _REACHES_FOOT * longest
    ]


def _pour(rows: Rows, spans: Sequence[Span], unfinished: list[Column], main: Column) -> None:
    """Give lines of one column to each unfinished column in turn, then to the one that says most.

    A page that was not laid out as a table is read down one column after the other.
    """
    left = list(unfinished)
    for span in spans:
        column = left[0] if left else main
        rows.add(column, span)
        if left and rows.text.endswith(STOPS, *span):
            left.pop(0)

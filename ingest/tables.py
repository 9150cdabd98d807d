"""Tables as they stand in a text: caption, header and rows, from lines whose cells tabs part.

PDFs, Word documents and web pages all arrive as such lines. A table keeps its words as written,
also where a column is plainly stuck or a machine misread a letter; only layout is undone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.contents import contents_span
from ingest.headings import marked_headings
from ingest.table_captions import Caption, caption_in, find_captions, pair
from ingest.table_flat import flat_table
from ingest.table_rows import (
    Row,
    cells_of,
    filled,
    header_of,
    header_rows,
    is_value,
    joined,
    squared,
)
from ingest.wording import Span, lines, trimmed
from kb.records import Table

_MARKER = re.compile(r"[•·▪●○◦■□➢✓*–-]|\d{1,2}|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
# So many lines without a tab may stand inside a row: a cell whose words go on.
_LONGEST_WRAP = 2
_MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that belong to one table, as cells; `caption` is the one found in its first row."""

    start: int
    end: int
    rows: tuple[Row, ...]
    caption: Caption | None = None


def read_tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a text in its order; `number` and `caption` are None where not stated.

    A table's span holds its caption only where nothing stands between. `header` is () where no
    row names the columns; a name that spans columns is said over each. A table that was read as
    one line is put back by the tables beside it, or kept as one row of one cell.
    """
    blocks = [_titled(block) for block in _broken_tables(text, _blocks(text))]
    bare = [block for block in blocks if block.caption is None]
    captions = find_captions(text)
    found = pair(text, captions, [(block.start, block.end) for block in bare])
    beside = {bare[place].start: caption for place, caption in found.items()}
    tables = [
        table
        for block in blocks
        if (table := _table(text, block, block.caption or beside.get(block.start))) is not None
    ]
    have = {table.number for table in tables}
    left = [caption for caption in captions if caption.number not in have]
    flat = [table for caption in left if (table := flat_table(caption, tables)) is not None]
    return tuple(sorted([*tables, *flat], key=lambda table: table.start))


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the runs of lines that have cells, each with the lines that only go on with one."""
    run: list[Span] = []
    loose: list[Span] = []
    for span, cells in _celled_lines(text):
        begins = cells is None or any(map(caption_in, cells)) or len(loose) > _LONGEST_WRAP
        if run and begins:
            going_on = loose[:1] if loose and text[loose[0][0]].islower() else []
            yield _block(text, run + going_on)
            run, loose = [], []
        if cells and len(cells) > 1:
            run += [*loose, span]
            loose = []
        elif cells and run:
            loose.append(span)


def _celled_lines(text: str) -> Iterator[tuple[Span, Row | None]]:
    """Yield each line with its cells; None for what no table holds, and behind the last line."""
    skipped = contents_span(text)
    heads = {heading.start for heading in marked_headings(text)}
    for span in lines(text):
        start, end = trimmed(text, *span)
        foreign = start == end or start in heads or skipped[0] <= start < skipped[1]
        yield span, None if foreign else cells_of(text[span[0] : span[1]].strip("\n"))
    yield (len(text), len(text)), None


def _block(text: str, run: Sequence[Span]) -> _Block:
    rows: list[Row] = []
    for start, end in run:
        line = text[start:end].strip("\n")
        if "\t" in line or not rows:
            rows.append(cells_of(line))
        else:
            last = (filled(rows[-1]) or [0])[-1]
            rows[-1][last] = " ".join([rows[-1][last], *cells_of(line)]).strip()
    return _Block(run[0][0], trimmed(text, *run[-1])[1], tuple(rows))


def _broken_tables(text: str, blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Put together what one blank line breaks: a page's end, or the gap after every row."""
    parts: list[_Block] = []
    for block in blocks:
        if parts and not _goes_on(text, parts, block):
            yield _whole(parts)
            parts = []
        parts.append(block)
    if parts:
        yield _whole(parts)


def _goes_on(text: str, parts: Sequence[_Block], block: _Block) -> bool:
    """Whether a block goes on with a table: it is one row of many, or it cannot begin a table."""
    between = text[parts[-1].end : block.start]
    first = block.rows[0]
    if between.strip() or between.count("\n") > 2 or any(map(caption_in, first)):
        return False
    if len(block.rows) == len(parts[-1].rows) == 1:
        return len(first) <= len(parts[0].rows[0])
    # A page breaks where it is full, which no short table does again and again.
    begins = len(filled(first)) != 1 or len(parts) > _MOST_PARTS
    return not begins and _width(parts[0]) == _width(block)


def _width(block: _Block) -> int:
    return max(map(len, squared(block.rows)), default=0)


def _whole(parts: Sequence[_Block]) -> _Block:
    rows = tuple(row for part in parts for row in part.rows)
    return _Block(parts[0].start, parts[-1].end, rows)


def _titled(block: _Block) -> _Block:
    """Take a caption out of the first row; letters of a logo beside it go with it."""
    first = block.rows[0]
    found = next((n for n, cell in enumerate(first) if caption_in(cell)), None)
    if found is None:
        return block
    caption = caption_in(first[found], block.start, block.end)
    assert caption is not None
    others = [cell for n, cell in enumerate(first) if cell and n != found]
    others = [cell for cell in others if cell != caption.words]
    if caption.words is None and len(others) == 1:
        caption = replace(caption, words=others[0])
    names = ["" if n == found else cell for n, cell in enumerate(first)]
    rows = [names, *block.rows[1:]] if len(others) > 1 else block.rows[1:]
    return replace(block, rows=tuple(rows), caption=caption)


def _table(text: str, block: _Block, caption: Caption | None) -> Table | None:
    """Return the table that a block is, None for a list or lines that tabs only space out."""
    rows = squared(block.rows)
    width = len(rows[0]) if rows else 0
    if width < 2 or (caption is None and not _is_table(rows)):
        return None
    title = caption.words if caption else None
    if caption is None and filled(rows[0]) == [0] and header_rows(rows[1:]):
        title, rows = rows[0][0], rows[1:]
    head = header_rows(rows)
    body = joined(rows[head:])
    start, end = _with_caption(text, block, caption)
    return Table(
        number=caption.number if caption else None,
        caption=title,
        header=header_of(rows[:head], body),
        rows=tuple(map(tuple, body)),
        start=start,
        end=end,
    )


def _is_table(rows: Sequence[Row]) -> bool:
    """Whether rows without a caption are a table: they have figures, or names over columns.

    The export of a PDF may part the words of one sentence by tabs, a list its numbers from its
    items, and the form itself is a table in Word.
    """
    if any(is_value(cell) for row in rows for cell in row[1:]):
        return len(rows) > 1
    listed = all(_MARKER.fullmatch(row[0]) for row in rows)
    return not listed and header_rows(rows) > 0


def _with_caption(text: str, block: _Block, caption: Caption | None) -> Span:
    if caption is None or caption is block.caption:
        return block.start, block.end
    span = min(block.start, caption.start), max(block.end, caption.end)
    first, last = sorted(((block.start, block.end), (caption.start, caption.end)))
    return (block.start, block.end) if text[first[1] : last[0]].strip() else span

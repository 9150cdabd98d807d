"""Plans that are no wide table: each line says what it holds ("Lead: ward manager")."""

import re

from ingest.plan_cells import split_cells
from ingest.plan_columns import Column, column_named
from ingest.plan_table import Rows
from ingest.wording import Span, lines, plain, trimmed
from kb.documents import Section

_LABEL = re.compile(r"(?:[-•*]\s*)?(?:\*\*)?(?P<name>[A-Za-z][\w /']{1,38}?)(?:\*\*)?:(?:\*\*)?\s")
_LONGEST_LABEL = 40
_HEADING = re.compile(r"\W*recommendation\s+\d{1,3}\W*", re.IGNORECASE)


def read_labels(text: str, section: Section) -> Rows:
    """Return what labelled lines or a table of two columns say; not separated if none is labelled.

    A line without a label goes on from the one above it.
    """
    rows = Rows(text)
    column = Column.RECOMMENDATION
    for begin, stop in lines(text, section.start, section.end):
        start, end = trimmed(text, begin, stop)
        if start == end or _HEADING.fullmatch(text[start:end]):
            continue
        label, span = _labelled(text, start, end)
        column = label or column
        if label is Column.ACTION and rows.so_far(Column.ACTION):
            rows.entries.append({})
        if span[1] > span[0]:
            rows.add(column, span)
    rows.separated = bool(rows.entries)
    return rows


def _labelled(text: str, start: int, end: int) -> tuple[Column | None, Span]:
    """Return what a line is labelled as, None for no label, and the words after the label."""
    cells = [span for span in split_cells(text, start, end) if span[0] < span[1]]
    if len(cells) > 1 and cells[0][1] - cells[0][0] <= _LONGEST_LABEL:
        label, rest = text[slice(*cells[0])], (cells[1][0], cells[-1][1])
    elif match := _LABEL.match(f"{text[start:end]} "):
        label, rest = match["name"], trimmed(text, min(end, start + match.end()), end)
    else:
        return None, (start, end)
    column = column_named(plain(label))
    return (None, (start, end)) if column is Column.OTHER else (column, rest)

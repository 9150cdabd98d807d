"""A table that was read as one line, put back by the tables beside it that have its columns.

The line holds the words of each row from top to bottom, since a row's cells are centred on its
middle: a label of three lines is parted by the upper halves of two-line cells, then by the cells
of one line, then by the lower halves. The rows' labels and the columns' names are known from a
neighbouring table of the same form. Where any word is left over, nothing is put back.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.table_captions import Caption
from ingest.table_rows import cells_of
from kb.records import Table

# How many tables on either side may be of the same form, and how long a table's line can be.
_NEAR = 2
_LONGEST_LINE = 3000
_FIGURE = re.compile(r"\d|^n/?a$", re.IGNORECASE)
_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A label in the line: the places of its words, and what stands between its lines."""

    places: tuple[int, ...]
    gaps: tuple[Sequence[str], ...]


def flat_table(caption: Caption, tables: Sequence[Table]) -> Table | None:
    """Return the table whose rows stand in its caption's line, None where the line holds none.

    Where columns are known but not every cell has a sure place, the words stay one cell.
    """
    written = cells_of(caption.words or "")[0]
    kept: Table | None = None
    if len(written) > _LONGEST_LINE:
        return None
    for other in _neighbours(caption, tables):
        names = _names_in(written, other.header)
        if len(names) < 2:
            continue
        title, _, rest = written.partition(" ".join(names))
        rows = _rows(rest.split(), other, len(names))
        header = tuple("" for _ in other.header[: -len(names)]) + names
        table = Table(
            number=caption.number,
            caption=_once(title.strip()) or None,
            header=header if rows else (),
            rows=rows or ((rest.strip(),),),
            start=caption.start,
            end=caption.end,
        )
        if rows:
            return table
        kept = kept or table
    return kept


def _neighbours(caption: Caption, tables: Sequence[Table]) -> Sequence[Table]:
    after = bisect_right(tables, caption.start, key=lambda table: table.start)
    beside = tables[max(0, after - _NEAR) : after + _NEAR]
    return sorted(beside, key=lambda table: abs(table.start - caption.start))


def _names_in(written: str, header: _Words) -> _Words:
    """Return the most of a header's last names that the line holds one behind the other."""
    tails = (header[at:] for at in range(len(header)))
    return next((tail for tail in tails if all(tail) and " ".join(tail) in written), ())


def _once(title: str) -> str:
    words = title.split()
    half = len(words) // 2
    return " ".join(words[:half] if words[:half] == words[half:] else words)


def _rows(words: list[str], other: Table, width: int) -> tuple[_Words, ...]:
    """Return the rows, () where a word has no sure place."""
    if any(len(row) <= width for row in other.rows):
        return ()  # the neighbour's rows are too short to hold a label before their figures
    groups = [row[: -width - 1] for row in other.rows]
    for phrase in dict.fromkeys(cell for row in groups for cell in row if cell):
        words = _without(words, phrase.split())
    labels = [row[-width - 1] for row in other.rows]
    found = list(_find(words, labels))
    wordy = [_is_wordy([row[n - width] for row in other.rows]) for n in range(width)]
    if not found or len(found) < len(labels):
        return ()
    ends = [-1, *(label.places[-1] for label in found)]
    before = [words[end + 1 : label.places[0]] for end, label in zip(ends, found, strict=False)]
    out = []
    carried = list(_chunks(before[0]))
    for place, (group, label) in enumerate(zip(groups, found, strict=True)):
        after = before[place + 1] if place + 1 < len(found) else words[ends[-1] + 1 :]
        inner = _inner(label)
        have = carried + inner if inner is not None else []
        behind = list(_chunks(after))
        taken = max(0, width - len(have))
        cells = _in_columns(have + behind[:taken], wordy)
        if inner is None or cells is None:
            return ()
        carried = behind[taken:]
        out.append((*group, " ".join(words[at] for at in label.places), *cells))
    return () if carried else tuple(out)


def _without(words: list[str], phrase: list[str]) -> list[str]:
    for at in range(len(words) - len(phrase) + 1):
        if words[at : at + len(phrase)] == phrase:
            return words[:at] + words[at + len(phrase) :]
    return words


def _find(words: Sequence[str], labels: Sequence[str]) -> Iterator[_Found]:
    """Yield the labels in order, each found by its words one after the other."""
    bare = [word.strip("*") for word in words]
    at = 0
    for label in labels:
        places = []
        for word in label.split():
            if word.strip("*") not in bare[at:]:
                return
            places.append(bare.index(word.strip("*"), at))
            at = places[-1] + 1
        if not places:
            return
        gaps = [words[one + 1 : two] for one, two in pairwise(places) if two > one + 1]
        yield _Found(tuple(places), tuple(gaps))


def _inner(label: _Found) -> list[str] | None:
    """Return the cells that stand between the lines of a label, halves joined; None if unsure."""
    if len(label.gaps) not in (0, 2):
        return None
    if not label.gaps:
        return []
    upper = list(_chunks(label.gaps[0]))
    rest = list(_chunks(label.gaps[1]))
    if len(rest) < len(upper):
        return None
    split = len(rest) - len(upper)
    whole = [f"{one} {two}" for one, two in zip(upper, rest[split:], strict=True)]
    return whole + list(_bracketed(rest[:split]))


def _bracketed(chunks: Sequence[str]) -> Iterator[str]:
    """Give brackets that are no lower half of a cell to the words before them."""
    held: list[str] = []
    for chunk in chunks:
        if held and not chunk.startswith("("):
            yield " ".join(held)
            held = []
        held.append(chunk)
    if held:
        yield " ".join(held)


def _chunks(words: Sequence[str]) -> Iterator[str]:
    """Part words into what one line of a cell can be: a figure with its unit, or a phrase."""
    held: list[str] = []
    for word in words:
        if held and _begins(held, word):
            yield " ".join(held)
            held = []
        held.append(word)
    if held:
        yield " ".join(held)


def _begins(held: Sequence[str], word: str) -> bool:
    if held[0].startswith("(") and not held[-1].endswith(")"):
        return False
    after_figure = bool(_FIGURE.search(held[-1])) or held[-1].endswith(")")
    new_phrase = bool(_FIGURE.search(held[0])) and word[0].isupper() and word[1:].islower()
    return word.startswith("(") or new_phrase or (after_figure and bool(_FIGURE.search(word)))


def _is_wordy(column: Sequence[str]) -> bool:
    return sum(map(_is_phrase, column)) * 2 > len(column)


def _is_phrase(cell: str) -> bool:
    return cell[:1].isalpha() and not _FIGURE.fullmatch(cell)


def _in_columns(cells: Sequence[str], wordy: Sequence[bool]) -> _Words | None:
    """Return the cells in their columns: phrases and figures each in their order."""
    if len(cells) != len(wordy) or sum(map(_is_phrase, cells)) != sum(wordy):
        return None
    phrases = iter([cell for cell in cells if _is_phrase(cell)])
    figures = iter([cell for cell in cells if not _is_phrase(cell)])
    return tuple(next(phrases) if is_wordy else next(figures) for is_wordy in wordy)

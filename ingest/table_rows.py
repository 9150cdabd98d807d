"""Rows and cells of a table: wrapped cells made whole, header rows told from the rest."""

import re
from collections.abc import Sequence
from itertools import pairwise

Row = list[str]

_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|ul|ol|p|span|br ?/?)>", re.IGNORECASE)
# What a table read by machine holds for an arrow.
_ARROWS = {"leftrightarrow": "↔", "uparrow": "↑", "downarrow": "↓"}
_ARROW = re.compile(r"\$\\(" + "|".join(_ARROWS) + r")\$")
_VALUE = re.compile(r"[£$€<>≥≤~+-]?\s?\d[\d,]*(?:\.\d+)?\s?%?\*?|n/?a", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
_TOTAL = re.compile(r"(?:sub-?|annual |grand )?totals?\b.*", re.IGNORECASE)
_STOPPED = (".", ":", ";", "?", "!")
_LONGEST_NAME = 80
_MOST_HEADER_ROWS = 3
_MOST_CELLS = 200_000


def cells_of(line: str) -> Row:
    """Return the cells of a line, parted by tabs, without the marks of Markdown or HTML."""
    return [_cell(cell) for cell in line.split("\t")]


def _cell(written: str) -> str:
    bare = written.replace("**", "").replace("<li>", " • ").replace("</li>", " ")
    bare = _ARROW.sub(lambda match: _ARROWS[match[1]], _TAG.sub(" ", bare))
    return " ".join(bare.replace("\\*", "*").split())


def is_value(cell: str) -> bool:
    """Tell whether a cell is a figure: "3,615", "45.2%", "N/A"; ranges ("18-64") are names."""
    return _VALUE.fullmatch(cell) is not None


def filled(row: Sequence[str]) -> list[int]:
    """Return the places of a row's cells that hold something."""
    return [place for place, cell in enumerate(row) if cell]


def squared(rows: Sequence[Row]) -> list[Row]:
    """Return rows of one width, without empty rows and columns or the debris of pictures.

    [] where there would be more cells than any page holds.
    """
    width = max(map(len, rows), default=0)
    if width * len(rows) > _MOST_CELLS:
        return []
    full = [row + [""] * (width - len(row)) for row in rows if any(map(_says, row))]
    kept = [column for column in zip(*full, strict=True) if any(column) and not _stray(column)]
    return [list(row) for row in zip(*kept, strict=True)]


def _says(cell: str) -> bool:
    return any(map(str.isalnum, cell))


def _stray(column: Sequence[str]) -> bool:
    """Whether one loose letter is all that a column holds: what is left of words set upright."""
    held = [cell for cell in column if cell]
    return len(column) > 2 and len(held) == 1 and len(held[0]) == 1 and held[0].isalpha()


def header_rows(rows: Sequence[Row]) -> int:
    """Return how many of a table's first rows name its columns.

    In a table of figures these are the rows above the first figure, as far as names are missing
    or stand twice; a table of words is taken to have one, if its first row can be names.
    """
    first = next((n for n, row in enumerate(rows) if _has_figures(row)), None)
    if first is None:
        return int(len(rows) > 1 and len(filled(rows[0])) > 1 and _names(rows[0]))
    count = 0
    while count < min(first, _MOST_HEADER_ROWS) and _names(rows[count]):
        if count == 0 and filled(rows[0]) == [0]:
            break
        if count > 0 and not _adds_names(rows[count - 1], rows[count]):
            break
        count += 1
    return count


def _has_figures(row: Row) -> bool:
    values = [cell for cell in row[1:] if is_value(cell)]
    return any(not _YEAR.fullmatch(cell) for cell in values)


def _names(row: Row) -> bool:
    return all(len(cell) <= _LONGEST_NAME and not cell.endswith(".") for cell in row)


def _adds_names(above: Row, row: Row) -> bool:
    places = filled(above)
    gaps = len(places) < len(above) - places[0]
    twice = len({above[place] for place in places}) < len(places)
    return gaps or twice or (not row[0] and len(filled(row)) > 1)


def header_of(rows: Sequence[Row], body: Sequence[Row]) -> tuple[str, ...]:
    """Return one name a column: a name that spans columns is said again over each of them."""
    if not rows:
        return ()
    last = _dealt(rows[-1], body)
    names = [*map(_spread, rows[:-1], [last] * (len(rows) - 1)), last]
    return tuple(
        " ".join(dict.fromkeys(filter(None, column))) for column in zip(*names, strict=True)
    )


def _spread(row: Row, below: Row) -> Row:
    out: Row = []
    for cell, under in zip(row, below, strict=True):
        out.append(cell or (out[-1] if out and under else ""))
    return out


def _dealt(row: Row, body: Sequence[Row]) -> Row:
    """Part names that were read as one cell: "0-17 18-25 years years" stands over two columns."""
    over = [n for n in range(1, len(row)) if any(is_value(line[n]) for line in body)]
    words = " ".join(row).split()
    names, rest = words[: len(over)], words[len(over) :]
    alone = len(filled(row)) == 1 and not row[0] and len(over) > 1
    if not alone or len(rest) > len(over) or len(set(rest)) > 1:
        return row
    if not all(name[:1].isdigit() for name in names) or len(names) < len(over):
        return row
    out = [""] * len(row)
    for place, column in enumerate(over):
        out[column] = " ".join([names[place], *rest[place : place + 1]])
    return out


def joined(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a table's body with the lines of wrapped cells put together."""
    wrapped = any(_runs_on(above, row) for above, row in pairwise(rows))
    widest = max((len(row[0]) for row in rows), default=0) if wrapped else None
    out: list[list[Row]] = []
    for row in rows:
        if out and (_continues(out[-1], row) or _wraps(out[-1][-1], row, widest)):
            out[-1].append(row)
        else:
            out.append([row])
    return [[" ".join(filter(None, cells)) for cells in zip(*whole, strict=True)] for whole in out]


def _continues(whole: Sequence[Row], row: Row) -> bool:
    """Whether a row goes on with the row above it, which may itself have gone on over lines."""
    places = filled(row)
    if _runs_on(whole[-1], row):
        return True
    # A further paragraph of a cell: nothing before it in its row, words in the cell above.
    if len(places) == 1 and places[0] >= 2 and whole[-1][places[0]]:
        return len(row[places[0]].split()) > 2
    # The number of a tall row is printed at its middle height, below its first words.
    first = whole[0]
    return bool(_LIST_NUMBER.fullmatch(row[0])) and not row[1] and not first[0] and bool(first[1])


def _runs_on(above: Row, row: Row) -> bool:
    """Whether every cell goes on in the middle of what the cell above it says."""
    return all(_unfinished(above[place], row[place]) for place in filled(row))


def _unfinished(above: str, cell: str) -> bool:
    closes = cell.count(")") > cell.count("(") and above.count("(") > above.count(")")
    return bool(above) and (closes or (cell[0].islower() and not above.endswith(_STOPPED)))


def _wraps(above: Row, row: Row, widest: int | None) -> bool:
    """Whether a label in capitals goes on, in a table where other labels surely do (`widest`).

    Its first word would not have fitted behind the label above; a sub-heading's or note's would.
    """
    if widest is None or filled(row) != [0] or not above[0] or _TOTAL.match(above[0]):
        return False
    fits = len(above[0]) + 1 + len(row[0].split()[0]) <= widest
    return not fits and len(above[0]) < widest and not above[0].endswith(_STOPPED)

"""Where the recommendations of an action plan begin, in tables that a page has broken."""

import re
from dataclasses import dataclass
from itertools import pairwise

from ingest.plan_cells import split_cells
from ingest.wording import Span, lines

_NUMBERED = re.compile(
    r"(?:recommendation\s+|rec\.?\s*|r)?(?P<number>\d{1,4})\s?[.):]?(?P<rest>.*)", re.I
)
_DUTY = re.compile(r"\b(?:must|should|shall|need(?:s)? to|is to|are to|to ensure)\b", re.IGNORECASE)
# A row with this many filled cells begins a recommendation even where its number was lost.
_FULL_ROW = 4
_LONG_CELL = 60


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A recommendation's number and the offset at which its row begins."""

    number: int
    start: int


def recommendation_rows(text: str) -> tuple[PlanRow, ...]:
    """Return where each numbered recommendation begins; fewer than two are none.

    The number stands in a row's first or second cell; page furniture may be glued to it ("202."
    for the second), two columns may be woven into one line, or the number may be lost altogether.
    """
    rows = list(lines(text))
    found: list[PlanRow] = []
    for begin, end in rows:
        wanted = found[-1].number + 1 if found else 1
        number = _row_number(_cells(text, begin, end), wanted, seen=bool(found))
        if number is not None:
            found.append(PlanRow(number, begin))
    if len(found) < 2:
        return ()
    for before, after in pairwise(tuple(found)):
        if after.number == before.number + 2:
            lost = _lost_row(text, rows, before, after)
            if lost is not None:
                found.append(PlanRow(before.number + 1, lost))
    return tuple(sorted(found, key=lambda row: row.start))


def _row_number(cells: list[str], wanted: int, *, seen: bool) -> int | None:
    """Return the recommendation that a row begins, None for every other row.

    A gap of one is allowed, since a number can be lost; the row must then be as good otherwise.
    """
    for cell, after in zip(cells[:2], [*cells[1:2], ""], strict=False):
        match = _NUMBERED.match(cell)
        if match is None:
            continue
        words = match["rest"].strip() or after
        if len(words) < 15 or not _DUTY.search(f"{words} {' '.join(cells[1:3])}"):
            continue
        for number in (wanted, wanted + 1) if seen else (wanted,):
            exact = match["number"] == str(number)
            glued = number == wanted and match["number"].endswith(str(number)) and seen
            if exact or (glued and cell is cells[0]):
                return number
    return None


def _lost_row(text: str, rows: list[Span], before: PlanRow, after: PlanRow) -> int | None:
    """Find the row whose number was lost between two others: woven into a line, or cut off."""
    between = [(begin, end) for begin, end in rows if before.start < begin < after.start]
    number = before.number + 1
    woven = re.compile(rf"(?<!\d){number}\.\s+[A-Z]")
    for begin, end in between:
        match = woven.search(text, begin, end)
        if match and _DUTY.search(text, match.end(), min(end, match.end() + 200)):
            return begin
    full = [begin for begin, end in between if _is_full(_cells(text, begin, end))]
    return full[0] if len(full) == 1 else None


def _cells(text: str, begin: int, end: int) -> list[str]:
    return [text[slice(*span)] for span in split_cells(text, begin, end)]


def _is_full(cells: list[str]) -> bool:
    filled = sum(bool(cell.strip()) for cell in cells)
    return filled >= _FULL_ROW and len(cells[0]) >= _LONG_CELL

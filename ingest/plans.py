"""An action plan rebuilt: each recommendation, what was done about it, by whom, when and how late.

A plan is a table that pages have broken. Where its columns cannot be told apart with certainty,
the recommendation is kept whole and marked as not separated, and no action is made up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.markers import top_list
from ingest.plan_cells import Cell
from ingest.plan_columns import DATED, Column, Header, dates_of, headers
from ingest.plan_labels import read_labels
from ingest.plan_rows import recommendation_rows
from ingest.plan_table import Rows, read_rows
from ingest.plan_values import action_from, whole_owner
from ingest.wording import trimmed
from kb.documents import Section, SectionKind
from kb.records import Action, Recommendation

_HEADING = re.compile(r"recommendation\s+(?P<number>\d{1,4})\b", re.IGNORECASE)
# Page furniture may be glued to a recommendation's number ("202." for the second).
_ROW_NUMBER = re.compile(r"(?:recommendation\s+|rec\.?\s*|r)?\d{1,4}\s?[.):]\s*", re.IGNORECASE)


def read_plan(text: str, sections: Sequence[Section]) -> tuple[Recommendation, ...]:
    """Return the recommendations of an action plan in order, () where it numbers none.

    A recommendation's `number` is that of its section, also where the page lost it. Dates are
    partial: "2099" stays "2099".
    """
    numbered = list(_numbered(text, sections))
    tops = list(headers(text, 0, len(text)))
    found = []
    for place, (section, number) in enumerate(numbered):
        last = place == len(numbered) - 1
        rows = _rows(text, section, tops, last=last)
        found.append(_recommendation(text, section, number, rows))
    return _with_whole_owners(found)


def _numbered(text: str, sections: Sequence[Section]) -> Iterator[tuple[Section, str]]:
    """Yield the section of each recommendation with its number.

    A plan whose table stands under one heading ("Recommendations") is divided at its rows.
    """
    known = [section for section in sections if section.kind is SectionKind.RECOMMENDATIONS]
    headed = [(each, match) for each in known if (match := _HEADING.match(each.heading))]
    if headed:
        yield from ((section, match["number"]) for section, match in headed)
        return
    rows = recommendation_rows(text)
    starts = [*(row.start for row in rows[1:]), len(text)]
    for row, next_start in zip(rows, starts, strict=False):
        held = next(
            (each.end for each in sections if each.start <= row.start < each.end), next_start
        )
        end = min(next_start, held)
        yield Section(SectionKind.RECOMMENDATIONS, "", row.start, end), str(row.number)


def _rows(text: str, section: Section, tops: Sequence[Header], *, last: bool) -> Rows:
    """Read a section by the table header above it; without one, by the labels of its lines."""
    above = [header for header in tops if header.end <= section.start]
    if above:
        return read_rows(text, section.start, section.end, above[-1], last=last)
    return read_labels(text, section)


def _recommendation(text: str, section: Section, number: str, rows: Rows) -> Recommendation:
    start, end = trimmed(text, section.start, section.end)
    whole = Recommendation(
        number=number,
        start=start,
        end=end,
        wording=None,
        update=None,
        actions=(),
        separated=False,
    )
    actions = _actions(text, rows) if rows.separated else None
    if actions is None:
        return whole
    return replace(
        whole,
        wording=_without_number(rows.cell(Column.RECOMMENDATION)).whole(),
        update=rows.cell(Column.UPDATE).whole(),
        actions=actions,
        separated=True,
    )


def _without_number(wording: Cell) -> Cell:
    match = _ROW_NUMBER.match(wording.words)
    return wording.part(match.end()) if match else wording


def _actions(text: str, rows: Rows) -> tuple[Action, ...] | None:
    """Return the actions of a recommendation, None where they cannot be told apart."""
    out: list[Action] = []
    update = rows.cell(Column.UPDATE)
    for place, pieces in enumerate(rows.entries):
        wording = rows.cell(Column.ACTION, place)
        if not wording.item():
            continue
        items = _items(wording)
        if len(items) > 1 and any(
            len(dates_of(rows.cell(column, place).words)) > 1 for column in DATED
        ):
            return None
        out += [action_from(text, pieces, item, update) for item in items]
    return tuple(out)


def _items(wording: Cell) -> list[Cell]:
    """Return the numbered or bulleted actions of one cell, the whole cell where it holds one.

    What is listed behind other words ("to include: ...") is part of that action.
    """
    markers = top_list(wording.words, 0, len(wording.words))
    if len(markers) < 2 or markers[0].start > 0:
        return [wording.item()]
    starts = [marker.start for marker in markers]
    ends = [*starts[1:], len(wording.words)]
    return [wording.part(start, end).item() for start, end in zip(starts, ends, strict=True)]


def _with_whole_owners(found: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    owners = [action.owner for each in found for action in each.actions]
    return tuple(
        replace(
            each,
            actions=tuple(
                replace(action, owner=whole_owner(action.owner, owners)) for action in each.actions
            ),
        )
        for each in found
    )

"""What a document states, as its page shows it: actions, recommendations, tables, computed days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.citations import date_words
from kb.documents import Document
from kb.records import Action, ActionStatus, Claim, Recommendation, Table
from kb.statements import RESPONSE_DAYS, days_taken, response_due
from kb.store.passages import PassageRow
from webui.phrases import counted

_STATUSES = {
    ActionStatus.DONE: "Done",
    ActionStatus.UNDER_WAY: "Under way",
    ActionStatus.PLANNED: "Planned",
    ActionStatus.CONSIDERED: "Being considered",
}
_SINCE = {"report": "after the report's date", "receipt": "after the report was received"}
_USUAL = f"{RESPONSE_DAYS} are usual, the coroner may extend"
# "1,204", "£30", "45.2%", "(12)", "-3", "<5"; a cell of a dash or a star counts as empty.
_NUMBER = re.compile(r"[(<>~]?\s*[-−]?\s*£?\d[\d.,\s]*%?\)?")
_BLANK = re.compile(r"[-–—*\s]*")


@dataclass(frozen=True, slots=True)
class Place:
    """The passage that words stand in: its anchor on the page and its number."""

    anchor: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAction:
    """An action in words. None is what the document does not state; `late` is computed by us."""

    words: str
    status: str | None
    owner: str | None
    due: str | None
    completed: str | None
    reviewed: str | None
    evidence: str | None
    figures: tuple[str, ...]
    as_of: str | None
    late: str | None
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRecommendation:
    """A recommendation with its actions; `separated` False where its columns run together."""

    number: str | None
    wording: str | None
    update: str | None
    actions: tuple[StatedAction, ...]
    separated: bool
    place: Place | None


@dataclass(frozen=True, slots=True)
class StatedCell:
    """A cell of a table; `numeric` where all its column holds numbers."""

    text: str
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTable:
    """A table with rows of one width; an empty `header` where it has none."""

    name: str
    header: tuple[StatedCell, ...]
    rows: tuple[tuple[StatedCell, ...], ...]
    place: Place | None


def actions_of(document: Document, rows: Sequence[PassageRow]) -> tuple[StatedAction, ...]:
    """Return the actions that a response states, in the order of its text."""
    return tuple(_action(document, rows, action) for action in document.actions)


def recommendations_of(
    document: Document, rows: Sequence[PassageRow]
) -> tuple[StatedRecommendation, ...]:
    """Return the recommendations of an action plan with their actions, in its order."""
    return tuple(_recommendation(document, rows, one) for one in document.recommendations)


def tables_of(document: Document, rows: Sequence[PassageRow]) -> tuple[StatedTable, ...]:
    """Return the tables of a document, in the order of its text."""
    return tuple(_table(rows, table) for table in document.tables)


def _recommendation(
    document: Document, rows: Sequence[PassageRow], one: Recommendation
) -> StatedRecommendation:
    return StatedRecommendation(
        number=one.number,
        wording=_value(one.wording),
        update=_value(one.update),
        actions=tuple(_action(document, rows, action) for action in one.actions),
        separated=one.separated,
        place=_place(rows, one.wording.start if one.wording else one.start),
    )


def _action(document: Document, rows: Sequence[PassageRow], action: Action) -> StatedAction:
    return StatedAction(
        # A page break may stand in the middle of a sentence.
        words=" ".join(
            (_value(action.wording) or document.text[action.start : action.end]).split()
        ),
        status=_STATUSES[ActionStatus(action.status.value)] if action.status else None,
        owner=_value(action.owner),
        due=_date(action.due),
        completed=_date(action.completed),
        reviewed=_date(action.reviewed),
        evidence=_value(action.evidence),
        figures=tuple(figure.value for figure in action.figures),
        as_of=_date(action.as_of),
        late=late_words(action.late_days),
        place=_place(rows, action.start),
    )


def _table(rows: Sequence[PassageRow], table: Table) -> StatedTable:
    width = max(len(line) for line in (table.header, *table.rows, ()))
    body = [_padded(line, width) for line in table.rows]
    numeric = [_numeric([line[at] for line in body]) for at in range(width)]
    head = _padded(table.header, width) if any(table.header) else ()
    number = f"Table {table.number}" if table.number else None
    return StatedTable(
        name=": ".join(part for part in (number, table.caption) if part)
        or "A table without a caption",
        header=_cells(head, numeric),
        rows=tuple(_cells(line, numeric) for line in body),
        place=_place(rows, table.start),
    )


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _cells(cells: Sequence[str], numeric: Sequence[bool]) -> tuple[StatedCell, ...]:
    return tuple(StatedCell(*pair) for pair in zip(cells, numeric, strict=False))


def _numeric(column: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in column if not _BLANK.fullmatch(cell)]
    return bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled)


def _value(claim: Claim | None) -> str | None:
    return claim.value.strip() or None if claim else None


def _date(claim: Claim | None) -> str | None:
    return date_words(claim.value) if claim else None


def _place(rows: Sequence[PassageRow], start: int) -> Place | None:
    """Return the passage at an offset, else the next one: a table's first words may stand in none.

    None where nothing follows.
    """
    found = next((row for row in rows if row.end > start), None)
    return Place(f"p-{found.key}", found.position + 1) if found else None


def late_words(days: int | None) -> str | None:
    """Return "11 days late", "1 day early" or "on the day"; None where it cannot be computed."""
    if days is None:
        return None
    if days == 0:
        return "on the day"
    return f"{counted(abs(days), 'day')} {'late' if days > 0 else 'early'}"


def computed(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of what follows from the dates that a document states."""
    taken = days_taken(document)
    if taken:
        days, since = taken
        if days < 0:
            words = f"The response is dated {counted(-days, 'day')} before the {since}"
        else:
            words = f"{counted(days, 'day')} {_SINCE[since]}; {_USUAL}"
        yield "Days taken", words
    due = response_due(document)
    if due and due[1] != "stated":
        yield (
            "Response due",
            f"{date_words(due[0])}: {due[1]} after the report; the coroner may extend",
        )

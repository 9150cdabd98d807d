"""What the cells of an action say: who, by when, when done, how far, and how late."""

import functools
import re
from collections.abc import Sequence
from datetime import date

from ingest.action_figures import find_figures
from ingest.plan_cells import Cell, cell_of
from ingest.plan_columns import Column, dates_of
from ingest.plan_table import Pieces
from ingest.wording import plain, table
from kb.records import Action, ActionStatus, Claim

_WHOLE_DATE = len("2099-01-01")
# A cell of due dates can say "Ongoing" or "Complete" instead.
_SAY_STATUS = (Column.STATUS, Column.COMPLETED, Column.DUE)
_DANGLING = re.compile(r"(?:\band|\bof|\bfor|\bto|\bthe|&|,)$")


@functools.cache
def _not_done() -> re.Pattern[str]:
    return re.compile(table("actions")["not_done"], re.IGNORECASE)


@functools.cache
def _update_done() -> re.Pattern[str]:
    return re.compile(table("actions")["update_done"], re.IGNORECASE)


@functools.cache
def _statuses() -> tuple[tuple[ActionStatus, re.Pattern[str]], ...]:
    return tuple(
        (ActionStatus(row["status"]), re.compile(row["words"], re.IGNORECASE))
        for row in table("actions")["plan_status"]
    )


def action_from(text: str, pieces: Pieces, wording: Cell, update: Cell) -> Action:
    """Return one action of a plan; `wording` holds its words, `update` the row's account of it.

    A cell of reviews gives the first one as `reviewed`; a review is no due date.
    """
    cells = {column: cell_of(text, spans) for column, spans in pieces.items()}
    none = Cell("", ())
    due = first_date(cells.get(Column.DUE, none))
    done = cells.get(Column.COMPLETED, none)
    completed = completion_date(done)
    evidence = cells.get(Column.EVIDENCE)
    owner = cells.get(Column.OWNER)
    return Action(
        start=wording.places[0],
        end=wording.places[-1] + 1,
        status=_status(completed, [cells.get(c, none) for c in _SAY_STATUS], update),
        owner=owner.whole() if owner else None,
        due=due,
        completed=completed,
        evidence=evidence.whole() if evidence else None,
        figures=tuple(
            wording.claim(value, start, end) for start, end, value in find_figures(wording.words)
        ),
        late_days=late_days(due, completed),
        wording=wording.whole(),
        reviewed=first_date(cells.get(Column.REVIEW, none)),
    )


def first_date(cell: Cell) -> Claim | None:
    """Return the first date of a cell, None if it holds none: later ones put it off."""
    return next((cell.claim(iso, start, end) for start, end, iso in dates_of(cell.words)), None)


def completion_date(cell: Cell) -> Claim | None:
    """Return the first date of a cell that is one of completion, None if it holds none.

    "Reviewed and ongoing 2099" and "expected June 2099" hold none.
    """
    after = 0
    for start, end, iso in dates_of(cell.words):
        if not _not_done().search(cell.words, after, start):
            return cell.claim(iso, start, end)
        after = end
    return None


def _status(completed: Claim | None, cells: Sequence[Cell], update: Cell) -> Claim | None:
    """Return how far an action is: by its date of completion, a cell's words, or the account.

    The account speaks of much; only a sentence on the action itself counts.
    """
    if completed is not None:
        return Claim(ActionStatus.DONE.value, completed.start, completed.end)
    for cell in cells:
        for status, pattern in _statuses():
            if match := pattern.search(cell.words):
                return cell.claim(status.value, *match.span())
    if match := _update_done().search(update.words):
        return update.claim(ActionStatus.DONE.value, *match.span())
    return None


def late_days(due: Claim | None, completed: Claim | None) -> int | None:
    """Return the days from due to done, None unless both are whole dates."""
    if due is None or completed is None:
        return None
    if not len(due.value) == len(completed.value) == _WHOLE_DATE:
        return None
    return (date.fromisoformat(completed.value) - date.fromisoformat(due.value)).days


def whole_owner(owner: Claim | None, others: Sequence[Claim | None]) -> Claim | None:
    """Return an owner whose name a page broke off in its whole form, where the plan has it.

    "Deputy Director of Safety and" is completed only by the one other owner that begins so.
    """
    if owner is None or not _DANGLING.search(plain(owner.value)):
        return owner
    whole = {o.value for o in others if o and o.value.startswith(f"{owner.value} ")}
    return Claim(whole.pop(), owner.start, owner.end) if len(whole) == 1 else owner

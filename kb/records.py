"""What a document states beyond its passages: actions, recommendations, tables.

Every value is a claim with its place: `document.text[claim.start:claim.end]` are the words that it
was read from. A value that the text does not state is None, never "" or a guess.
"""

from dataclasses import dataclass
from enum import StrEnum


class ActionStatus(StrEnum):
    """How far an action has come, by the words of the document."""

    DONE = "done"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    CONSIDERED = "considered"


@dataclass(frozen=True, slots=True)
class Claim:
    """A value and the words it was read from; `value` is normalised (a partial date, say)."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action stated in a response or a plan; `start` and `end` hold all its words.

    Where a table's cell is broken over pages, other cells stand between its words: `wording` is
    then the action alone, None in running text. `reviewed` is a review's date, `as_of` the date
    of a measure ("40% as of 16 May"): neither is a date of completion. `late_days` counts
    from the due to the completion date where both are whole dates; below zero means early.
    `figures` are numbers with what they count, as written.
    """

    start: int
    end: int
    status: Claim | None = None
    owner: Claim | None = None
    due: Claim | None = None
    completed: Claim | None = None
    evidence: Claim | None = None
    figures: tuple[Claim, ...] = ()
    late_days: int | None = None
    wording: Claim | None = None
    reviewed: Claim | None = None
    as_of: Claim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One recommendation of an action plan with its actions, in order.

    `separated` is False where columns could not be told apart with certainty: the text is then
    kept whole in `start` to `end` and no action is made up. `update` is the plan's own account of
    what was done.
    """

    number: str | None
    start: int
    end: int
    wording: Claim | None
    update: Claim | None
    actions: tuple[Action, ...]
    separated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it stands in the text: caption and number as written, header, rows of cells."""

    number: str | None
    caption: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    start: int
    end: int

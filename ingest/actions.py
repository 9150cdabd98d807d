"""What a response says was done, is being done, or will be done: each action with its place.

Only what the letter says: no owner unless it names a role or a team, no date unless it gives one.
"""

import functools
import re
from collections.abc import Iterator, Sequence

from ingest.action_clauses import Clause, clauses, letter_paragraphs
from ingest.action_cues import Cue, lead_in
from ingest.action_figures import financial_years, find_figures
from ingest.action_owner import find_owner
from ingest.dates import find_dates
from ingest.plan_cells import Cell
from ingest.plan_columns import Column, headers
from ingest.plan_table import read_rows
from ingest.plan_values import action_from, late_days
from ingest.wording import lines, table, trimmed
from kb.documents import Section, SectionKind
from kb.records import Action, ActionStatus, Claim

_YEAR = re.compile(r"(?<![\w/.,£-])20\d\d(?![\w/,-])")
_START = re.compile(r"\b(?:since|from|as (?:of|at))\b", re.IGNORECASE)

_Date = tuple[int, int, str]


def read_actions(text: str, sections: Sequence[Section]) -> tuple[Action, ...]:
    """Return the actions that a response's answers state, and its dated or present measures.

    A measure ("capacity was 40% as of 16 May 2099") has no status unless the letter says that
    something changed; the date at which it was taken stands as `completed`. Dates are partial, or
    a financial year as written ("2099/00").
    """
    found: list[Action] = []
    for section in sections:
        if section.kind is SectionKind.ANSWER:
            body = _body(text, section)
            found += _stated(text, body, section.end)
            found += _tabled(text, body, section.end)
    return tuple(sorted(found, key=lambda action: action.start))


def _body(text: str, section: Section) -> int:
    begin, _ = trimmed(text, section.start, section.end)
    if section.heading and text.startswith(section.heading, begin):
        return begin + len(section.heading)
    return begin


def _stated(text: str, start: int, end: int) -> Iterator[Action]:
    lead: Claim | None = None
    for paragraph in letter_paragraphs(text, start, end):
        if not paragraph.item:
            lead = _lead(paragraph.words)
        stated = [
            action for clause in clauses(paragraph.words) if (action := _action(clause, lead=None))
        ]
        if not stated and paragraph.item and lead is not None:
            listed = _action(Clause(paragraph.words, None), lead=lead)
            stated = [listed] if listed else []
        yield from stated


def _lead(words: Cell) -> Claim | None:
    cue = lead_in(words.words)
    return words.claim(cue.status.value, cue.start, cue.end) if cue else None


def _action(clause: Clause, *, lead: Claim | None) -> Action | None:
    """Return what a clause states, None if it states nothing; `lead` is what its list said."""
    cell, cue = clause.words, clause.cue
    figures = find_figures(cell.words)
    if _is_no_action(cell.words, cue):
        return None
    measured = cue is None and lead is None
    dates = [
        date for date in _dates(cell.words) if measured or not _is_background(cell.words, date)
    ]
    if measured and not (figures and (dates or _measures().search(cell.words))):
        return None
    status = cell.claim(cue.status.value, cue.start, cue.end) if cue else lead
    due, completed = _when(cell, status, dates)
    as_of = None
    if measured:  # "40% as of 16 May" tells how things stood, not that something was completed
        as_of, completed = completed, None
    return Action(
        start=cell.places[0],
        end=cell.places[-1] + 1,
        status=status,
        owner=find_owner(cell) if status else None,
        due=due,
        completed=completed,
        figures=tuple(cell.claim(value, start, end) for start, end, value in figures),
        late_days=late_days(due, completed),
        as_of=as_of,
    )


def _is_no_action(words: str, cue: Cue | None) -> bool:
    straight = words.replace("’", "'")
    told = cue is not None and cue.past and _narrative().search(straight) is not None
    return told or any(pattern.search(straight) for pattern in _no_action())


def _dates(words: str) -> list[_Date]:
    """Return the dates of a clause in order; a bare year counts where it says when."""
    found: list[_Date] = [*find_dates(words), *financial_years(words)]
    for match in _YEAR.finditer(words):
        alone = all(match.end() <= start or match.start() >= end for start, end, _ in found)
        if alone and _when_words().search(words, 0, match.start()):
            found.append((match.start(), match.end(), match[0]))
    return sorted(found)


def _is_background(words: str, date: _Date) -> bool:
    """Tell the date of the inquest, the report or the death from one of an action."""
    return _not_when().search(words, 0, date[0]) is not None


def _when(
    cell: Cell, status: Claim | None, dates: Sequence[_Date]
) -> tuple[Claim | None, Claim | None]:
    """Return the due and the completion date of a clause: at most one of them is stated."""
    said = [(date, _when_words().search(cell.words, 0, date[0])) for date in dates]
    past = status is None or status.value == ActionStatus.DONE
    if status is not None and status.value == ActionStatus.UNDER_WAY:
        # Since when a thing is being done does not say by when it will have been.
        said = [(date, match) for date, match in said if not (match and _START.search(match[0]))]
    if not said:
        return None, None
    start, end, iso = next((date for date, match in said if match), said[0][0])
    claim = cell.claim(iso, start, end)
    return (None, claim) if past else (claim, None)


def _tabled(text: str, start: int, end: int) -> Iterator[Action]:
    """Yield the actions of the tables in an answer whose header says what the columns hold."""
    stop = start
    for header in headers(text, start, end):
        if header.end <= stop:
            continue  # repeated on the next page: its rows are read already
        stop = header.end
        for begin, after in lines(text, header.end, end):
            if "\t" not in text[begin:after].rstrip("\n"):
                break
            stop = after
        rows = read_rows(text, header.end, stop, header)
        for place, pieces in enumerate(rows.entries if rows.separated else ()):
            wording = rows.cell(Column.ACTION, place).item()
            if wording:
                yield action_from(text, pieces, wording, Cell("", ()))


@functools.cache
def _measures() -> re.Pattern[str]:
    return _compiled("measures")


@functools.cache
def _narrative() -> re.Pattern[str]:
    return _compiled("narrative")


@functools.cache
def _not_when() -> re.Pattern[str]:
    return _compiled("not_when")


@functools.cache
def _when_words() -> re.Pattern[str]:
    return _compiled("when")


@functools.cache
def _no_action() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each, re.IGNORECASE) for each in table("actions")["no_action"])


def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(table("actions")[name], re.IGNORECASE)

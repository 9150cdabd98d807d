"""The sentences of a letter's answers, whole again over pages, and their clauses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.action_cues import Cue, find_cues
from ingest.action_figures import financial_years, find_figures
from ingest.dates import find_dates
from ingest.markers import begins_item
from ingest.plan_cells import Cell, cell_of
from ingest.wording import Span, lines, sentences, trimmed

_REDACTED = re.compile(r"\W*\[?redacted\]?\W*", re.IGNORECASE)
_ENDS = (".", "!", "?", ":", ";", '."', ".”", ".’", ".)")
# A line this long that ends without a stop was cut by a page, a shorter one is a heading.
_CUT = 60
_CONNECTOR = re.compile(r",?\s+(?:and|but|while|whilst)\b|;", re.IGNORECASE)
# Longer stretches without a stop are no sentence but a damaged table.
_LONGEST = 2000
# What shows that a connector joins clauses and not two nouns ("staff and managers").
_NEW_CLAUSE = re.compile(
    r"(?:,|;)?\s*(?:and|but|while|whilst)?,?\s*(?:by|in|from|on|since|until|following|after|once"
    r"|will|is|are|has|have|was|were|we|it|they|this|these|the|a|an|our|all|each|pending|then"
    r"|further|also)\b|[^\w]*,\s",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or list item with the words of a sentence that a page parts put together."""

    words: Cell
    item: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence that makes one statement; `cue` is None for a mere measure."""

    words: Cell
    cue: Cue | None


def letter_paragraphs(text: str, start: int, end: int) -> Iterator[Paragraph]:
    """Yield the paragraphs and list items of a stretch of a letter, tables left out."""
    gathered: list[Span] = []
    parted = False
    for span in lines(text, start, end):
        begin, stop = trimmed(text, *span)
        line = text[begin:stop]
        if not line or _REDACTED.fullmatch(line):
            parted = True
            continue
        if "\t" in line or (gathered and _begins(text, gathered, (begin, stop), parted)):
            yield from _paragraph(text, gathered)
            gathered = []
        if "\t" not in line:
            gathered.append((begin, stop))
        parted = False
    yield from _paragraph(text, gathered)


def _paragraph(text: str, spans: Sequence[Span]) -> Iterator[Paragraph]:
    if spans:
        item = _is_item(text, spans[0])
        words = cell_of(text, spans)
        yield Paragraph(words.item() if item else words, item)


def _is_item(text: str, line: Span) -> bool:
    """Tell a list item from a line that a page's edge makes begin with a date ("6 June 2099")."""
    date = next(find_dates(text[slice(*line)][:_CUT]), None)
    return begins_item(text, *line) and not (date and date[0] == 0)


def _begins(text: str, gathered: Sequence[Span], line: Span, parted: bool) -> bool:
    if _is_item(text, line):
        return True
    if not parted or text[line[0]].islower():
        return parted and text.endswith(_ENDS, *gathered[-1])
    # A list item ends where its line does; prose that a page cuts goes on ("if requiring a |
    # Care Co-ordinator").
    listed = _is_item(text, gathered[0])
    cut = gathered[-1][1] - gathered[-1][0] >= _CUT and not listed
    return text.endswith(_ENDS, *gathered[-1]) or not cut


def clauses(paragraph: Cell) -> Iterator[Clause]:
    """Yield the clauses of a paragraph: its sentences, divided where two things are stated.

    A sentence with two cues is divided where they differ in status or each has its own date; one
    with two dated measures between them.
    """
    for start, end in sentences(paragraph.words, 0, len(paragraph.words)):
        if end - start > _LONGEST:
            continue
        sentence = paragraph.part(start, end)
        cuts = {0, len(sentence.words), *_measure_cuts(sentence.words)}
        cues = find_cues(sentence.words)
        cuts |= {cut for one, two in pairwise(cues) if (cut := _cut(sentence.words, one, two))}
        for begin, stop in pairwise(sorted(cuts)):
            yield from _clause(sentence, begin, stop)


def _measure_cuts(words: str) -> Iterator[int]:
    """Yield where a dated measure ends and what follows has a date and figure of its own."""
    begin = 0
    for match in _clear(words, 0, len(words)):
        left, right = words[begin : match.start()], words[match.start() :]
        if all(_dated(side) and find_figures(side) for side in (left, right)):
            yield match.start()
            begin = match.start()


def _clause(sentence: Cell, begin: int, stop: int) -> Iterator[Clause]:
    joined = re.compile(r"[,;\s]*(?:(?:and|but|while|whilst)\b)?,?\s*", re.IGNORECASE)
    match = joined.match(sentence.words, begin, stop) if begin else None
    part = sentence.part(match.end() if match else begin, stop)
    if part:
        cues = find_cues(part.words)
        yield Clause(part, cues[0] if cues else None)


def _cut(words: str, one: Cue, two: Cue) -> int | None:
    """Return where one statement ends and the next begins, None where both are one."""
    between = list(_CONNECTOR.finditer(words, one.end, two.start))
    chosen = (list(_clear(words, one.end, two.start)) or between)[-1:]
    if not chosen:
        return None
    cut = chosen[0].start()
    apart = one.status is not two.status
    both_dated = _dated(words[one.start : cut]) and _dated(words[cut:])
    return cut if apart or both_dated else None


def _clear(words: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the connectors that join clauses and not two nouns."""
    for match in _CONNECTOR.finditer(words, start, end):
        if _NEW_CLAUSE.match(words, match.start()):
            yield match


def _dated(words: str) -> bool:
    return any(True for _ in find_dates(words)) or bool(financial_years(words))

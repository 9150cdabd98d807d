"""The single concerns of a concerns section: numbered, bulleted, or a paragraph each."""

import re

from ingest.markers import Marker, begins_item, top_list
from ingest.wording import (
    Span,
    has_letters,
    is_closing,
    is_form_words,
    paragraphs,
    skip_openers,
    trimmed,
)
from kb.documents import Concern

_HEADING = re.compile(r"[^\n]{0,60}\bconcerns?\b[^\n.]{0,30}(?:\n|\Z)", re.IGNORECASE)
# The number of the form's next part, which the page's second column leaves behind: "... staff. 6".
_NEXT_PART = re.compile(r"(?<=[.;:!?”\"')\]])\s+\(?\d{1,2}[.)]?\Z")
_RAISES = re.compile(r"\b(?:concern(?:s|ed)?|risks?)\b", re.IGNORECASE)
# An export may run on into the next part of the form.
_RUN_ON = re.compile(r"\n[ \t]*(?:\d[.)]?\s*)?ACTION SHOULD BE TAKEN\b")
_STATED = re.compile(
    r"\bMATTERS? OF CONCERN,? (?:is|are|ARE|IS),? (?:as follows|AS FOLLOWS)[ .:;,–—\-]*"
)


def find_concerns(text: str, start: int, end: int) -> tuple[Concern, ...]:
    """Return the concerns between two offsets of a text, in order, not overlapping.

    Each span is trimmed and begins with its number or bullet. The form's standard opening, a
    heading and closing remarks are no concerns.
    """
    begin, end = _bounds(text, start, end)
    markers = top_list(text, begin, end)
    spans = _item_spans(text, markers, end)
    if spans and not _is_detail(text, begin, spans, end):
        found = [
            _cut(text, *span, marker.number) for span, marker in zip(spans, markers, strict=True)
        ]
        found += _after_list(text, spans[-1][1], end)
    else:
        found = _in_paragraphs(text, begin, end)
    return tuple(concern for concern in found if _says_something(text, concern))


def _bounds(text: str, start: int, end: int) -> Span:
    """Return where the concerns themselves begin and end inside their section."""
    heading = _HEADING.match(text, start, end)
    begin = heading.end() if heading and len(heading[0].split()) <= 6 else start
    run_on = _RUN_ON.search(text, begin, end)
    end = run_on.start() if run_on else end
    begin = skip_openers(text, begin, end)
    # Some tell the evidence first and only then say which matters are of concern.
    stated = [match.end() for match in _STATED.finditer(text, begin, end)]
    late = [position for position in stated if end - position > 100]
    return (skip_openers(text, late[-1], end) if late else begin), end


def _is_detail(text: str, begin: int, spans: list[Span], end: int) -> bool:
    """Whether a list only illustrates the paragraphs around it."""
    first, last = spans[0][0], spans[-1][1]
    share = (last - first) / max(1, end - begin)
    after = sum(
        stop - at for at, stop in paragraphs(text, last, end) if not is_closing(text[at:stop])
    )
    before = len(paragraphs(text, begin, first))
    return (before > 1 and share < 0.35) or (after > 300 and share < 0.55)


def _says_something(text: str, concern: Concern) -> bool:
    piece = text[concern.start : concern.end]
    return has_letters(piece) and not is_form_words(piece)


def _cut(text: str, start: int, end: int, number: str | None = None) -> Concern:
    begin, stop = trimmed(text, start, end)
    stray = _NEXT_PART.search(text[begin:stop])
    return Concern(number, begin, begin + stray.start() if stray else stop)


def list_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the items of the outermost list of a stretch of text, [] if it holds none."""
    return _item_spans(text, top_list(text, start, end), end)


def _item_spans(text: str, markers: tuple[Marker, ...], end: int) -> list[Span]:
    if not markers:
        return []
    ends = [marker.start for marker in markers[1:]]
    several = len(markers) == 1 or any(
        len(paragraphs(text, marker.start, stop)) > 1
        for marker, stop in zip(markers, ends, strict=False)
    )
    ends.append(_end_of_last(text, markers[-1].start, end, several=several))
    return [(marker.start, stop) for marker, stop in zip(markers, ends, strict=True)]


def _after_list(text: str, begin: int, end: int) -> list[Concern]:
    """Paragraphs that follow a list count where they raise a concern of their own."""
    found = _in_paragraphs(text, begin, end)
    pieces = [text[concern.start : concern.end] for concern in found]
    return [
        concern
        for concern, piece in zip(found, pieces, strict=True)
        if _RAISES.search(piece) and not is_closing(piece)
    ]


def _end_of_last(text: str, start: int, end: int, *, several: bool) -> int:
    """Return where the last item ends: after its own paragraph and the sub-items under it,

    or where the closing remarks begin, if the items before it have `several` paragraphs.
    """
    spans = paragraphs(text, start, end)
    stop = spans[0][1] if spans else end
    for begin, after in spans[1:]:
        piece = text[begin:after]
        lead_in = text[:stop].endswith((":", ",", ";", "-", "–"))
        if is_closing(piece) or not (several or lead_in or begins_item(text, begin, after)):
            break
        stop = after
    return stop


def _in_paragraphs(text: str, begin: int, end: int) -> list[Concern]:
    """One concern a paragraph; a paragraph that ends in a colon goes with what it leads in."""
    merged: list[Span] = []
    joins = False
    for start, stop in paragraphs(text, begin, end):
        piece = text[start:stop]
        if not has_letters(piece) or is_form_words(piece):
            joins = False
            continue
        item = begins_item(text, start, stop) or piece[:1].islower()
        if merged and (joins or item):
            merged[-1] = (merged[-1][0], stop)
        elif not (merged and is_closing(piece)):
            merged.append((start, stop))
        joins = piece.endswith((":", ":-", ": -", "–", ","))
    return [_cut(text, *span) for span in merged]

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

_HEADING = re.compile(r"[^\n]{0,60}\bconcerns?\b(?!\s*\(?\d)[^\n.]{0,30}(?:\n|\Z)", re.IGNORECASE)
# The numbers of the form's next parts, which the page's second column leaves behind: "staff. 6 7".
_NEXT_PART = re.compile(
    r"(?<=[.;:!?”\"')\]])(?:\s+\(?\d{1,2}[.)]?){1,4}\Z"
    r"|(?<=[a-z]{2})(?<!ward)(?<!unit)(?<!level)(?<! of)(?<! to)(?<! and)(?<!age)\s+6[.)]?\Z"
)
# What a page's foot leaves behind in the middle of a section.
_FOOT = re.compile(
    r"(?:\s*(?:Regulation 28 [-–] (?:After|Before) Inquest"
    r"|(?:Document )?Template Updated \d\d/\d\d/\d{4}))+(?:\s+\d{1,2}[.)]?)?\Z",
    re.IGNORECASE,
)
_RAISES = re.compile(
    r"\b(?:i (?:am|was|remain|have)|my|matters? of|also|further|another|a|it is of|real)"
    r"(?: \w+){0,2} (?:concern(?:s|ed)?|risk)\b",
    re.IGNORECASE,
)
# "My concerns are:", "the following matters of concern": what is listed after that is no detail.
_LEADS_CONCERNS = re.compile(
    r"\b(?:concerns?|following (?:issues|matters))\b[^.,\n]{0,40}[:;][\s–—\-]*\Z", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"[‘“]|(?:Further(?:more)?|Moreover|Additionally|In addition|However|Nevertheless|Therefore"
    r"|Thus|This|These|It|They|Such)\b"
)
_STOPS = frozenset('.:;,!?…–-"”’)]')
_LONG = 40  # characters; what is shorter may be a heading, or an item of a list
_FIRSTS = frozenset("1aAiI")
_NUMBERED = re.compile(r"\(?(\d{1,2})[.)]")
# A heading for each recipient: "The MATTERS OF CONCERN - 2. Borset Council".
_PART = re.compile(
    r"^[ \t]*(?:The )?MATTERS? OF CONCERN\b(?![^\n]*(?:is|are) as follows)[^\n]{1,120}\n",
    re.MULTILINE,
)
# An export may run on into the next part of the form.
_RUN_ON = re.compile(r"\n[ \t]*(?:\d[.)]?\s*)?ACTION SHOULD BE TAKEN\b")
_ALONE = re.compile(r"^[ \t]*Concerns?[ \t]*[:–-]?[ \t]*\n", re.MULTILINE)
_STATED = re.compile(
    r"\bMATTERS? OF CONCERN,? (?:is|are|ARE|IS)(?:,? (?:as follows|AS FOLLOWS)[ .:;,–—\-]*|:)"
)


def find_concerns(text: str, start: int, end: int) -> tuple[Concern, ...]:
    """Return the concerns between two offsets of a text, in order, not overlapping.

    Each span is trimmed and begins with its number or bullet. The form's standard opening, a
    heading and closing remarks are no concerns.
    """
    begin, end = _bounds(text, start, end)
    found = [concern for span in _parts(text, begin, end) for concern in _of_part(text, *span)]
    return tuple(concern for concern in found if _says_something(text, concern))


def _of_part(text: str, begin: int, end: int) -> list[Concern]:
    markers = top_list(text, begin, end)
    spans = _item_spans(text, markers, end)
    if not spans or _is_detail(text, begin, spans, end):
        return _in_paragraphs(text, begin, end)
    found = [_cut(text, *span, marker.number) for span, marker in zip(spans, markers, strict=True)]
    # A list that begins with its second number has lost the first, not the first concern.
    first = _in_paragraphs(text, begin, spans[0][0]) if markers[0].number == "2" else []
    return [*first, *found, *_after_list(text, spans[-1][1], end)]


def _parts(text: str, begin: int, end: int) -> list[Span]:
    """Return the stretches under a heading of their own, where there are several."""
    heads = list(_PART.finditer(text, begin, end))
    if len(heads) < 2:
        return [(begin, end)]
    ends = [*(head.start() for head in heads[1:]), end]
    parts = [(head.end(), stop) for head, stop in zip(heads, ends, strict=True)]
    return [(begin, heads[0].start()), *parts]


def _bounds(text: str, start: int, end: int) -> Span:
    """Return where the concerns themselves begin and end inside their section."""
    heading = _HEADING.match(text, start, end)
    begin = heading.end() if heading and len(heading[0].split()) <= 6 else start
    run_on = _RUN_ON.search(text, begin, end)
    end = run_on.start() if run_on else end
    begin = skip_openers(text, begin, end)
    # Some tell the evidence first and only then say which matters are of concern.
    stated = [match.end() for match in _STATED.finditer(text, begin, end)]
    alone = [match.end() for match in _ALONE.finditer(text, begin, end)]
    stated += alone if len(alone) == 1 else []
    late = sorted(position for position in stated if end - position > 100)
    return (skip_openers(text, late[-1], end) if late else begin), end


def _is_detail(text: str, begin: int, spans: list[Span], end: int) -> bool:
    """Whether a list only illustrates the paragraphs around it."""
    first, last = spans[0][0], spans[-1][1]
    if len(spans) > 1 and _LEADS_CONCERNS.search(text[max(begin, first - 160) : first]):
        return False
    before = len(paragraphs(text, begin, first))
    if before == 0 and len(spans) > 1 and begins_item(text, first, end):
        return False
    share = (last - first) / max(1, end - begin)
    after = sum(
        stop - at for at, stop in paragraphs(text, last, end) if not is_closing(text[at:stop])
    )
    return share < (0.35 if before > 1 else 0.2) or (after > 300 and share < 0.55)


def _says_something(text: str, concern: Concern) -> bool:
    piece = text[concern.start : concern.end]
    return has_letters(piece) and not is_form_words(piece)


def _cut(text: str, start: int, end: int, number: str | None = None) -> Concern:
    begin, stop = trimmed(text, start, end)
    for tail in (_FOOT, _NEXT_PART):
        if stray := tail.search(text[begin:stop]):
            stop = begin + stray.start()
    return Concern(number, *trimmed(text, begin, stop))


def list_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the items of the outermost list of a stretch of text, [] if it holds none."""
    return _item_spans(text, top_list(text, start, end), end)


def _item_spans(text: str, markers: tuple[Marker, ...], end: int) -> list[Span]:
    if not markers:
        return []
    ends = [_before_heading(text, marker) for marker in markers[1:]]
    several = len(markers) == 1 or any(
        len(paragraphs(text, marker.start, stop)) > 1
        for marker, stop in zip(markers, ends, strict=False)
    )
    ends.append(_end_of_last(text, markers[-1].start, end, several=several))
    return [(marker.start, stop) for marker, stop in zip(markers, ends, strict=True)]


def _before_heading(text: str, marker: Marker) -> int:
    """Return where the item before a marker ends; the heading of a new list is no part of it."""
    if not (marker.headed and marker.number in _FIRSTS):
        return marker.start
    return text.rfind("\n", 0, len(text[: marker.start].rstrip())) + 1


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
    """Return where the last item ends: after its own paragraph, the sub-items under it and what

    goes on from it ("Further, ..."), or where the closing remarks begin, if the items before it
    have `several` paragraphs.
    """
    spans = paragraphs(text, start, end)
    stop = spans[0][1] if spans else end
    for begin, after in spans[1:]:
        piece = text[begin:after]
        lead_in = text[:stop].endswith((":", ",", ";", "-", "–"))
        own = several or lead_in or begins_item(text, begin, after) or _GOES_ON.match(piece)
        if is_closing(piece) or not own:
            break
        stop = after
    return stop


def _in_paragraphs(text: str, begin: int, end: int) -> list[Concern]:
    """One concern a paragraph; a paragraph that ends in a colon goes with what it leads in."""
    merged: list[tuple[int, int, str | None]] = []
    joins = listed = False
    for start, stop in _whole_paragraphs(text, begin, end):
        piece = text[start:stop]
        if not has_letters(piece) or is_form_words(piece):
            joins = listed = False
            continue
        item = begins_item(text, start, stop)
        listed = joins or (item and (listed or text[:start].rstrip().endswith(";")))
        number = _NUMBERED.match(piece) if item and not listed else None
        if merged and (listed or piece[:1].islower() or (item and not number)):
            merged[-1] = (merged[-1][0], stop, merged[-1][2])
        elif not (merged and is_closing(piece)):
            merged.append((start, stop, number[1] if number else None))
        joins = piece.endswith((":", ":-", ": -", "–", ","))
    return [_cut(text, *span) for span in merged]


def _whole_paragraphs(text: str, begin: int, end: int) -> list[Span]:
    """Return the paragraphs, each with its heading, and made whole where a page's edge broke it.

    Where nearly all end in a stop, one that does not goes on in the next. Two such in a row are
    lines of a list that lost its bullets.
    """
    spans = paragraphs(text, begin, end)
    done = [text[stop - 1] in _STOPS for _, stop in spans]
    long = [stop - start >= _LONG for start, stop in spans]
    stopped = [whole for whole, is_long in zip(done, long, strict=True) if is_long]
    if sum(stopped) < 0.7 * len(stopped):
        return spans
    out: list[Span] = []
    for place, (start, stop) in enumerate(spans):
        open_before = place > 0 and not done[place - 1]
        listed = place > 1 and not done[place - 2] and long[place - 2]
        alone = done[place] and not listed and (long[place] or long[place - 1])
        if open_before and alone and not begins_item(text, start, stop):
            out[-1] = (out[-1][0], stop)
        else:
            out.append((start, stop))
    return out

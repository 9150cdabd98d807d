"""The single concerns of a concerns section: numbered, bulleted, or a paragraph each."""

import re

from ingest.concern_bounds import concern_parts
from ingest.markers import Marker, begins_item, top_list
from ingest.wording import Span, has_letters, is_closing, is_form_words, paragraphs, trimmed
from kb.documents import Concern

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
# "A further concern", "I am also concerned": what only sums up or concludes adds none.
_ADDS = re.compile(
    r"\b(?:also|further|another|additional(?:ly)?|in addition|finally|lastly|separate(?:ly)?)\b"
    r"[^.\n]{0,60}\bconcern",
    re.IGNORECASE,
)
# "My concerns are:", "the following matters of concern": what is listed after that is no detail.
_LEADS_CONCERNS = re.compile(
    r"\b(?:concerns?|following (?:issues|matters))\b[^.,\n]{0,40}[:;][\s–—\-]*\Z", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"[‘“]|(?:Further(?:more)?|Moreover|Additionally|In addition|However|Nevertheless|Therefore"
    r"|Thus|This|These|It|They|Such|Accordingly|Consequently|As (?:such|a result)"
    r"|I am therefore)\b"
)
_STOPS = frozenset('.:;,!?…–-"”’)]')
_TAIL = 200  # characters in which what strayed behind an item is looked for
_LONG = 40  # characters; what is shorter may be a heading, or an item of a list
_FIRSTS = frozenset("1aAiI")
_NUMBERED = re.compile(r"\(?(\d{1,2}) ?[.)]")
# A line that ends so, or the next one beginning with a stray mark, was broken in two.
_BREAKS = re.compile(
    r"\b(?:an?|and|as|at|by|for|from|in|of|on|or|that|the|their|to|which|with"
    r"|is|are|was|were|be|been|has|have)\Z"
)
_STRAY = frozenset("/,;)&")


def find_concerns(text: str, start: int, end: int) -> tuple[Concern, ...]:
    """Return the concerns between two offsets of a text, in order, not overlapping.

    Each span is trimmed and begins with its number or bullet. The form's standard opening, a
    heading and closing remarks are no concerns.
    """
    found = [
        concern for span in concern_parts(text, start, end) for concern in _of_part(text, *span)
    ]
    if found and _leads_nowhere(text, found[-1]):
        found.pop()
    return tuple(concern for concern in found if _says_something(text, concern))


def _leads_nowhere(text: str, last: Concern) -> bool:
    """Whether the last paragraph leads in a list of which nothing came ("... as follows:")."""
    piece = text[last.start : last.end]
    return last.number is None and len(piece) < 300 and piece.endswith(":")


def _of_part(text: str, begin: int, end: int) -> list[Concern]:
    markers = top_list(text, begin, end)
    spans = _item_spans(text, markers, end)
    if not spans or _is_detail(text, begin, spans, end):
        return _in_paragraphs(text, begin, end)
    found = [_cut(text, *span, marker.number) for span, marker in zip(spans, markers, strict=True)]
    # A list that begins with its second number has lost the first, not the first concern.
    first = _in_paragraphs(text, begin, spans[0][0]) if markers[0].number == "2" else []
    return [*first, *found, *_after_list(text, spans[-1][1], end)]


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
    return has_letters(piece) and not _is_form(piece)


def _is_form(piece: str) -> bool:
    # The standard opening is half as long; taking every phrase out of a long concern is slow.
    return len(piece) < 1500 and is_form_words(piece)


def _cut(text: str, start: int, end: int, number: str | None = None) -> Concern:
    begin, stop = trimmed(text, start, end)
    for tail in (_FOOT, _NEXT_PART):
        near = max(begin, stop - _TAIL)
        if stray := tail.search(text[near:stop]):
            stop = near + stray.start()
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
    if marker.head is None or (marker.at_line_start and marker.number not in _FIRSTS):
        return marker.start
    return marker.head


def _after_list(text: str, begin: int, end: int) -> list[Concern]:
    """Paragraphs that follow a list count where they raise a concern of their own."""
    found = _in_paragraphs(text, begin, end)
    pieces = [text[concern.start : concern.end] for concern in found]
    return [
        concern
        for concern, piece in zip(found, pieces, strict=True)
        if _raises(piece) and not is_closing(piece)
    ]


def _raises(piece: str) -> bool:
    """Whether a paragraph adds a concern of its own, or leads in a list of them."""
    lead, _, items = piece.partition(":\n")
    return _ADDS.search(piece) is not None or (bool(items) and "concern" in lead)


def _end_of_last(text: str, start: int, end: int, *, several: bool) -> int:
    """Return where the last item ends: after its own paragraph, the sub-items under it and what

    goes on from it ("Further, ..."), or where the closing remarks begin, if the items before it
    have `several` paragraphs.
    """
    spans = paragraphs(text, start, end)
    stop = spans[0][1] if spans else end
    # Among several paragraphs one that begins as closing words do may be followed by more.
    last = max((after for begin, after in spans if not is_closing(text[begin:after])), default=stop)
    for begin, after in spans[1:]:
        piece = text[begin:after]
        lead_in = text[stop - 1] in ":,;-–" or _is_broken(text, stop, begin)
        own = several or lead_in or begins_item(text, begin, after) or _GOES_ON.match(piece)
        if not own or (is_closing(piece) and not (several and after < last)):
            break
        stop = after
    return stop


def _is_broken(text: str, stop: int, begin: int) -> bool:
    """Whether the sentence of a paragraph that ends at `stop` goes on in the one at `begin`."""
    if text[stop - 1] in _STOPS:
        return False
    breaks = _BREAKS.search(text, max(0, stop - 12), stop) is not None
    return breaks or text[begin].islower() or text[begin] in _STRAY


def _in_paragraphs(text: str, begin: int, end: int) -> list[Concern]:
    """One concern a paragraph; a paragraph that ends in a colon goes with what it leads in."""
    merged: list[tuple[int, int, str | None]] = []
    joins = listed = False
    lead, quotes, last_quote = "", 0, text.rfind("”", begin, end)
    spans = _whole_paragraphs(text, begin, end)
    while len(spans) > 1 and is_closing(text[slice(*spans[-1])]):
        spans.pop()
    for start, stop in spans:
        piece = text[start:stop]
        if not has_letters(piece) or _is_form(piece):
            joins = listed = False
            continue
        item = begins_item(text, start, stop)
        listed = joins or (
            item and (listed or text[max(0, start - 80) : start].rstrip().endswith(";"))
        )
        number = _NUMBERED.match(piece) if item and not listed else None
        goes_on = piece[0].islower() or (item and not number) or is_closing(piece)
        if merged and (listed or goes_on):
            # Of a list that lost its bullets only the last line may end in a full stop.
            # What a short first line leads in is the concerns themselves.
            detail = "concern" not in lead and (len(merged) > 1 or len(lead) > 200)
            joins = joins and detail and (piece[-1] not in _STOPS or piece[-1] in ",;")
            merged[-1] = (merged[-1][0], stop, merged[-1][2])
        else:
            merged.append((start, stop, number[1] if number else None))
            joins, quotes = False, 0
        quotes += piece.count("“") - piece.count("”")
        if leads := piece.endswith((":", ":-", ": -", "–", ",")):
            lead = piece
        joins = joins or leads or (quotes > 0 and last_quote > stop)
    return [_cut(text, *span) for span in merged]


def _whole_paragraphs(text: str, begin: int, end: int) -> list[Span]:
    """Return the paragraphs, each with its heading, and made whole where a page's edge broke it.

    Where nearly all end in a stop, one that does not goes on in the next. Two such in a row are
    lines of a list that lost its bullets.
    """
    spans: list[Span] = []
    for start, stop in paragraphs(text, begin, end):
        if spans and _is_broken(text, spans[-1][1], start) and not begins_item(text, start, stop):
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
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

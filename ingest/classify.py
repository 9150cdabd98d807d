"""What a document is, told by weighted cues in its opening."""

import functools
import re

from ingest.wording import plain, table
from kb.documents import Kind

_OPENING = 6000
_BLANKS_LEFT = 2


@functools.cache
def _cues() -> tuple[tuple[Kind, int, str, re.Pattern[str]], ...]:
    return tuple(
        (Kind(kind), cue["weight"], place, re.compile(cue[place], re.IGNORECASE))
        for kind, cues in table("kinds")["cues"].items()
        for cue in cues
        for place in ("pattern", "name")
        if place in cue
    )


def classify(text: str, *, name: str = "") -> Kind:
    """Return the kind of a document from its text and, as a hint, its file's `name`.

    A form that nobody has filled in is no report: it is `Kind.OTHER`, like all that no cue knows.
    """
    opening = text[:_OPENING]
    flat = plain(opening)
    if is_blank_form(flat):
        return Kind.OTHER
    scores = dict.fromkeys(Kind, 0)
    for kind, weight, place, pattern in _cues():
        if pattern.search(flat if place == "pattern" else name):
            scores[kind] += weight
    rows = table("kinds")["rows"]
    if sum(line.count("\t") >= 2 for line in opening.split("\n")) >= rows["at_least"]:
        scores[Kind(rows["kind"])] += rows["weight"]
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= table("kinds")["enough"] else Kind.OTHER


def is_blank_form(opening: str) -> bool:
    """Tell whether the gaps of the form ("I am [NAME]") still stand in a document's opening.

    Guidance notes left in a form that was filled in do not make it blank.
    """
    flat = plain(opening)
    left = sum(re.search(gap, flat, re.IGNORECASE) is not None for gap in table("kinds")["blank"])
    return left > _BLANKS_LEFT

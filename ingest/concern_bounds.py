"""Where the concerns of a section begin and end, and under how many headings they stand."""

import re

from ingest.wording import Span, skip_openers

_HEADING = re.compile(r"[^\n]{0,60}\bconcerns?\b(?!\s*\(?\d)[^\n.]{0,30}(?:\n|\Z)", re.IGNORECASE)
# A heading for each recipient: "The MATTERS OF CONCERN - 2. Borset Council".
_PART = re.compile(
    r"^[ \t]*(?:The )?MATTERS? OF CONCERN\b(?![^\n]*(?:is|are) as follows)[^\n]{1,120}\n",
    re.MULTILINE,
)
# An export may run on into the next part of the form.
_RUN_ON = re.compile(r"(?:\n[ \t]*|(?<=[.;])\s)(?:\d[.)]?\s*)?ACTION SHOULD BE TA[A-Z]?")
_ALONE = re.compile(r"^[ \t]*Concerns?[ \t]*[:–-]?[ \t]*\n", re.MULTILINE)
_STATED = re.compile(
    r"\bMATTERS? OF CONCERNS?,? (?:is|are|ARE|IS)(?:,? (?:as follows|AS FOLLOWS)[ .:;,–—\-]*|:)"
    r"|^[ \t]*(?:The )?matters? of concerns? (?:is|are) as follows[ .:;]*\n",
    re.MULTILINE,
)


def concern_parts(text: str, start: int, end: int) -> list[Span]:
    """Return the stretches of a section that hold concerns: past the form's opening and before the

    next part of the form; one for each heading where each recipient has its own.
    """
    begin, end = _bounds(text, start, end)
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

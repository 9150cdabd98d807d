"""Which lines are headings: of the Regulation 28 form, of Markdown, or by their looks."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.dates import find_dates
from ingest.wording import Span, lines, plain, table, trimmed
from kb.documents import SectionKind

_NUMBER_ALONE = re.compile(r"\(?[1-9]\)?[.)]?")
_MARKDOWN = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*|\*\*(?P<bold>[^*]+)\*\*:?")
_CONTENTS_LINE = re.compile(r".*(?:\.{3,}|…|\t)\s*\d{1,3}")
_NAMED = re.compile(
    r"(?:(?:response|answer|reply)s? to |coroner'?s )?(?:matter of |area of )?"
    r"(?:concern|issue|question) (?:no\.? |number )?\(?(?:\d{1,2}|[a-h])\b.*",
    re.IGNORECASE,
)
_LONGEST = 120
_FEW_HEADINGS = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line: its words as written, where it begins and ends, and its rank.

    `level` is the number of Markdown's hash marks, None for other headings. `sure` tells a numbered
    heading in capitals from a line that may be a heading only where the form expects it.
    """

    kind: SectionKind | None
    written: str
    start: int
    end: int
    level: int | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _FormRow:
    kind: SectionKind
    manner: str
    pattern: re.Pattern[str]


@functools.cache
def _form_rows() -> tuple[_FormRow, ...]:
    return tuple(
        _FormRow(
            SectionKind(row["kind"]),
            row["manner"],
            re.compile(
                rf"(?P<number>\(?[1-9]\)?[.):]?\s*)?(?P<head>{row['written']})(?P<rest>.*)", re.I
            ),
        )
        for row in table("headings")["form"]
    )


@functools.cache
def _no_headings() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in table("headings")["no_heading"])


def form_headings(text: str) -> Iterator[Heading]:
    """Yield the lines that carry a heading of the Regulation 28 form, in the text's order.

    A number on a line of its own before the heading belongs to it.
    """
    before: Span | None = None
    for start, end in lines(text):
        begin, stop = trimmed(text, start, end)
        heading = _form_heading(text[begin:stop], begin, stop) if stop > begin else None
        if heading is not None:
            if before is not None and not heading.written[:1].isdigit():
                number = text[before[0] : before[1]]
                written = f"{number} {heading.written}"
                heading = Heading(heading.kind, written, before[0], heading.end, None, True)
            yield heading
        if stop > begin:
            before = (begin, stop) if _NUMBER_ALONE.fullmatch(text[begin:stop]) else None


def _form_heading(line: str, start: int, end: int) -> Heading | None:
    bare = plain(line).strip("*").lstrip("#").strip("* ")
    for row in _form_rows():
        match = row.pattern.fullmatch(bare)
        if match is None:
            continue
        rest = match["rest"].strip(" *:.–-")
        upper = match["head"].isupper()
        numbered = match["number"] is not None
        if rest and not _runs_on(row, match, upper=upper, numbered=numbered):
            continue
        written = " ".join(line.split()) if not rest else f"{match['number'] or ''}{match['head']}"
        level = len(line) - len(line.lstrip("#")) or None
        return Heading(row.kind, written.strip("#* "), start, end, level, upper and numbered)
    return None


def _runs_on(row: _FormRow, match: re.Match[str], *, upper: bool, numbered: bool) -> bool:
    """Whether a heading may share its line with the text that it heads."""
    if row.manner == "open":
        return True
    # "MATTERS OF CONCERN are as follows" and "CORONER'S CONCERNS about" run on in lower case.
    opens = re.match(r"\s*(?:[:–\-]|\s[\"'(\[]?[A-Z1-9])", match["rest"]) is not None
    return upper and opens and (numbered or row.manner == "loose")


def headed_kind(title: str) -> SectionKind | None:
    """Return the part that a digest's or report's heading names, None if it is no known one."""
    key = plain(title).lower().strip(" :.*")
    found = table("headings")["headed"].get(key)
    return SectionKind(found) if found else None


def marked_headings(text: str) -> list[Heading]:
    """Return the Markdown headings (hash marks or a wholly bold line) of a text."""
    out = []
    for start, end in lines(text):
        begin, stop = trimmed(text, start, end)
        match = _MARKDOWN.fullmatch(text, begin, stop)
        if match is None or stop - begin > _LONGEST:
            continue
        title = (match["title"] or match["bold"]).strip("* ")
        if not title or _no_heading(title):
            continue
        level = len(match["marks"]) if match["marks"] else None
        out.append(Heading(headed_kind(title), title, begin, stop, level))
    return out


def title_lines(text: str) -> list[Heading]:
    """Return short lines that look like titles: on their own, without a stop, prose after them."""
    spans = [trimmed(text, *span) for span in lines(text)]
    out = []
    for place, (begin, stop) in enumerate(spans):
        line = text[begin:stop]
        alone = place == 0 or spans[place - 1][0] == spans[place - 1][1]
        if alone and _looks_like_title(line) and _prose_follows(text, spans, place + 1):
            out.append(Heading(headed_kind(line), line, begin, stop))
    return out


def outline(text: str) -> list[Heading]:
    """Return a headed document's headings: Markdown's, and title-like lines where it has few."""
    headings = marked_headings(text)
    if len(headings) >= _FEW_HEADINGS:
        return headings
    return sorted([*headings, *title_lines(text)], key=lambda each: each.start)


def _looks_like_title(line: str) -> bool:
    if _NAMED.fullmatch(plain(line)) and len(line) <= _LONGEST and not line.endswith("."):
        return True
    words = line.split()
    return (
        1 <= len(words) <= 10
        and 3 < len(line) <= 80
        and (line[0].isupper() or line[0].isdigit())
        and not line.endswith((".", ";", ",", "!", "–", "-"))
        and any(word.isalpha() for word in words)
        and "\t" not in line
        and not _no_heading(line)
    )


def _no_heading(line: str) -> bool:
    flat = plain(line)
    if any(pattern.fullmatch(flat) or pattern.match(flat + " ") for pattern in _no_headings()):
        return True
    dates = "".join(flat[start:end] for start, end, _ in find_dates(flat))
    return _CONTENTS_LINE.fullmatch(line) is not None or (
        bool(dates) and len(dates) > len(flat) / 2
    )


def _prose_follows(text: str, spans: Sequence[Span], place: int) -> bool:
    for at in range(place, len(spans)):
        begin, stop = spans[at]
        if stop > begin:
            line = text[begin:stop]
            return len(line) >= 80 and "\t" not in line
    return False

"""A document's text divided into its parts: the form's, a letter's, a plan's.

The sections tile the text: nothing is dropped and nothing stands in two of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.concerns import list_spans
from ingest.contents import chapters, contents_span
from ingest.dates import find_dates
from ingest.headings import Heading, form_headings, headed_kind, marked_headings, outline
from ingest.markers import begins_item
from ingest.plan_rows import recommendation_rows
from ingest.wording import Span, lines, paragraphs, plain, trimmed
from kb.documents import Kind, Section, SectionKind

_FORM_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            SectionKind.PREAMBLE,
            SectionKind.SENT_TO,
            SectionKind.CORONER,
            SectionKind.POWERS,
            SectionKind.INVESTIGATION,
            SectionKind.CIRCUMSTANCES,
            SectionKind.CONCERNS,
            SectionKind.ACTION,
            SectionKind.RESPONSE_DUE,
            SectionKind.COPIES,
            SectionKind.SIGNATURE,
        )
    )
}
_SIGNED = re.compile(
    r"(?:9[.):]?\s+)?(?:\[?dated?\b|signed\b|signature\b|\[date\])|9[.):]?(?:\s|$)", re.I
)
_COPIES_WORDS = re.compile(r"chief coroner|representations|interested persons", re.IGNORECASE)
_SALUTATION = re.compile(
    r"^[ \t]*(?:dear\b|re:?\s|regulation 28\b|ref(?:erence)?:)[^\n]*\n", re.I | re.M
)
_CLOSING = re.compile(
    r"^[ \t]*(?:yours (?:sincerely|faithfully|truly)"
    r"|(?:with )?(?:kind|best) (?:regards|wishes))\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_RAISED = re.compile(r"\b(?:concerns?|matters)\b", re.IGNORECASE)
# A restated concern is quoted, not argued: longer items are answers under numbered concerns.
_LONGEST_RESTATED = 1500
# So much un-headed prose before the first heading of a letter is an answer, not an opening.
_LONGEST_OPENING = 1200


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    kind: SectionKind
    heading: str = ""


def split_sections(text: str, kind: Kind) -> tuple[Section, ...]:
    """Return the sections of a text, which tile it; () for an empty text.

    A section's heading is as written, "" where it has none.
    """
    if kind is Kind.REPORT:
        cuts = list(_report_cuts(text)) or _headed_cuts(text, SectionKind.BODY)
        opening = SectionKind.PREAMBLE if cuts else SectionKind.BODY
    elif kind is Kind.ACTION_PLAN:
        cuts = _plan_cuts(text)
        opening = SectionKind.PREAMBLE if cuts else SectionKind.BODY
    elif kind is Kind.RESPONSE:
        cuts = _response_cuts(text)
        opening = SectionKind.PREAMBLE
    elif kind is Kind.ANNUAL_REPORT and (listed := _chapter_cuts(text)):
        cuts, opening = listed, SectionKind.PREAMBLE
    else:
        cuts = _headed_cuts(text, SectionKind.BODY, titles=True)
        opening = SectionKind.PREAMBLE if cuts else SectionKind.BODY
    return _tiled(text, [_Cut(0, opening), *cuts])


def _tiled(text: str, cuts: Iterable[_Cut]) -> tuple[Section, ...]:
    """Turn cuts into sections: blank ones go to the next, repeated headings to the current one."""
    kept: list[_Cut] = []
    for cut in sorted(cuts, key=lambda each: each.start):
        if kept and not text[kept[-1].start : cut.start].strip():
            cut = _Cut(kept.pop().start, cut.kind, cut.heading)
        repeated = kept and cut.heading and _same(kept[-1], cut)
        if not repeated:
            kept.append(cut)
    ends = [*(cut.start for cut in kept[1:]), len(text)]
    return tuple(
        Section(cut.kind, cut.heading, cut.start, end)
        for cut, end in zip(kept, ends, strict=True)
        if end > cut.start
    )


def _same(one: _Cut, two: _Cut) -> bool:
    return one.kind is two.kind and one.heading.casefold() == two.heading.casefold()


def _report_cuts(text: str) -> Iterator[_Cut]:
    """Follow the form's headings in its order; a heading out of order must be a sure one.

    "Inquest" on a line of its own inside the circumstances is no new part.
    """
    headings = list(form_headings(text))
    on_form = {heading.kind for heading in headings}
    in_digest = {heading.kind for heading in marked_headings(text)} - {None}
    if len(on_form) < max(2, len(in_digest)):
        return
    current = SectionKind.PREAMBLE
    for heading in headings:
        if heading.kind is None:
            continue
        again = heading.kind is SectionKind.SENT_TO
        later = _FORM_ORDER[heading.kind] > _FORM_ORDER[current]
        if heading.kind is not current and (later or again or heading.sure or heading.level):
            yield _Cut(heading.start, heading.kind, heading.written)
            current = heading.kind
    if current in (SectionKind.COPIES, SectionKind.RESPONSE_DUE):
        signed = _signature_start(text, headings[-1].end)
        if signed is not None:
            yield _Cut(signed, SectionKind.SIGNATURE)


def _signature_start(text: str, after: int) -> int | None:
    """Return where date and signature begin, None where they cannot be told from the copies.

    The form's "9" may be printed before the list of copies ends, so words of the copies must not
    follow.
    """
    for begin, end in lines(text, after):
        start, stop = trimmed(text, begin, end)
        line = plain(text[start:stop])
        dated = next(find_dates(line), None)
        opens_dated = dated is not None and dated[0] <= 8 and len(line) < 80
        if line and (_SIGNED.match(line) or opens_dated) and not _COPIES_WORDS.search(text, stop):
            return start
    return None


def _plan_cuts(text: str) -> list[_Cut]:
    headed = _headed_cuts(text, SectionKind.BODY)
    if any(headed_kind(cut.heading) for cut in headed):
        return headed
    return [
        _Cut(row.start, SectionKind.RECOMMENDATIONS, f"Recommendation {row.number}")
        for row in recommendation_rows(text)
    ]


def _chapter_cuts(text: str) -> list[_Cut]:
    """Cut at the chapters of the contents page, each by its title there; sub-headings stay inside.

    None of them without a contents page, or where most of its chapters cannot be found.
    """
    found = chapters(text, outline(text))
    if not found:
        return []
    return [
        _Cut(contents_span(text)[0], SectionKind.BODY, "Contents"),
        *(_Cut(one.start, headed_kind(one.title) or SectionKind.BODY, one.title) for one in found),
    ]


def _headed_cuts(text: str, default: SectionKind, *, titles: bool = False) -> list[_Cut]:
    """Cut at Markdown headings, else (`titles`) at lines that look like titles.

    A heading of no known name belongs to the known heading above it that outranks it.
    """
    headings = outline(text) if titles else marked_headings(text)
    cuts: list[_Cut] = []
    parent: Heading | None = None
    for heading in headings:
        if heading.kind is not None:
            parent = heading
        elif parent and not _under(heading, parent):
            parent = None
        known = heading.kind or (parent.kind if parent else None)
        cuts.append(_Cut(heading.start, known or default, heading.written))
    return cuts


def _under(heading: Heading, parent: Heading) -> bool:
    if parent.level is None or heading.level is None:
        return False
    return heading.level > parent.level


def _response_cuts(text: str) -> list[_Cut]:
    """Cut a letter at its headings, around the concerns it restates, and at its close."""
    opening = [match.end() for match in _SALUTATION.finditer(text, 0, 4000)]
    begin = opening[-1] if opening else 0
    closings = list(_CLOSING.finditer(text, begin))
    close = closings[-1].start() if closings else len(text)
    headed = _headed_cuts(text, SectionKind.ANSWER, titles=True)
    if any(headed_kind(cut.heading) for cut in headed):
        return headed
    headed = [cut for cut in headed if cut.start >= begin]
    restated = _restated(text, begin, close)
    if restated:
        headed = [cut for cut in headed if not restated[0] <= cut.start < restated[1]]
        headed.append(_Cut(restated[0], SectionKind.CONCERNS))
        if not any(
            not text[restated[1] : cut.start].strip() for cut in headed if cut.start >= restated[1]
        ):
            headed.append(_Cut(restated[1], SectionKind.ANSWER))
    elif not headed or min(cut.start for cut in headed) - begin > _LONGEST_OPENING:
        headed.append(_Cut(begin, SectionKind.ANSWER))
    if closings:
        headed.append(_Cut(close, SectionKind.SIGNATURE))
        headed += _after_close(text, closings[-1].end())
    return headed


def _after_close(text: str, end: int) -> list[_Cut]:
    """What stands as prose behind the signature is an annexe that answers too."""
    for start, stop in paragraphs(text, end, len(text)):
        if stop - start > 200:
            return [_Cut(start, SectionKind.ANSWER)]
    return []


def _restated(text: str, begin: int, end: int) -> Span | None:
    """Return the list of concerns that a letter repeats from the report, None if it has none."""
    spans = paragraphs(text, begin, end)
    for (start, stop), (after, _) in pairwise(spans):
        lead = text[start:stop]
        listed = _RAISED.search(lead[-300:]) and begins_item(text, after, end)
        items = list_spans(text, after, end) if listed else []
        if not items or items[0][0] != after:
            continue
        argued = any(
            last - first > _LONGEST_RESTATED or len(paragraphs(text, first, last)) > 2
            for first, last in items
        )
        if not argued:
            return items[0][0], items[-1][1]
    return None

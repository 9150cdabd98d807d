"""What a document states of itself: ref, dates, coroner, area, who writes to whom."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ingest.dates import find_dates, parse_date
from ingest.headings import marked_headings
from ingest.organisations import is_strong, known_name
from ingest.people import person_name
from ingest.wording import lines, plain, trimmed
from kb.documents import Kind, Section, SectionKind
from kb.refs import normalise_ref

_REF_LABEL = re.compile(
    r"\b(?:ref(?:erence)?(?: no\.?| number)?|case|steis)\b[\s:.]*", re.IGNORECASE
)
_I_AM = re.compile(
    r"\bI am (?P<who>[^\n]{2,120}?),? (?:the |an? |h(?:is|er) majesty['’]s |hm |h\.m\. )*"
    r"(?:senior |area |assistant |acting |deputy )*coroner,? (?:for|in)"
    r" (?:(?:the )?(?:coroner(?:['’]?s|ial)?|county|jurisdiction|city)? ?"
    r"(?:area|district)? ?(?:of|for)?)"
    r"\s*(?P<area>[^\n.;]{2,90})",
    re.IGNORECASE,
)
_AREA_LINE = re.compile(
    r"coroner(?:['’]s)?,? (?:for|in)(?: the)?(?: coroner(?:['’]s|ial)? area of)?"
    r"\s*(?P<area>[^\n,]{3,80})"
    r"|^(?P<office>[^\n,]{3,80}?) coroner(?:['’]s)?(?: (?:office|court|service))?,?$",
    re.IGNORECASE | re.MULTILINE,
)
_RECEIVED = re.compile(r"\breceived\b[^.\n]{0,60}?\bon\s+(?:the\s+)?$", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:report|letter|regulation 28|notice)\b[^.\n]{0,60}?"
    r"\b(?:dated|of|issued(?: on)?|on)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_SINCE_DEATH = re.compile(r"\bdeath\b", re.IGNORECASE)
_DUE = re.compile(
    r"\bnamely,? (?:by|on or before)\b|\bwithin 56 days\b[^.]{0,80}\bby\b", re.IGNORECASE
)
_DEAR = re.compile(
    r"^[ \t]*dear\s+(?P<name>[^\n]{2,60}?)[,.]?[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_JOB = re.compile(
    r"(?:\b(?:chief executive|director|officer|chair|secretary|president|minister)\b.*?)?,\s*",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\s*(?:hm |h\.m\. |the )?(?:senior |area |assistant )?coroner", re.IGNORECASE)
_NO_TITLE = re.compile(
    r".*(?:regulation 28|report to prevent).*|(?:the )?(?:action plan|(?:annual )?report|annex \w)",
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"\b(?:[A-Z][\w&'’.-]+ (?:(?:and|of|for|the|&|in) )*){1,8}"
    r"(?:(?:NHS )?(?:Foundation )?Trust|Council|Clinical Commissioning Group|Integrated Care Board"
    r"|Health Board|Police|Partnership|C\.?I\.?C\.?|Limited|Ltd)\b"
)
_OWN_PLAN = re.compile(r"(?P<name>(?:[A-Z][\w&'’-]+ ){1,7}?)(?:must|should|will|needs? to)\b")

_Found = Iterator[tuple[str, Any]]


def read_fields(text: str, sections: Sequence[Section], kind: Kind) -> dict[str, Any]:
    """Return what a document states of itself; a key is absent where it states nothing.

    Dates are partial ISO dates. `recipients_written` holds the words of the form's first part,
    `response_due` the date that the form names, `report_date` the date of the report that a letter
    answers, `received_date` when it came.
    """
    readers: Mapping[Kind, Callable[[str, Sequence[Section]], _Found]] = {
        Kind.REPORT: _of_report,
        Kind.RESPONSE: _of_response,
        Kind.ACTION_PLAN: _of_plan,
        Kind.ANNUAL_REPORT: _of_annual_report,
    }
    found: dict[str, Any] = {}
    for name, value in readers.get(kind, _of_other)(text, sections):
        if value:
            found.setdefault(name, value)
    return found


def _part(text: str, sections: Sequence[Section], kind: SectionKind) -> str:
    """Return the words of the first section of a kind without its heading, "" if there is none."""
    for section in sections:
        if section.kind is kind:
            words = text[section.start : section.end].strip()
            return words.removeprefix(section.heading).strip() if section.heading else words
    return ""


def _date(words: str) -> _Found:
    for start, end, iso in find_dates(words):
        yield "date", iso
        yield "date_written", plain(words[start:end])
        return


def _ref(words: str) -> _Found:
    for label in _REF_LABEL.finditer(words):
        written = words[label.end() : label.end() + 30].split("\n")[0]
        ref = normalise_ref(written)
        if ref:
            yield "ref", ref
            yield "ref_written", plain(written)
            return


def _of_report(text: str, sections: Sequence[Section]) -> _Found:
    yield from _ref(text[:1500])
    match = _I_AM.search(_part(text, sections, SectionKind.CORONER) or text[:3000])
    if match and "[" not in match[0]:
        yield "coroner", person_name(match["who"])
        yield "coroner_area", _area(match["area"])
    sent_to = _part(text, sections, SectionKind.SENT_TO)
    yield "recipients_written", re.sub(r"^[\s:]*(?:to\b)?[\s:]*", "", sent_to)
    due = _part(text, sections, SectionKind.RESPONSE_DUE)
    stated = _DUE.search(due)
    yield "response_due", parse_date(due[stated.end() : stated.end() + 60]) if stated else None
    # The last part of the form alone dates it: other dates in it are those of the death.
    yield from _date(_part(text, sections, SectionKind.SIGNATURE))
    if not any(section.kind is SectionKind.CORONER for section in sections):
        yield from _date(text[:1500])


def _area(words: str) -> str:
    return plain(words).strip(" ,.:")


def _of_response(text: str, sections: Sequence[Section]) -> _Found:
    head = text[:4000]
    letter = _DEAR.search(head)
    yield from _ref(head)
    yield from _letter_date(head, letter.start() if letter else len(head))
    yield from _answered(head)
    yield from _addressee(head, letter)
    yield "respondent", _respondent(text, sections)


def _letter_date(head: str, salutation: int) -> _Found:
    """A letter's date stands on a line of its own, before or soon after the salutation."""
    for stretch in (head[:salutation], head[salutation:]):
        for start, end in lines(stretch):
            begin, stop = trimmed(stretch, start, end)
            line = stretch[begin:stop]
            dates = list(find_dates(line))
            if dates and len(line) - (dates[0][1] - dates[0][0]) <= 12:
                yield "date", dates[0][2]
                yield "date_written", plain(line[dates[0][0] : dates[0][1]])
                return


def _answered(head: str) -> _Found:
    """Tell the dates of the report answered: when it was written, when it came."""
    for start, _, iso in find_dates(head):
        before = head[max(0, start - 110) : start]
        if _RECEIVED.search(before):
            yield "received_date", iso
        elif (match := _REPORTED.search(before)) and not _SINCE_DEATH.search(
            before[match.start() :]
        ):
            yield "report_date", iso


def _addressee(head: str, letter: re.Match[str] | None) -> _Found:
    """Read the coroner written to: the address block names them, the salutation only a surname."""
    block = head[: letter.start()] if letter else head[:800]
    for start, end in lines(block):
        begin, stop = trimmed(block, start, end)
        line = block[begin:stop]
        following = block[stop : stop + 60]
        named = re.match(r"(?P<name>[^,]{3,60}),? .{0,30}\bcoroner\b", line, re.IGNORECASE)
        if not named and re.match(
            r"\s*(?:hm |h\.m\. |the )?(?:senior |area |assistant )?coroner", following, re.I
        ):
            named = re.match(r"(?P<name>[^,]{3,60})", line)
        if named and "[" not in named["name"] and "coroner" not in named["name"].lower():
            yield "addressee", person_name(named["name"])
            yield "coroner", person_name(named["name"])
            break
    if letter:
        yield "addressee", plain(letter["name"])
    for match in _AREA_LINE.finditer(block):
        area = _area(match["area"] or match["office"])
        if not re.match(r"(?:senior|area|assistant|hm|the|mr|ms|mrs|dr)\b", area, re.IGNORECASE):
            yield "coroner_area", re.sub(r"^the\s+", "", area)


def _respondent(text: str, sections: Sequence[Section]) -> str | None:
    """Return the body that signs a letter, else the one at its head, None if neither is named."""
    signature = _part(text, sections, SectionKind.SIGNATURE)
    for place in (signature, text[:400]):
        for start, end in lines(place):
            line = plain(place[start:end])
            if known := known_name(line.strip(" ,.*")):
                return known
            for words in (*_JOB.split(line), line):
                name = words.strip(" ,.*")
                if known := known_name(name):
                    return known
                if name and len(name) < 90 and is_strong(name) and "coroner" not in name.lower():
                    return name
    return None


def _of_plan(text: str, sections: Sequence[Section]) -> _Found:
    opening = _part(text, sections, SectionKind.PREAMBLE) or text[:1500]
    yield from _ref(opening)
    yield from _date(opening)
    yield "title", _title(text)
    bodies = [match[0] for match in _BODY_NAME.finditer(opening)]
    duties = [plain(match["name"]).strip() for match in _OWN_PLAN.finditer(text)]
    yield "organisation", plain(bodies[0]) if bodies else _commonest(duties)


def _commonest(names: Sequence[str]) -> str | None:
    """Return the body that most recommendations are addressed to, None where none stands out."""
    best = max(names, key=names.count, default=None)
    return best if best and names.count(best) > 1 else None


def _of_annual_report(text: str, sections: Sequence[Section]) -> _Found:
    yield "title", _title(text)
    year = re.search(r"\b(20\d\d)\s?[/–-]\s?(?:20)?(\d\d)\b", text[:6000])
    yield "year", f"{year[1]}/{year[2]}" if year else None
    yield from _ref(text[:1500])
    names = [plain(match[0]) for match in _BODY_NAME.finditer(text[:8000])]
    yield "organisation", max(names, key=names.count) if names else None


def _of_other(text: str, sections: Sequence[Section]) -> _Found:
    yield "title", _title(text)
    yield from _ref(text[:1500])


def _title(text: str) -> str | None:
    """Return a document's own heading, None where its first line is none or says too little."""
    for heading in marked_headings(text[:1500])[:1]:
        if not text[: heading.start].strip():
            return plain(heading.written)
    for start, end in lines(text[:1500]):
        line = plain(text[start:end]).strip("#* ")
        if line:
            usable = len(line) <= 150 and "\t" not in text[start:end] and not line.endswith(".")
            return line if usable and not _NO_TITLE.fullmatch(line) else None
    return None

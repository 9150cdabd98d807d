# ruff: noqa: E501 (a pattern reads better whole)
"""What is grouped: the single points of a concern, without frame, names of people and places.

A point's words are cleaned of what would draw points together that have nothing in common (the same
town, the same surname, the same warning of further deaths).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SHORTEST = 5
"""Words of a point; what is shorter names a thing and states no failing."""

_ITEM = re.compile(
    r"^[ \t]*(?:[(\[]?(?:[ivx]{1,5}|[a-h]|\d{1,2})[)\].]|[•·▪●►❖∙◦‣–—*-])[ \t]+(?=\S)",
    re.MULTILINE | re.I,
)
_MARK = re.compile(
    r"^\s*(?:(?:concern|matter|issue|point)s?\s*(?:no\.?|number)?\s*\d*\s*[:.–-]\s*"
    r"|[(\[]?(?:[ivx]{1,5}|[a-z]|\d{1,2}(?:\.\d{1,2})*)[)\].:]+\s*|[•·▪●►❖∙◦‣–—*o-]\s+)+",
    re.I,
)
_STOP = re.compile(
    r"(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bMrs)(?<!\bNo)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\bs)(?<!\bpara)"
    r"[.;!?][\"'”’)]*\s+(?=[\"'“‘(\[]*[A-Z(\d])|\n\s*\n+"
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a passage: its place there and its cleaned words."""

    start: int
    end: int
    words: str


def points(text: str, *, names: Sequence[str] = ()) -> list[Point]:
    """Return the points that a concern passage makes, in order; none where it is all frame.

    `names` are the people, bodies and places that the document is about.
    """
    mask = _masker(names)
    found = []
    for start, end in _items(text):
        kept = [
            clean
            for one in sentences(_MARK.sub("", text[start:end]))
            if not _FRAME.search(one)
            if len((clean := _cleaned(one, mask)).split()) > 2
        ]
        words = " ".join(kept)
        if len(words.split()) >= _SHORTEST:
            found.append(Point(start, end, words))
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, joined over line ends."""
    cut = [one for one in _STOP.split(text) if one.strip()]
    return [" ".join(one.split()) for one in cut]


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Cut at list marks inside the passage where there are two or more of them."""
    begins = [m.start() for m in _ITEM.finditer(text) if m.start() > 0]
    first = _ITEM.match(text)
    if len(begins) + (first is not None) < 2 or not begins:
        yield 0, len(text)
        return
    edges = [0, *begins, len(text)]
    lead = text[: edges[1]].strip()
    if lead.endswith(":") or len(lead.split()) < 2 * _SHORTEST:
        edges = edges[1:]  # what leads up to a list states nothing itself
    yield from pairwise(edges)


def _cleaned(sentence: str, mask: re.Pattern[str] | None) -> str:
    for pattern, put in _MASKS:
        sentence = pattern.sub(put, sentence)
    if mask is not None:
        sentence = mask.sub("", sentence)
    sentence = _LEAD.sub("", sentence)
    return " ".join(sentence.split())


def _masker(names: Sequence[str]) -> re.Pattern[str] | None:
    parts = {
        word
        for name in names
        for word in re.findall(r"[A-Z][\w’'-]{2,}", name)
        if word.lower() not in _COMMON
    }
    if not parts:
        return None
    joined = "|".join(re.escape(one) for one in sorted(parts))
    return re.compile(rf"\b(?:{joined})(?:['’]s)?\b")


_COMMON = frozenset(
    """
    and for of the ambulance authority agency board care chief children college community council county
    department emergency england executive foundation general group health healthcare highways home
    hospital hospitals house justice local medical medicine mental minister ministry national nhs north
    nursing office officer partnership police practice prison probation public rail royal safety
    secretary service services social society south state surgery transport trust university
    wales west east city district borough constabulary limited ltd housing education pharmacy report
    centre center director road street school unit ward drug drugs product products standards
    """.split()
)
_CAP = r"(?:[A-Z][\w’'&-]+|[A-Z]{2,})"
_MASKS = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"\[[A-Z ]*REDACTED[A-Z ]*\]|\[redacted\]|REDACTED|\bXX+\b", " "),
        (
            r"\b(?:Mr|Mrs|Ms|Miss|Dr|Doctor|Sgt|PC|DC|Sister|Nurse|Professor|Prof|Officer|Baby)\.?(?:\s+(?:[A-Z]\.?\s?){0,2}"
            r"[A-Z][\w’'-]+){1,3}(?:['’]s)?",
            "the person",
        ),
        (
            r"\b(?:HMPYOI|HMP|HMYOI|HMP/YOI)(?:\s+(?:&\s+)?(?!Prison)[A-Z][\w’'-]+)*(?:['’]s)?",
            "the prison",
        ),
        (
            rf"\b(?:{_CAP}\s+(?:and\s+|of\s+|on\s+|&\s+)?)+(?:NHS\s+)?(?:Foundation\s+)?Trust(?:['’]s)?",
            "the Trust",
        ),
        (
            rf"\b(?:{_CAP}\s+){{1,4}}(Hospital|Infirmary|Ward|Surgery|Council|Police|Constabulary|Prison|Nursing Home|Care Home)\b",
            r"the \1",
        ),
        (
            rf"\b(?:{_CAP}\s+){{1,3}}(Road|Street|Lane|Avenue|Drive|Way|Bridge|Hill|Close|Roundabout|Park)\b",
            r"the \1",
        ),
        (r"\b[ABM]\d{1,4}(?:\(M\))?\b", "the road"),
        (
            r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:January|February|March|April|May|June|July|August|September"
            r"|October|November|December),?(?:\s+\d{4})?|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\b(?:19|20)\d\d\b"
            r"|\b\d{1,2}[:.]\d\d\s*(?:hrs|hours|am|pm)?",
            " ",
        ),
        (
            r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b",
            " ",
        ),
    )
)
_FRAME = re.compile(
    r"duty to respond|your response must contain|explain why no action|cop(?:y|ies) of (?:your|my|this) (?:report|response)"
    r"|(?:further|future|more|other|additional|similar|avoidable|preventable)\s+(?:\w+\s+)?(?:deaths?|fatalit\w+)\b.{0,80}"
    r"(?:occur|unless|future|risk|happen|prevent|caus|arise|result|if )|(?:risk|prevent\w*|lead\w* to|result\w* in|cause|causing|avoid\w*|possibility|likelihood|likely|potential\w*)"
    r"\b.{0,40}\b(?:further|future|more|other|additional|similar|avoidable)\s+(?:\w+\s+)?(?:deaths?|fatalit\w+|loss of life)"
    r"|risk (?:that|of) (?:\w+ )?deaths?\b|deaths? (?:will|may|could|might) (?:occur|arise|happen)"
    r"|matters? of concern (?:is|are|as)|giv(?:ing|es|e) rise to (?:a )?concern|my duty|statutory duty"
    r"|chief coroner may (?:publish|send)|representations to me|may extend (?:the|that|this) period"
    r"|condolences|grateful|thank (?:you|the)|copy of (?:this|my) report|regulation 28"
    r"|\b(?:please|you may wish to|i would invite|i ask(?: that)?|i request|i invite)\b.{0,40}\b(?:consider|review|confirm|respond|provide|advise)"
    r"|(?:brought|drawn?) to (?:your|the) attention|i (?:therefore )?(?:make|write|report) (?:this|to you)"
    r"|(?:not|un)\s*(?:re-?assured|satisfied)(?!.*\b(?:training|policy|system|process|procedure)\b)",
    re.I,
)
_LEAD = re.compile(
    r"^(?:(?:and|but|also|further|furthermore|in addition|additionally|however|moreover|secondly|firstly|thirdly|finally"
    r"|consequently|therefore|accordingly|nevertheless|in particular|specifically),?\s+)*(?:i\s+(?:am|was|remain|have)\s+(?:also\s+|therefore\s+|still\s+|particularly\s+|further\s+)?(?:very\s+|gravely\s+|seriously\s+|extremely\s+)?"
    r"(?:concerned|found|worried|told|informed|heard)(?:\s+(?:that|about|by|as to|at|with|to (?:hear|learn|note)(?:\s+that)?))*"
    r"|(?:i\s+heard|(?:the\s+)?(?:inquest|court|jury)\s+(?:also\s+)?heard|it\s+(?:was|is|became|appears|appeared|would appear|transpired|emerged|seems)"
    r"(?:\s+(?:\w+\s+){0,4}?(?:evidence|apparent|clear|evident|accepted|found|established|of concern|noted|identified|acknowledged|confirmed|heard|conceded|agreed|admitted|said|explained))?)"
    r"(?:\s+(?:evidence|in evidence|from|at|during|the)\b(?:\s+\w+){0,4}?)?\s+that"
    r"|(?:the\s+)?evidence\s+(?:\w+\s+){0,5}?(?:that|was)|there\s+(?:was|is)\s+(?:also\s+)?(?:evidence|concern|a concern)\s+(?:that|about|of)"
    r"|(?:my|the|a|another)\s+(?:\w+\s+)?concerns?\s+(?:is|are|was|relates?\s+to)(?:\s+(?:that|about|with|the fact that))?"
    r"|concerns?\s+(?:that|about|was raised (?:that|about)|over|regarding|as to))?[,:]?\s*",
    re.I,
)

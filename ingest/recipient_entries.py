"""The words that say to whom a report was sent, split into one entry a recipient."""

import html
import re
from collections.abc import Iterator

from ingest.organisations import (
    is_organisation,
    is_strong,
    known_name,
    name_pattern,
    office_of,
    up_to_strong_end,
)
from ingest.wording import is_furniture, plain, table

STREET = re.compile(
    r"\b(?:street|road|lane|way|square|avenue|drive|close|place|gardens?|court|crescent|floor|house"
    r"|building|park|terrace|quay|wharf|row|hill|st|rd|hall|p\.?o\.? box|estate|parade|walk|gate"
    r"|headquarters)\b",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"\b[A-Z]{1,2}[O\d]{1,2}[A-Z]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_HEADING = re.compile(
    r"\s*(?:#+\s*)?this report is being sent\s*(?:to)?\s*[:\-–]*\s*", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s;,.|]))\(?(?P<number>\d{1,2})(?P<mark>[.)]+|(?=[\s,]))[ \t,.–-]*\s*"
    r"(?=[A-Z\[(a-z,])"
)
_NEXT_OFFICE = re.compile(
    r"(?<=[a-z\d)]) (?=(?:The )?(?:Chief Executive|Secretary of State|Chief Constable)\b"
    r"(?: Officer)? (?:of|for) )"
)
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Rt|Hon|Prof|Messrs|Co|No|[A-Z])$")
_TRAILING_PAGE = re.compile(r"(?:[\s.,;]+\d{1,2})+\s*$")
# A line that only goes on with the name begun on the line before.
_GOES_ON = re.compile(
    r"(?<=[a-z]) ?\n(?=(?:NHS|Foundation|Trust|Partnership|University|Council|Hospitals?|Service"
    r"|Excellence|Agency|Authority|Board)\b)|(?<=\bof) ?\n|(?<=\band) ?\n|(?<=,) ?\n"
)


# What is longer is a document that was taken for a list, as in one row of the toolkit's export.
_LONGEST = 8000


def recipient_entries(written: str) -> Iterator[str]:
    """Yield one entry a recipient: split at numbers in sequence, else at | ; and line ends."""
    text = _tidy(written)
    for block in _numbered(text):
        numbered = block is not text
        for part in re.split(r"[|;•]" if numbered else r"[|;•]|\n", block):
            joined = plain(part.replace("\n", ", ")).strip(" ,.:-–")
            for sentence in _split_stops(_NEXT_OFFICE.sub("|", joined)):
                yield from (
                    each.strip(" ,.:-–") for each in _split_and(sentence) if each.strip(" ,.")
                )


def _tidy(written: str) -> str:
    text = (
        html.unescape(written[:_LONGEST])
        .replace("\xa0", " ")
        .replace("’", "'")
        .replace("\uf0b7", ";")
    )
    text = _HEADING.sub("", text, count=1)
    lines = (line.strip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line and not is_furniture(line))
    text = re.sub(r"^to:- REGULATION 28.*?SENT\s", "", text)
    text = _GOES_ON.sub(" ", re.sub(r"[ \t]+", " ", text))
    # The tracker's scraper joins names by a comma without a space.
    return _TRAILING_PAGE.sub("", re.sub(r",(?=[A-Z])", "|", text))


def _split_stops(entry: str) -> Iterator[str]:
    """Split at stops, but only after what names a body ("Messrs. Smith" is one name)."""
    for piece in entry.split("|"):
        start = 0
        for match in re.finditer(r"(?<=[\w)])\. (?=[A-Z,])", piece):
            left = piece[start : match.start()]
            if _ABBREVIATED.search(left):
                continue
            if is_strong(left) or POSTCODE.search(left[-9:]) or office_of(left):
                yield left
                start = match.end()
        yield piece[start:]


def _numbered(text: str) -> list[str]:
    """Split at 1, 2, 3 ... however they are marked; a street's number is not taken for one."""
    cuts: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        wanted = int(match["number"]) == len(cuts) + 1
        line_start = text[: match.start()].endswith("\n") or match.start() == 0
        street = not match["mark"] and STREET.search(" ".join(text[match.end() :].split()[:4]))
        if wanted and (line_start or not street):
            cuts.append((match.start(), match.end()))
    if not cuts:
        return [text]
    stops = [*(start for start, _ in cuts[1:]), len(text)]
    head = text[: cuts[0][0]].strip(" :-\n")
    blocks = [text[end:stop] for (_, end), stop in zip(cuts, stops, strict=True)]
    return [head, *blocks] if head else blocks


def _split_and(entry: str) -> list[str]:
    """Split at "and" where both sides are bodies of their own, never inside one's name."""
    for match in re.finditer(r",? (?:and|&)(?: (?:to|the))? (?=[A-Z(\[])", entry):
        left, right = entry[: match.start()], entry[match.end() :]
        around = entry[max(0, match.start() - 40) : match.end() + 40]
        if name_pattern("with_and").search(around) or known_name(entry):
            continue
        last = left.rsplit(",", 1)[-1].strip()
        ends = (
            up_to_strong_end(last) == last and is_strong(last) and not last.endswith(("NHS", "of"))
        )
        begins = bool(office_of(right[:40]) or known_name(right) or known_name(right.split(",")[0]))
        complete = is_strong(last) and last.split()[-1].lower() in table("organisations")["enders"]
        if (ends and complete and is_organisation(right)) or (begins and is_organisation(last)):
            return [left, *_split_and(right)]
    return [entry]

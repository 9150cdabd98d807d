"""To whom a report was sent: the words of a form or an export, read as a list of organisations."""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.organisations import (
    is_organisation,
    is_strong,
    known_name,
    name_pattern,
    office_of,
    organisation_key,
    up_to_strong_end,
    weak_words,
)
from ingest.recipient_entries import POSTCODE, STREET, recipient_entries
from ingest.wording import plain, table
from kb.documents import Party, Role

_HOUSE_NUMBER = re.compile(
    r"[\s,(]+(?:at\s+)?\d+[-–/]?\d*[a-z]?\s+(?:st |the )?[A-Z][\w']+.*$", re.DOTALL
)
_CONTACT = re.compile(
    r"\S+@\S+|\b(?:sent )?(?:via|by) e-?mail\b.*|\be-?mail(?:ed)?(?: address)?\b.*|\bc\.?c\b:?.*"
    r"|\b(?:tel|telephone|fax)\b.*|\bFAO\b.*|\bfor the attention of\b:?|https?://\S+|\bwww\.\S+"
    r"|\([^()]{25,300}\)|\bas the responsible\b.*",
    re.IGNORECASE,
)
_REDACTED = re.compile(r"\[[^\]]{0,200}\]|\(\s*\)|\bREDACTED\b")
_PERSON = re.compile(
    r"(?:(?:the )?(?:rt\.?|right) hon(?:ou?rable|\.)?|mr|mrs|ms|miss|dr|professor|prof|sir|dame"
    r"|lord|lady|baroness|hhj|his honour|her honour|judge|councillor|cllr)\b\.?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:family|wife|husband|widow(?:er)?|mother|father|brother|sister|son|daughter|parents?|partner"
    r" of the deceased|next of kin|interested persons?)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\s*\([A-Z][A-Za-z&]{1,9}\)$")

_CONSTABLE = re.compile(
    r"(?:the )?chief constable,?(?: (?:of|for|at))?(?: the)? (?P<name>\w[\w &]+?)(?: \(\w+\))?$",
    re.IGNORECASE,
)


def split_recipients(written: str) -> tuple[Party, ...]:
    """Return the organisations that a report was sent to, in order, each once.

    `written` of a party is its stretch of the words; its name is the organisation alone, without
    job title, person or address, or the cleaned words where no organisation can be seen. Relatives
    of the person who died are not organisations and are left out.
    """
    entries = recipient_entries(written)
    read = [(entry, name) for entry in entries for name in _names(entry) if organisation_key(name)]
    addressed = POSTCODE.search(written) is not None
    bodies = [(entry, name) for entry, name in read if _is_body(name, addressed=addressed)]
    parties: dict[str, Party] = {}
    for entry, name in bodies or read:
        parties.setdefault(organisation_key(name), Party(Role.RECIPIENT, entry, name))
    return tuple(parties.values())


def _is_body(name: str, *, addressed: bool) -> bool:
    """Whether a name is an organisation's, and not an address, a job or a scraper's fragment.

    Where addresses are given (`addressed`), a short unknown name is more likely a town.
    """
    if organisation_key(name) in _fragments():
        return False
    if is_strong(name):
        return True
    if _is_address(name) or name_pattern("jobs").fullmatch(name) or _PERSON.match(name):
        return False
    return is_organisation(name) or (not addressed and len(name.split()) <= 4)


@functools.cache
def _fragments() -> frozenset[str]:
    return frozenset(table("organisations")["fragments"])


@functools.cache
def _title() -> re.Pattern[str]:
    titles = table("organisations")["titles"]
    return re.compile(
        rf"{titles}(?:(?: and| &|,) {titles})*\b(?:\s*\([^)]*\))?"
        r"(?:\s*[,:–—\-]\s*|\s+(?:of|for|at|to|in|with)\b\s*|\s+|$)(?:(?:the|at|of)\s+)?",
        re.IGNORECASE,
    )


def _names(entry: str) -> Iterator[str]:
    """Yield the organisations of one entry: all that are beyond doubt, else the likeliest one."""
    clean = _REDACTED.sub(" ", _CONTACT.sub(" ", entry))
    parts = [part for part in _segments(clean) if not _RELATIVE.search(part)]
    names = [name for part in parts if (name := _name_of(part))]
    strong = [name for name in names if is_strong(name)]
    weak = [name for name in names if is_organisation(name) and not _is_address(name)]
    # What follows a job title is the body, even where no word of it says so ("Barts Health").
    after = [
        name
        for before, part in pairwise(parts)
        if _title().fullmatch(before) and (name := _name_of(part)) and not _is_address(name)
    ]
    untitled = [name for part in parts if (name := _name_of(part)) and name != part]
    chosen = strong or weak[:1] or after[:1] or [each for each in untitled if not _is_address(each)]
    if chosen:
        yield from dict.fromkeys(chosen)
    elif parts and clean.strip(" ,.-–"):
        yield plain(", ".join(part for part in parts if part)).strip(" ,.:;-–")


def _segments(entry: str) -> list[str]:
    guarded = name_pattern("with_commas").sub(lambda match: match[0].replace(",", "\0"), entry)
    parts = re.split(r",| [–—-] |: | via | on behalf of ", guarded)
    plain_parts = (part.replace("\0", ",").strip(" .:;-–") for part in parts)
    return [part for part in plain_parts if part and not part.lower().startswith("c/o")]


def _name_of(segment: str) -> str | None:
    """Return the organisation of a few words between commas, None where there is none."""
    department = office_of(segment)
    if department:
        return department
    words = _HOUSE_NUMBER.sub("", POSTCODE.sub("", segment)).strip(" .,-–")
    if force := _CONSTABLE.match(words):
        name = force["name"].strip()
        return up_to_strong_end(name) if is_strong(name) else f"{name} Police"
    if known := known_name(words):
        return known
    titles = list(_title().finditer(words))
    if _PERSON.match(words):
        if not titles and not is_strong(words):
            return None
        words = words[titles[-1].end() :] if titles else words
    elif titles and titles[0].start() == 0:
        words = words[titles[0].end() :]
    words = re.sub(r"\s+chief executive(?: officer)?$|\s+at$", "", words, flags=re.IGNORECASE)
    words = re.sub(r"^(?:the|of|at|for|to)\s+", "", words, flags=re.IGNORECASE).strip(" .,-–")
    if not words:
        return None
    return known_name(words) or _ACRONYM.sub("", up_to_strong_end(_without_address(words)))


def _without_address(words: str) -> str:
    """Drop a building or street that follows a name without a comma: "Care UK Example House"."""
    street = STREET.search(words)
    if street is None or is_strong(words):
        return words
    ends = [match.end() for match in weak_words().finditer(words, 0, street.start())]
    between = len(words[ends[-1] : street.start()].split()) if ends else 0
    return words[: ends[-1]] if ends and 1 <= between <= 3 else words


def _is_address(words: str) -> bool:
    """Whether words are a street or postcode; "King Street Surgery" is a surgery."""
    if is_strong(words) or not (STREET.search(words) or POSTCODE.search(words)):
        return False
    return not any(
        STREET.match(words, match.end() + 1) is None for match in weak_words().finditer(words)
    )

"""To whom a report was sent: the words of a form or an export, read as a list of organisations."""

import functools
import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from ingest.organisations import (
    is_organisation,
    is_strong,
    known_name,
    name_pattern,
    names_along,
    names_with_commas,
    office_of,
    organisation_key,
    registered,
    up_to_strong_end,
    weak_words,
)
from ingest.recipient_entries import POSTCODE, STREET, recipient_entries
from ingest.recipient_pieces import is_scraped, made_of_others
from ingest.resolve import resolve
from ingest.wording import plain, table
from kb.documents import Party, Role
from kb.organisations import OrganisationKind

_HOUSE_NUMBER = re.compile(
    r"[\s,(]+(?:at\s+)?\d+[-–/]?\d*[a-z]?\s+(?:st |the )?[A-Z][\w']+.*$", re.DOTALL
)
_CONTACT = re.compile(
    r"\S+@\S+|\b(?:sent )?(?:via|by) e-?mail\b.*|\be-?mail(?:ed)?(?: address)?\b.*|\bc\.?c\b:?.*"
    r"|\b(?:tel|telephone|fax)\b.*|\bFAO\b.*|\bfor the attention of\b:?|https?://\S+|\bwww\.\S+"
    r"|\([^()]{25,300}\)|\bas the responsible\b.*|\bsent by post\b.*",
    re.IGNORECASE,
)
_REDACTED = re.compile(r"\[[^\]]{0,200}\]|\(\s*\)|\bREDACTED\b")
_PERSON = re.compile(
    r"(?:(?:the )?(?:rt\.?|right) hon(?:ou?rable|\.)?|mr|mrs|ms|miss|dr|professor|prof|sir|dame"
    r"|lord|lady|baroness|hhj|his honour|her honour|judge|councillor|cllr)\b\.?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\(([^()]{6,300})\)")
_RELATIVE = re.compile(
    r"\b(?:family|wife|husband|widow(?:er)?|mother|father|brother|sister|son|daughter|parents?|partner"
    r" of the deceased|next of kin|interested persons?)\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 20
# Read from a scan, with letters for digits: "NWI 4RG".
_BROKEN_POSTCODE = re.compile(r"[A-Z]{1,2}[\dIO]{1,2}[A-Z]?\s?[\dO][A-Z]{2}")
_TAG = re.compile(r"<[^<>]{0,300}>")
_DANGLING = re.compile(
    r"\s+chief executive(?: officer)?$|\s+legal (?:department|services|team)$"
    r"|(?:\s+(?:and|&|of|for|at|the|by|via))+$",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\s*\([A-Z][A-Za-z&]{1,9}\)$")

_CONSTABLE = re.compile(
    r"(?:the )?chief constable,?(?P<place> (?:of|for|at))?(?: the)? (?P<name>\w[\w &]+?)"
    r"(?: \(\w+\))?$",
    re.IGNORECASE,
)


def split_recipients(written: str) -> tuple[Party, ...]:
    """Return the organisations that a report was sent to, in order, each once.

    `written` of a party is its stretch of the words; its name is the organisation alone, without
    job title, person or address, as the register has it if it does; or the cleaned words where
    they may be an organisation that no word tells as one. Relatives of the person who died,
    people, jobs without a body and words like "Highways Department" are left out.
    """
    entries = recipient_entries(_TAG.sub(" ", written))
    read = [
        (entry, resolve(name).name)
        for entry in entries
        for name in _names(entry)
        if organisation_key(name)
    ]
    addressed = POSTCODE.search(written) is not None
    bodies = [(entry, name) for entry, name in read if _is_body(name, addressed=addressed)]
    others = [(entry, name) for entry, name in read if _may_be_body(name)]
    parties: dict[str, Party] = {}
    for entry, name in bodies or others:
        parties.setdefault(organisation_key(name), Party(Role.RECIPIENT, entry, name))
    pieces = made_of_others(bodies) if is_scraped(written) else frozenset()
    kept = {key: party for key, party in parties.items() if key not in pieces}
    return _one_department(kept.values())


def _one_department(parties: Collection[Party]) -> tuple[Party, ...]:
    """Drop a department under its older name where the list has it under its newer one too."""
    named = {party.name for party in parties}
    return tuple(
        party
        for party in parties
        if not (
            (known := registered(party.name))
            and known.kind is OrganisationKind.GOVERNMENT_DEPARTMENT
            and known.successor in named
        )
    )


def _is_body(name: str, *, addressed: bool) -> bool:
    """Whether a name is an organisation's, and not an address, a job or a scraper's fragment.

    Where addresses are given (`addressed`), a short unknown name is more likely a town.
    """
    if not _may_be_body(name) or _is_address(name):
        return False
    known_by_words = is_strong(name) or is_organisation(name)
    return known_by_words or (not addressed and len(name.split()) <= 4)


def _may_be_body(name: str) -> bool:
    """Whether words are more than a person, a job, a fragment, a scrap of a line or prose."""
    if organisation_key(name) in _fragments() or len(name.split()) > _LONGEST_NAME:
        return False
    return is_strong(name) or not (
        name_pattern("jobs").fullmatch(name)
        or _PERSON.match(name)
        or name.endswith(" MP")
        or _BROKEN_POSTCODE.fullmatch(name)
        or not re.search(r"[A-Z]", name)
    )


@functools.cache
def _fragments() -> frozenset[str]:
    return frozenset(table("organisations")["fragments"])


@functools.cache
def _title() -> re.Pattern[str]:
    titles = table("organisations")["titles"]
    return re.compile(
        rf"{titles}(?:(?: and| &|,|/) ?{titles})*\b(?:\s*\([^)]*\))?"
        r"(?:\s*[,:–—\-]\s*|\s+(?:of|for|at|to|in|with)\b\s*|\s+|$)(?:(?:the|at|of)\s+)?",
        re.IGNORECASE,
    )


@functools.lru_cache(maxsize=8192)
def _names(entry: str) -> tuple[str, ...]:
    """Return the organisations of one entry: all that are beyond doubt, else the likeliest one.

    Remembered, since most reports go to the same few departments and trusts.
    """
    clean = _REDACTED.sub(" ", _CONTACT.sub(" ", entry))
    parts = [part for part in _segments(clean) if not _RELATIVE.search(part)]
    chosen = _chosen(parts)
    if not any(map(is_strong, chosen)):
        # "Chief Executive (Example NHS Trust)": what else stands in brackets is not read.
        bracketed = [part for each in _BRACKETED.findall(entry) for part in _segments(each)]
        chosen = [name for name in _chosen(bracketed) if is_strong(name)] or chosen
    if chosen:
        return tuple(dict.fromkeys(chosen))
    if parts and clean.strip(" ,.-–"):
        return (plain(", ".join(part for part in parts if part)).strip(" ,.:;-–"),)
    return ()


def _chosen(parts: Sequence[str]) -> list[str]:
    names = [name for part in parts for name in _names_of(part)]
    strong = [name for name in names if is_strong(name)]
    weak = [name for name in names if is_organisation(name) and not _is_address(name)]
    # What follows a job title is the body, even where no word of it says so ("Barts Health").
    after = [
        name
        for before, part in pairwise(parts)
        if _title().fullmatch(before) and (name := _name_of(part)) and not _is_address(name)
    ]
    untitled = [name for part in parts if (name := _name_of(part)) and name != part]
    return strong or weak[:1] or after[:1] or [each for each in untitled if not _is_address(each)]


def _segments(entry: str) -> list[str]:
    guarded = names_with_commas().sub(lambda match: match[0].replace(",", "\0"), entry)
    parts = re.split(r",| [–—-] |: |(?<=[a-z])/(?=[A-Z])| via | on behalf of ", guarded)
    plain_parts = (part.replace("\0", ",").strip(" .:;-–") for part in parts)
    return [part for part in plain_parts if part and not part.lower().startswith("c/o")]


def _names_of(segment: str) -> list[str]:
    """Return the organisations of a few words between commas: mostly one, or none."""
    known, rest = names_along(segment)
    office = office_of(segment) if known else None
    name = _name_of(rest) if rest else None
    return [each for each in (office, *known, name) if each]


def _name_of(segment: str) -> str | None:
    """Return the organisation of a few words between commas, None where there is none."""
    department = office_of(segment)
    if department:
        return department
    words = _HOUSE_NUMBER.sub("", POSTCODE.sub("", segment)).strip(" .,-–")
    if force := _CONSTABLE.match(words):
        name = force["name"].strip()
        if is_strong(name):
            return up_to_strong_end(name)
        # "Chief Constable Example" may be a person; of a place it is a force.
        return known_name(f"{name} Police") or (f"{name} Police" if force["place"] else None)
    if known := known_name(words):
        return known
    titles = list(_title().finditer(words))
    if _PERSON.match(words):
        if not titles and not is_strong(words):
            return None
        words = words[titles[-1].end() :] if titles else words
    elif titles and titles[0].start() == 0:
        words = words[titles[0].end() :]
    words = _DANGLING.sub("", words)
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

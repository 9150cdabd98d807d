"""Names of organisations: a normal form for counting, and what in a few words is one."""

import functools
import html
import re
from collections.abc import Iterator, Mapping

from ingest.wording import plain, table
from kb.organisations import Organisation, OrganisationKind, ambiguous_names, organisations

_PUNCTUATION = re.compile(r"[^\w\s]")
_EMPTY_WORDS = re.compile(r"\b(?:the|ltd|limited|plc|llp)\b")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_WORD = re.compile(r"[\w'’.\-]*[\w'’]|&")
_INITIALS = re.compile(r"[A-Z](?:[A-Z0-9]{2,6}|[a-z][A-Z])")
_LONGEST_NAME = 16
# What shows that a name is longer than the register's: words before it, and words after it.
_QUALIFIED = re.compile(
    r"\b(?:(?:north|south|east|west)(?:ern)?|mid|central|greater|royal|new|great|upper|lower"
    r"|university|st|\w+ (?:and|&)) $",
    re.IGNORECASE,
)
_LONGER = re.compile(
    r"\s+(?:(?i:of|for|in)\s+(?=[A-Z])|(?i:federation|association|charity|authority|trust|college"
    r"|foundation|hospital|board|services?|union|club|university)\b"
    r"|(?:\w+\s+){0,4}(?i:safeguarding)\b)"
)
_AND = re.compile(r",?\s+(?:(?i:and)|&)\s+(?:(?i:to|the|for)\s+)*(?=[A-Z])")
_COMPLETE = re.compile(r"\b(?:council|trust|board)$", re.IGNORECASE)
_MINISTER = re.compile(
    r"(?:secretary(?: of state)?|minister(?: of state)?|sos"
    r"|parliamentary under[- ]secretary[a-z ]*)"
    r" (?:for|of) (?:state for )?(?:the )?(?:dept\.? (?:of|for) )?(?P<of>[\w ,&'-]{3,80})"
    r"|\b(?P<title>lord chancellor|(?:home|health|justice|foreign|defence|transport|education)"
    r" secretary)\b",
    re.IGNORECASE,
)
# Only what opens the title counts: "... for Transport, 39 Health Street" is no health.
_TITLE_LENGTH = 45
_WELSH = "Welsh Government"


@functools.cache
def _pattern(name: str, template: str) -> re.Pattern[str]:
    words = "|".join(table("organisations")[name])
    return re.compile(template.replace("WORDS", f"(?:{words})"), re.IGNORECASE)


def _strong_end() -> re.Pattern[str]:
    return _pattern("strong_end", r"\bWORDS(?![\w'’])")


@functools.lru_cache(maxsize=65536)
def plain_key(name: str) -> str:
    """Return a name without case, punctuation, "the" and "Ltd", with "and" for "&"."""
    key = plain(html.unescape(name)).lower().replace("&", " and ").replace("'s ", "s ")
    key = _PUNCTUATION.sub(" ", key.replace("'", ""))
    key = re.sub(r"\bn h s\b", "nhs", _EMPTY_WORDS.sub(" ", key))
    key = re.sub(r"\bh m\b", "hm", key)
    return " ".join(key.split())


@functools.cache
def spellings() -> Mapping[str, Organisation]:
    """Return every plain spelling of the register's names and the body that it stands for.

    A name goes before an alias, and an alias before a form that follows from the kind; a spelling
    that two bodies could claim, or that the register calls ambiguous, stands for none.
    """
    register = organisations().values()
    named = {plain_key(one.name): one for one in register}
    aliased = {plain_key(alias): one for one in register for alias in one.aliases}
    derived: dict[str, set[str]] = {}
    for one in register:
        for form in usual_forms(one):
            derived.setdefault(plain_key(form), set()).add(one.name)
    certain = {
        form: organisations()[next(iter(bodies))]
        for form, bodies in derived.items()
        if len(bodies) == 1
    }
    found = {**certain, **aliased, **named}
    for name in ambiguous_names():
        found.pop(plain_key(name), None)
    return found


def usual_forms(one: Organisation) -> Iterator[str]:
    """Yield the forms that names of this kind go by: "ICB" for "Integrated Care Board"."""
    for ending, forms in table("organisations")["forms"].get(one.kind, ()):
        for name in (one.name, *one.aliases):
            match = re.fullmatch(ending, name)
            if match:
                yield from (match.expand(form) for form in forms)


def registered(name: str) -> Organisation | None:
    """Return the body of the register that goes by a name or spelling, None where none does."""
    known = spellings()
    return known.get(plain_key(name)) or known.get(plain_key(_BRACKETS.sub("", name)))


def organisation_key(name: str) -> str:
    """Return a normal form under which two spellings of one organisation count as one.

    Case, "&", "the", "Ltd" and punctuation do not matter, and the bodies of the register go by
    one name however they were spelled. Trusts that differ by a word stay apart.
    """
    name = " ".join(name.split())
    known = registered(name)
    key = plain_key(known.name if known else _BRACKETS.sub("", name) or name)
    key = re.sub(r"\bnhs ft\b", "nhs foundation trust", key)
    if "nhs" not in key.split():
        key = re.sub(r"\bfoundation trust\b", "nhs foundation trust", key)
    return key.replace("foundation nhs trust", "nhs foundation trust")


def names_along(line: str) -> tuple[list[str], str]:
    """Return the register's names that a line is made of, and what of it is another name.

    Titles before a name and an address after it are passed over. Where anything says that a name
    is longer than the register's ("Police Federation"), nothing is taken and the line returned.
    """
    names: list[str] = []
    found = names_in(line)
    begins = {start for start, _, _ in found}
    for start, end, name in found:
        joined = _AND.match(line, end)
        whole = joined is None or joined.end() in begins or _COMPLETE.search(line[:end])
        if not whole or _LONGER.match(line, end) or (not names and _QUALIFIED.search(line[:start])):
            return [], line
        names.append(name)
        if joined and joined.end() not in begins:
            return names, line[joined.end() :]
    return names, "" if names else line


def names_in(words: str) -> list[tuple[int, int, str]]:
    """Return where names of the register stand in a line and what they are, longest names first.

    Short names count only as capitals of three letters and more ("CQC"), since "Send" is a prison
    and a word.
    """
    tokens = [(match.start(), match.end(), plain_key(match[0])) for match in _WORD.finditer(words)]
    found: list[tuple[int, int, str]] = []
    first = 0
    while first < len(tokens):
        for last in range(min(first + _LONGEST_NAME, len(tokens)), first, -1):
            start, end = tokens[first][0], tokens[last - 1][1]
            one = _spelled([token for _, _, token in tokens[first:last]], words[start:end])
            if one:
                found.append((start, end, one.name))
                first = last - 1
                break
        first += 1
    return found


def _spelled(tokens: list[str], written: str) -> Organisation | None:
    """Return the body that words spell, also with a genitive ("the Council's lead on ...")."""
    key = " ".join(filter(None, tokens))
    if not tokens[0] or (" " not in key and not _INITIALS.fullmatch(written)):
        return None
    return spellings().get(key) or (
        spellings().get(key.removesuffix("s")) if written.endswith("'s") else None
    )


def known_name(name: str) -> str | None:
    """Return the register's name for a body ("MoJ"), None for a body that is not in it."""
    known = registered(name)
    return known.name if known else None


def office_of(text: str) -> str | None:
    """Return the department for which a minister named in the text stands, None without one."""
    if re.search(table("organisations")["welsh"], text):
        return _WELSH
    match = _MINISTER.search(text)
    if match is None:
        return None
    subject = (match["of"] or match["title"]).lower()
    for pattern, department in table("organisations")["offices"]:
        found = re.search(pattern, subject)
        if found and found.start() <= _TITLE_LENGTH:
            return str(department)
    return None


def is_strong(words: str) -> bool:
    """Tell whether words name a public body or company beyond doubt (a trust, council, force)."""
    known = registered(words)
    return (
        # A hospital is where a trust is to be found, and often stands in its address.
        (known is not None and known.kind is not OrganisationKind.HOSPITAL)
        or _strong_end().search(words) is not None
        or _pattern("strong_start", r"\bWORDS\b").match(words) is not None
    )


def is_organisation(words: str) -> bool:
    """Tell whether words name an organisation of any sort, down to a surgery or a shop."""
    acronym = words.isupper() and words.isalnum() and 2 < len(words) < 6
    return is_strong(words) or acronym or weak_words().search(words) is not None


def weak_words() -> re.Pattern[str]:
    """Return the pattern of words that make a name an organisation's ("surgery", "services")."""
    return _pattern("weak", r"\bWORDS\b")


def up_to_strong_end(words: str) -> str:
    """Drop the address or title that follows without a comma: "... Police Church Lane"."""
    outside = words.split(" (")[0]
    words = outside if _strong_end().search(outside) else words
    words = re.sub(r"\bTrust Trust\b.*", "Trust", words, flags=re.IGNORECASE)
    last = None
    for match in _strong_end().finditer(words):
        last = match
    if last is None or re.match(
        r"\s*(?:of|for|and|&|in|\()\s*", words[last.end() :], re.IGNORECASE
    ):
        return words
    name = words[: last.end()]
    return known_name(name) or name


@functools.cache
def names_with_commas() -> re.Pattern[str]:
    """Return a pattern of what holds a comma inside one name ("Tees, Esk and Wear Valleys")."""
    register = (
        re.escape(name[: comma.start()]) + r",\s+" + re.escape(name[comma.end() :].split()[0])
        for one in organisations().values()
        for name in (one.name, *one.aliases)
        for comma in re.finditer(", ", name)
    )
    either = (each.replace(r"\ and\ ", r"\ (?:and|&)\ ") for each in register)
    joined = "|".join([*table("organisations")["with_commas"], *dict.fromkeys(either)])
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)


@functools.cache
def name_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern or list of patterns of data/organisations.yaml as one, any of which fits."""
    patterns = table("organisations")[name]
    joined = patterns if isinstance(patterns, str) else "|".join(f"(?:{each})" for each in patterns)
    return re.compile(joined, re.IGNORECASE)

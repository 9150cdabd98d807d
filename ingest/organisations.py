"""Names of organisations: a normal form for counting, and what in a few words is one."""

import functools
import html
import re

from ingest.wording import plain, table

_PUNCTUATION = re.compile(r"[^\w\s]")
_EMPTY_WORDS = re.compile(r"\b(?:the|ltd|limited|plc|llp)\b")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_MINISTER = re.compile(
    r"(?:secretary(?: of state)?|minister(?: of state)?|parliamentary under[- ]secretary[a-z ]*)"
    r" (?:for|of) (?:state for )?(?:the )?(?P<of>[\w ,&'-]{3,80})"
    r"|(?P<chancellor>lord chancellor)",
    re.IGNORECASE,
)
# Only what opens the title counts: "... for Transport, 39 Health Street" is no health.
_TITLE_LENGTH = 45


@functools.cache
def _pattern(name: str, template: str) -> re.Pattern[str]:
    words = "|".join(table("organisations")[name])
    return re.compile(template.replace("WORDS", f"(?:{words})"), re.IGNORECASE)


def _strong_end() -> re.Pattern[str]:
    return _pattern("strong_end", r"\bWORDS(?![\w'’])")


@functools.cache
def _aliases() -> dict[str, str]:
    """Every plain spelling of a well-known body, and the name that we use for it."""
    return {
        _plain_key(spelling): name
        for name, others in table("organisations")["aliases"].items()
        for spelling in (name, *others)
    }


def _plain_key(name: str) -> str:
    key = plain(html.unescape(name)).lower().replace("&", " and ").replace("'s ", "s ")
    key = _PUNCTUATION.sub(" ", key.replace("'", ""))
    key = re.sub(r"\bn h s\b", "nhs", _EMPTY_WORDS.sub(" ", key))
    return " ".join(key.split())


def organisation_key(name: str) -> str:
    """Return a normal form under which two spellings of one organisation count as one.

    Case, "&", "the", "Ltd" and punctuation do not matter, and well-known bodies go by one name
    whatever they were called. Trusts that differ by a word stay apart.
    """
    known = _aliases().get(_plain_key(name)) or _aliases().get(_plain_key(_BRACKETS.sub("", name)))
    key = _plain_key(known or _BRACKETS.sub("", name) or name)
    key = re.sub(r"\bnhs ft\b", "nhs foundation trust", key)
    if "nhs" not in key.split():
        key = re.sub(r"\bfoundation trust\b", "nhs foundation trust", key)
    return key.replace("foundation nhs trust", "nhs foundation trust")


def known_name(name: str) -> str | None:
    """Return the name we use for a well-known body ("MoJ"), None for any other."""
    return _aliases().get(_plain_key(name)) or _aliases().get(_plain_key(_BRACKETS.sub("", name)))


def office_of(text: str) -> str | None:
    """Return the department for which a minister named in the text stands, None without one."""
    match = _MINISTER.search(text)
    if match is None:
        return None
    subject = (match["of"] or match["chancellor"]).lower()
    for pattern, department in table("organisations")["offices"]:
        found = re.search(pattern, subject)
        if found and found.start() <= _TITLE_LENGTH:
            return str(department)
    return None


def is_strong(words: str) -> bool:
    """Tell whether words name a public body or company beyond doubt (a trust, council, force)."""
    return (
        known_name(words) is not None
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
def name_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern or list of patterns of data/organisations.yaml as one, any of which fits."""
    patterns = table("organisations")[name]
    joined = patterns if isinstance(patterns, str) else "|".join(f"(?:{each})" for each in patterns)
    return re.compile(joined, re.IGNORECASE)

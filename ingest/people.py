"""The name of a coroner, out of the titles, offices and honours written round it."""

import re

_TITLE = re.compile(
    r"(?:(?:the|mr|mrs|ms|miss|mx|dr|prof|professor|cdr|sir|dame|lady|rt|hon|honourable|hm|hh|hhj|"
    r"judge|justice|(?:his|her) (?:honour|majesty[’']s)|(?:senior|area|assistant|deputy|acting)"
    r"(?= (?:area |assistant |deputy )?coroner)|coroner)\b[.,:]*\s*)+",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"[\s,.;–-]+(?:(?:H\.? ?M|His Majesty|Her Majesty|Senior|Area|Assistant|Deputy|Acting|Chief"
    r"|Nominated|Coroner|Recorder)\b|(?:Ref\W|20\d\d-)).*",
    re.IGNORECASE | re.DOTALL,
)
_HONOURS = re.compile(r"(?:[\s,]+(?:[OMC]BE|CVO|[KQ]C|DL|JP|LL[BM]|RN)\b\.?)+$")
_WORD = re.compile(r"[^\W\d_]{3,}")
_PARTICLES = {"van", "von", "der", "den", "del", "dos", "ter"}
_NOT_IN_NAMES = {"a", "an", "and", "of", "the", "to"}  # in lower case: "A" is an initial
_LONGEST = 6  # words; what is longer is a sentence that strayed into the column


def person_name(written: str) -> str | None:
    """Return the name alone, in ordinary capitals: "Dr Ada VALE KC" is "Ada Vale".

    None where the words hold no name ("[REDACTED]", a ref) or are a sentence, not a name.
    """
    name = " ".join(written.split())
    if titles := _TITLE.match(name):
        name = name[titles.end() :]
    name = _HONOURS.sub("", _OFFICE.sub("", name)).strip(" .,;:")
    words = name.split()
    if not words or len(words) > _LONGEST or re.search(r"redacted|\d", name, re.IGNORECASE):
        return None
    if not _NOT_IN_NAMES.isdisjoint(words):
        return None
    return re.sub(r"\bMc([a-z])", lambda match: f"Mc{match[1].upper()}", _WORD.sub(_case, name))


def _case(match: re.Match[str]) -> str:
    """Give a word its capital; initials, which are shorter than a word, keep theirs."""
    word = match[0]
    shouted = word.removeprefix("Mc").isupper()
    return word.capitalize() if shouted or (word.islower() and word not in _PARTICLES) else word

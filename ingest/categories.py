"""The judiciary's 17 categories of reports, found in the many ways that they are written."""

import re

CATEGORIES = (
    "Accident at Work and Health and Safety related deaths",
    "Alcohol, drug and medication related deaths",
    "Care Home Health related deaths",
    "Child Death (from 2015)",
    "Community health care and emergency services related deaths",
    "Emergency services related deaths (2019 onwards)",
    "Hospital Death (Clinical Procedures and medical management) related deaths",
    "Mental Health related deaths",
    "Other related deaths",
    "Police related deaths",
    "Product related deaths",
    "Railway related deaths",
    "Road (Highways Safety) related deaths",
    "Service Personnel related deaths",
    "State Custody related deaths",
    "Suicide (from 2015)",
    "Wales prevention of future deaths reports (2019 onwards)",
)
_NOT_ONE = "prevention of future deaths"  # every report is one; the site files some under it
_IGNORED = re.compile(r"\([^)]*\)|related deaths?\b")


def read_categories(written: str) -> tuple[str, ...]:
    """Return the categories of a cell by their own names, in order, each once.

    They are parted by "|" or ";" and contain commas and "and" themselves, so each piece is matched
    as a whole, or as several names run together ("Road ..., Community ... and Other ...").
    What is not one of the 17 is kept as written.
    """
    pieces = (" ".join(piece.split()) for piece in re.split(r"[|;]", written))
    found = [name for piece in pieces for name in _names(piece)]
    return tuple(dict.fromkeys(found))


def _names(piece: str) -> list[str]:
    loose = _loose(piece)
    if loose in ("", _NOT_ONE):
        return []
    rest = " ".join(word for word in _ANY.sub(" ", loose).split() if word != "and")
    return [piece] if rest else [_BY_LOOSE[name] for name in _ANY.findall(loose)]


def _loose(name: str) -> str:
    """Return the words that tell one category from another ("drugs" is "drug", "&" is "and")."""
    plain = _IGNORED.sub(" ", name.lower().replace("&", " and ")).replace("drugs", "drug")
    return " ".join(re.findall(r"[a-z]+", plain))


_BY_LOOSE = {_loose(name): name for name in CATEGORIES}
# The longest first: "emergency services" also ends the name of another category.
_ANY = re.compile(r"\b(?:" + "|".join(sorted(_BY_LOOSE, key=len, reverse=True)) + r")\b")

"""Dates as coroners, trusts and exports write them, read into partial ISO dates.

A date is never guessed: what cannot be read for certain is left off, so that "17/20/2022" is
"2022". The day stands before the month, as it does in Britain.
"""

import calendar
import re
from collections.abc import Iterator

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name[:-1]: number for name, number in _MONTHS.items() if len(name) > 6}  # "Decembe"
_MONTHS |= {"sept": 9}

_YEAR = r"(?:199\d|20\d\d)"
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
# The month's last letter touches the year in "15 August2016", so there \b cannot stand after it.
_GLUED_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?:\b\.?|(?=\d))"
_DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th)\b)?"
_GAP = r"[\s,\-–/]{0,3}"
_AFTER = r"(?![\d]|[/\-–.]\d)"

# The order matters where two fit at one place: the one that says most comes first.
_DATE = re.compile(
    rf"""(?<![\w/.\-])(?:
      (?P<iso_y>{_YEAR})(?P<iso_sep>[-/])(?P<iso_m>\d\d)(?P=iso_sep)(?P<iso_d>\d\d)(?=\D|T\d|$)
    | (?P<day>{_DAY})(?:\s+day)?(?:\s+of)?{_GAP}
      (?P<month>{_GLUED_MONTH}){_GAP}(?P<year>{_YEAR})(?!\d)
    | (?P<us_month>{_MONTH})\s+(?P<us_day>{_DAY})[\s,]{{1,3}}(?P<us_year>{_YEAR})(?!\d)
    | (?P<my_month>(?-i:(?=[A-Z])){_GLUED_MONTH}){_GAP}(?P<my_year>{_YEAR})(?!\d)
    | (?P<a>\d{{1,2}})[ \t]*/[ \t]*(?P<b>\d{{1,2}})[ \t]*/[ \t]*(?P<y>{_YEAR}|\d\d){_AFTER}
    | (?P<a2>\d{{1,2}})(?P<sep>[.\-])(?P<b2>\d{{1,2}})(?P=sep)[ ]?(?P<y2>{_YEAR}){_AFTER}
    | (?P<a3>\d\d)(?P<sep3>[.\-])(?P<b3>\d\d)(?P=sep3)(?P<y3>\d\d){_AFTER}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# "/2022" and "/0206/2023" are published as dates: only their year is certain.
_YEAR_ALONE = re.compile(rf"(?:[\d/\s]*/\s*)?(?P<year>{_YEAR})")
# In running text "4.1.12" numbers a paragraph; as the whole of a date field it is a date.
_DOTTED = re.compile(r"(\d{1,2})[.\-](\d{1,2})[.\-](\d\d)")
_SPACES = re.compile(r"&#xa0;|&nbsp;|[\xa0\u2007\u2009\u202f]")


def parse_date(written: str) -> str | None:
    """Return the first date of a date field as `2021-09-11`, `2021-09` or `2021`.

    None means that the words hold no year between 1990 and 2099: "9 September", "[DATE]", "".
    """
    plain = _SPACES.sub(" ", written).strip()
    for _, _, iso in find_dates(plain):
        return iso
    if dotted := _DOTTED.fullmatch(plain):
        return _numeric(int(dotted[1]), int(dotted[2]), dotted[3])
    year = _YEAR_ALONE.fullmatch(plain)
    return year["year"] if year else None


def find_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and partial ISO date of each date that stands in running text.

    A bare year is no date here, since it is mostly the year of an Act; a month with its year is.
    """
    for match in _DATE.finditer(text):
        iso = _iso(match)
        if iso is not None:
            yield match.start(), match.end(), iso


def _iso(match: re.Match[str]) -> str | None:
    if match["iso_y"]:
        return _checked(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))
    for day, month, year in (("day", "month", "year"), ("us_day", "us_month", "us_year")):
        if match[day]:
            digits = re.sub(r"\D", "", match[day])
            return _checked(int(match[year]), _month(match[month]), int(digits))
    if match["my_month"]:
        return f"{match['my_year']}-{_month(match['my_month']):02d}"
    first, second, year = (
        match["a"] or match["a2"] or match["a3"],
        match["b"] or match["b2"] or match["b3"],
        match["y"] or match["y2"] or match["y3"],
    )
    return _numeric(int(first), int(second), year)


def _month(word: str) -> int:
    return _MONTHS[word.rstrip(".").lower()]


def _numeric(first: int, second: int, year: str) -> str | None:
    """Read dd/mm/yyyy, or mm/dd/yyyy where the second number can be no month ("12/31/2021")."""
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    if second > 12 and 1 <= first <= 12:
        first, second = second, first
    if 1 <= second <= 12 and 1 <= first <= calendar.monthrange(full_year, second)[1]:
        return f"{full_year}-{second:02d}-{first:02d}"
    # Three numbers that are no date need four figures of year to be called one.
    return year if len(year) == 4 else None


def _checked(year: int, month: int, day: int) -> str:
    """Drop the parts that cannot be: "31 June 2099" keeps its month, which stands as a word."""
    if not 1 <= month <= 12:
        return f"{year}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return f"{year}-{month:02d}"
    return f"{year}-{month:02d}-{day:02d}"

"""The figures of a sentence: money, percentages, spans of time, and numbers of counted things."""

import functools
import re

from ingest.dates import find_dates
from ingest.wording import table

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_FINANCIAL_YEAR = re.compile(r"(?<![\d/])(?P<from>20\d\d)\s?[/–-]\s?(?:20)?(?P<to>\d\d)(?![\d/])")


def financial_years(words: str) -> list[tuple[int, int, str]]:
    """Return start, end and value ("2099/00") of each year that runs over two calendar years."""
    return [
        (match.start(), match.end(), f"{match['from']}/{match['to']}")
        for match in _FINANCIAL_YEAR.finditer(words)
        if (int(match["from"]) + 1) % 100 == int(match["to"])
    ]


def find_figures(words: str) -> list[tuple[int, int, str]]:
    """Return start, end and the words of each figure with what it counts, in order.

    "28 people waiting", "6 weeks or less", "£30million", "about 35%" (without the "about"). Dates,
    years and bare numbers are no figures.
    """
    dates = [(start, end) for start, end, _ in (*find_dates(words), *financial_years(words))]
    return [
        (match.start(), match.end(), " ".join(match[0].split()))
        for match in _figure().finditer(words)
        if all(match.end() <= start or match.start() >= end for start, end in dates)
    ]


@functools.cache
def _figure() -> re.Pattern[str]:
    data = table("actions")
    spelt = rf"(?:(?:{data['number_words']})(?:[- ](?:{data['number_words']}))?)"
    number = rf"(?:{_NUMBER}|{spelt})"
    return re.compile(
        rf"""(?<![\w.,£/-])(?:
          £\s?(?:{_NUMBER})(?:\s?(?:million|billion|thousand|bn|mn|[mk])\b)?
        | (?:{_NUMBER})\s?(?:%|(?:per\s?cent)\b)
        | (?:between\s+)?{number}(?:\s*(?:to|and|or|[-–])\s*{number})?[\s-]+
          (?:working\s+|calendar\s+)?(?:minute|hour|day|week|month|year)s?\b
          (?:\s+(?:or\s+(?:less|more|fewer|under|over)))?
        | {number}\s+(?:[\w-]+\s+){{0,2}}?(?:{data["counted"]})\b
          (?:\s+(?:waiting|vacant|trained|recruited))?
          (?:\s+(?:per|a|each)\s+(?:day|week|month|year|annum))?
        )""",
        re.VERBOSE | re.IGNORECASE,
    )

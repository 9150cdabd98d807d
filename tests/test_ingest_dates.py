"""Dates as they are written in the exports and letters."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import find_dates, parse_date
from kb.refs import is_partial_date

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.mark.parametrize(
    ("written", "expected", "why"),
    [
        ("26 May 2099", "2099-05-26", "the usual way"),
        ("13th December 2099", "2099-12-13", "ordinal"),
        ("13 th December 2099", "2099-12-13", "a superscript parted from its number"),
        ("5th day of May 2099", "2099-05-05", "the formal way of a signature"),
        ("26-May-2099", "2099-05-26", "a spreadsheet's way"),
        ("Monday, 26 May, 2099", "2099-05-26", "weekday and comma"),
        ("May 26, 2099", "2099-05-26", "the month first, as a word"),
        ("3 Sept 2099", "2099-09-03", "abbreviated"),
        ("3 Sep. 2099", "2099-09-03", "abbreviated with a stop"),
        ("15 August2099", "2099-08-15", "no space before the year"),
        ("02/04/2099", "2099-04-02", "UK: the day first"),
        ("08 /03/2099", "2099-03-08", "space before the stroke"),
        ("03/11 /2099", "2099-11-03", "space before the second stroke"),
        ("26.05.2099", "2099-05-26", "dots"),
        ("20.4. 2099", "2099-04-20", "a space crept in"),
        ("20.4.22", "2022-04-20", "a date field of dots and two figures of year"),
        ("2 Decembe 2099", "2099-12-02", "a letter lost"),
        ("09/11/21", "2021-11-09", "two figures of year"),
        ("2099-09-11", "2099-09-11", "ISO"),
        ("2099-09-11T00:00:00", "2099-09-11", "ISO with a time"),
        ("12/31/2099", "2099-12-31", "31 can be no month"),
        ("17/20/2099", "2099", "neither can be a month"),
        ("31/02/2099", "2099", "no such day"),
        ("31 June 2099", "2099-06", "no such day, but the month is a word"),
        ("/2099", "2099", "only the year is left"),
        ("/0206/2099", "2099", "a stroke lost: 02/06 would be a guess"),
        ("September 2099", "2099-09", "no day"),
        ("2099", "2099", "no month"),
        ("14 December&#xa0; 2099", "2099-12-14", "an entity left in a CSV cell"),
        ("\xa0 26\xa0September 2099", "2099-09-26", "non-breaking spaces"),
        ("22 June 2099 Ref: 2099-0123 Deceased name: A B", "2099-06-22", "a whole header"),
        ("9 September", None, "no year"),
        ("", None, "blank"),
        ("[object Object]", None, "a scraper's slip"),
        ("[DATE]", None, "the blank form"),
        ("2099-0123", None, "a ref"),
        ("2099/15440", None, "a case number"),
        ("2098/99", None, "a financial year is not a year"),
        ("1 May 1989", None, "before any of these documents"),
        ("1 May 20991", None, "no year has five figures"),
        ("17/20/22", None, "three numbers that are no date"),
    ],
)
def test_a_date_field_is_read_as_far_as_it_is_certain(
    written: str, expected: str | None, why: str
) -> None:
    assert parse_date(written) == expected, why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Heard on 3 May 2099 and 04/05/2099, ended June 2099.",
            [("3 May 2099", "2099-05-03"), ("04/05/2099", "2099-05-04"), ("June 2099", "2099-06")],
        ),
        ("The Coroners and Justice Act 2009 applies at 2.30.", []),
        ("Version 1.2.10 and 4.1.12 of policy 10.10.2099.5", []),
        ("You may 2099 times ask; in May 2099 none.", [("May 2099", "2099-05")]),
    ],
)
def test_dates_are_found_in_running_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[start:end], iso) for start, end, iso in find_dates(text)] == expected


@given(st.text(alphabet="0123456789/.- thofMaySept,\xa0[]", max_size=30))
def test_whatever_is_read_is_a_partial_date(written: str) -> None:
    iso = parse_date(written)
    assert iso is None or is_partial_date(iso)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_every_way_of_writing_a_day_gives_the_same_date(day: date) -> None:
    written = (f"{day:%d/%m/%Y}", f"{day:%d %B %Y}", f"{day.day} {day:%b} {day:%Y}", f"{day}")
    assert {parse_date(each) for each in written} == {day.isoformat()}


@pytest.mark.real_data
def test_99_of_100_rows_of_both_exports_that_hold_a_date_have_one() -> None:
    blank = {"", "[object Object]", "N/A: Not f"}
    written: list[str] = []
    csv.field_size_limit(10**9)
    for name, column in (
        ("tracker_reports.csv", "date_of_report"),
        ("toolkit_reports.csv", "date"),
    ):
        path = SHARED / "data" / "reports" / name
        if not path.exists():
            pytest.skip(f"{name} is not in the shared folder")
        with path.open(encoding="utf-8-sig", newline="") as file:
            written += [row[column].strip() for row in csv.DictReader(file)]
    held = [words for words in written if words not in blank]
    assert sum(parse_date(words) is not None for words in held) >= 0.99 * len(held)


@pytest.mark.real_data
def test_almost_every_row_of_the_tracker_has_a_whole_date() -> None:
    path = SHARED / "data" / "reports" / "tracker_reports.csv"
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        dates = [parse_date(row["date_of_report"]) for row in csv.DictReader(file)]
    # 4,996 rows: 11 blank, two "[object Object]", one without a year, one with only the year.
    assert sum(iso is not None and len(iso) == 10 for iso in dates) >= 4_975
    assert sum(iso is None for iso in dates) <= 15

"""What documents state of themselves."""

from pathlib import Path
from typing import Any

import pytest

from ingest.fields import read_fields
from ingest.sections import split_sections
from kb.documents import Kind

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

FORM = """REGULATION 28 REPORT TO PREVENT FUTURE DEATHS
Ref: 2099-0123
THIS REPORT IS BEING SENT TO:
1. Chief Executive, Borsetshire NHS Trust
1 CORONER
I am Dr Ada VALE, Area Coroner, for the coroner area of Borsetshire and Felpersham
2 CORONER'S LEGAL POWERS
I make this report under paragraph 7.
3 INVESTIGATION and INQUEST
On 3 May 2098 I commenced an investigation.
7 YOUR RESPONSE
You are under a duty to respond to this report within 56 days, namely by 30th July 2099.
8 COPIES and PUBLICATION
I have sent a copy to the Chief Coroner.
9 Dated: 04/06/2099
Ada Vale
"""
LETTER = """Dr Ada Vale
Area Coroner for Borsetshire
The Court House

10th August 2099

Dear Dr Vale

Re: Sam Example (2 January 2098)

Thank you for the Regulation 28 Report dated 4 June 2099 concerning the death on 2 January 2098.

The gate has been mended.

Yours sincerely

Chief Executive, Borsetshire NHS Trust
"""


def fields(text: str, kind: Kind) -> dict[str, Any]:
    return read_fields(text, split_sections(text, kind), kind)


def test_a_form_states_who_when_and_to_whom() -> None:
    assert fields(FORM, Kind.REPORT) == {
        "ref": "2099-0123",
        "ref_written": "2099-0123",
        "coroner": "Ada Vale",
        "coroner_area": "Borsetshire and Felpersham",
        "recipients_written": "1. Chief Executive, Borsetshire NHS Trust",
        "response_due": "2099-07-30",
        "date": "2099-06-04",
        "date_written": "04/06/2099",
    }


def test_the_date_of_a_death_is_not_the_date_of_the_report() -> None:
    text = FORM.replace("9 Dated: 04/06/2099", "9 Dated: illegible")
    assert "date" not in fields(text, Kind.REPORT)


@pytest.mark.parametrize("gap", ["[NAME]", "[NAME OF AREA]"])
def test_a_gap_left_open_is_no_name(gap: str) -> None:
    text = FORM.replace("Dr Ada VALE" if gap == "[NAME]" else "Borsetshire and Felpersham", gap)
    assert "coroner" not in fields(text, Kind.REPORT)


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("I am Ada Vale, senior coroner, for the coroner area of Borsetshire.", "Borsetshire"),
        ("I am Ada Vale, Assistant Coroner for Borsetshire", "Borsetshire"),
        ("I am Ada Vale HM Senior Coroner for the County of Borsetshire", "Borsetshire"),
        ("I am Ada Vale, Acting Senior Coroner for the area of Borsetshire", "Borsetshire"),
    ],
)
def test_a_coroners_office_is_written_in_many_ways(written: str, area: str) -> None:
    read = fields(
        f"THIS REPORT IS BEING SENT TO: A\n1 CORONER\n{written}\n2 CORONER'S LEGAL POWERS\nX\n",
        Kind.REPORT,
    )
    assert (read["coroner"], read["coroner_area"]) == ("Ada Vale", area)


def test_a_letter_states_what_it_answers() -> None:
    assert fields(LETTER, Kind.RESPONSE) == {
        "date": "2099-08-10",
        "date_written": "10th August 2099",
        "report_date": "2099-06-04",
        "addressee": "Ada Vale",
        "coroner": "Ada Vale",
        "coroner_area": "Borsetshire",
        "respondent": "Borsetshire NHS Trust",
    }


def test_the_day_a_report_came_is_not_the_day_it_was_written() -> None:
    text = LETTER.replace("Report dated 4 June 2099", "Report which was received on 8 June 2099")
    read = fields(text, Kind.RESPONSE)
    assert read["received_date"] == "2099-06-08"
    assert "report_date" not in read


def test_a_letter_has_no_title() -> None:
    assert "title" not in fields(LETTER, Kind.RESPONSE)


def test_a_plan_states_its_title_and_whose_it_is() -> None:
    text = (
        "## Action plan for case 7\n\nDate: 09/11/99\n\n"
        "1. Borset Care must mend the gate at once\tX\n2. Borset Care must lock the gate\tY\n"
    )
    assert fields(text, Kind.ACTION_PLAN) == {
        "title": "Action plan for case 7",
        "date": "2099-11-09",
        "date_written": "09/11/99",
        "organisation": "Borset Care",
    }


def test_an_annual_report_states_its_title_and_year() -> None:
    text = "# Our integrated services\n\nApril 2098 - March 2099\n\nThis covers 2098/99.\n"
    assert fields(text, Kind.ANNUAL_REPORT) == {
        "title": "Our integrated services",
        "year": "2098/99",
    }


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_not_stated_is_absent(kind: Kind) -> None:
    assert fields("Nothing is said here.\n", kind) == {}
    assert fields("", kind) == {}


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        (
            "000_aee4c5112a79c01d.txt",
            Kind.RESPONSE,
            {
                "date": "2021-12-13",
                "report_date": "2021-07-17",
                "coroner": "Emma Serrano",
                "coroner_area": "Stoke-on-Trent & North Staffordshire",
                "respondent": "NHS England",
            },
        ),
        (
            "001_8cc325516dbe19c6.txt",
            Kind.RESPONSE,
            {
                "date": "2022-05-23",
                "received_date": "2022-03-28",
                "coroner_area": "Warwickshire",
                "respondent": "Coventry and Warwickshire Partnership NHS Trust",
            },
        ),
        (
            "002_113805ead16de473.txt",
            Kind.ACTION_PLAN,
            {"date": "2021-11-09", "organisation": "Livewell Southwest"},
        ),
        (
            "003_f0189b46f4becc11.txt",
            Kind.ACTION_PLAN,
            {"organisation": "Somerset Clinical Commissioning Group"},
        ),
        ("004_9f16f9eb560d8b16.txt", Kind.ANNUAL_REPORT, {"year": "2023/24"}),
        (
            "Chris_Evans.pdf",
            Kind.REPORT,
            {
                "coroner": "Peter Harrowing",
                "coroner_area": "Avon",
                "response_due": "2023-06-19",
                "date": None,  # the scan garbles its year, so the date is not known
            },
        ),
        (
            "Jodie_McCann.pdf",
            Kind.REPORT,
            {
                "coroner": "Elizabeth Didcock",
                "coroner_area": "Nottinghamshire",
                "date": "2023-04-20",
                "response_due": "2023-06-16",
            },
        ),
        (
            "Joseph_Maunick.pdf",
            Kind.REPORT,
            {
                "coroner": "Peter Taheri",
                "coroner_area": "Suffolk",
                "date": "2023-04-20",
                "response_due": "2023-06-15",
            },
        ),
    ],
)
def test_the_real_documents_state_these(name: str, kind: Kind, expected: dict[str, str]) -> None:
    from ingest.read import read_file

    read = fields(read_file(DOCUMENTS / name).text, kind)
    assert {key: read.get(key) for key in expected} == expected

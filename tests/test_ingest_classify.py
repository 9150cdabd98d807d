"""What kind a document is, on invented documents and on the real ones beside the checkout."""

from pathlib import Path

import pytest

from ingest.classify import classify, is_blank_form
from kb.documents import Kind

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

FORM = """REGULATION 28 REPORT TO PREVENT FUTURE DEATHS
THIS REPORT IS BEING SENT TO:
1. {name}
1 CORONER
I am {coroner}, senior coroner, for the coroner area of {area}
2 CORONER'S LEGAL POWERS
I make this report under paragraph 7, Schedule 5, of the Coroners and Justice Act 2009.
3 INVESTIGATION and INQUEST
On {date} I commenced an investigation into the death of {deceased}.
7 YOUR RESPONSE
You are under a duty to respond to this report within 56 days, namely by {due}.
"""
FILLED = FORM.format(
    name="Borsetshire Partnership NHS Trust",
    coroner="Ada Vale",
    area="Borsetshire",
    date="3 May 2099",
    deceased="Sam Example",
    due="1 July 2099",
)
BLANK = FORM.format(
    name="[NAME]",
    coroner="[NAME]",
    area="[NAME OF AREA]",
    date="[DATE]",
    deceased="[NAME, AGE]",
    due="[DATE]",
)
RESPONSE = """Borsetshire Partnership NHS Trust
Dear Dr Vale
Thank you for the Regulation 28 report dated 3 May 2099. You raised concerns about handover.
We have changed our policy.
Yours sincerely
"""
QUOTING = (
    "Dear Senior Coroner\nI write in response to your report of 3 May 2099, Regulation 28 report "
    "to prevent future deaths. The matters of concern are as follows:\n1. No handover.\n"
)
OLD_LETTER = """Dear Sir
I am writing to you as HM Senior Coroner for Borsetshire. I concluded an inquest on 3 May 2099.
I report to you under Rule 43 of the Coroners Rules. You should respond within 56 days.
Yours faithfully
"""
PLAN = "Action plan\nRecommendation\tAction\tResponsible person\tBy when\n" + "".join(
    f"{n}. The service must act\tReview policy\tTeam lead\t01/02/2099\n" for n in range(1, 8)
)
ANNUAL = "Annual report and review\nForeword\nThis year, April 2098 - March 2099, we did much.\n"


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (FILLED, Kind.REPORT, "the form"),
        ("NOTE: This form is to be used after an inquest.\n" + FILLED, Kind.REPORT, "a note left"),
        (FILLED.replace("1 July 2099", "[DATE]"), Kind.REPORT, "one gap left open"),
        (BLANK, Kind.OTHER, "a blank form is not a report"),
        (OLD_LETTER, Kind.REPORT, "a coroner's letter from before the form"),
        (RESPONSE, Kind.RESPONSE, "a trust's letter"),
        (QUOTING, Kind.RESPONSE, "a response may quote the report's own words"),
        (PLAN, Kind.ACTION_PLAN, "a table of recommendations"),
        (ANNUAL, Kind.ANNUAL_REPORT, "a year's report"),
        ("Minutes of the parish council. Present: four.", Kind.OTHER, "none of these"),
        ("", Kind.OTHER, "nothing"),
    ],
)
def test_a_document_is_what_its_opening_says(text: str, kind: Kind, why: str) -> None:
    assert classify(text) is kind, why


def test_a_files_name_can_tip_the_balance() -> None:
    text = "The service keeps a note of its target date for each task."
    assert classify(text) is not classify(text, name="action-plan-2099.docx")


def test_a_filled_form_is_not_blank() -> None:
    assert is_blank_form(BLANK)
    assert not is_blank_form(FILLED)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("000_aee4c5112a79c01d.txt", Kind.RESPONSE),
        ("001_8cc325516dbe19c6.txt", Kind.RESPONSE),
        ("002_113805ead16de473.txt", Kind.ACTION_PLAN),
        ("003_f0189b46f4becc11.txt", Kind.ACTION_PLAN),
        ("004_9f16f9eb560d8b16.txt", Kind.ANNUAL_REPORT),
        ("Chris_Evans.pdf", Kind.REPORT),
        ("Jodie_McCann.pdf", Kind.REPORT),
        ("Joseph_Maunick.pdf", Kind.REPORT),
        ("Template.pdf", Kind.OTHER),
    ],
)
def test_the_real_documents_are_what_they_are(name: str, kind: Kind) -> None:
    from ingest.read import read_file

    path = DOCUMENTS / name
    assert classify(read_file(path).text) is kind

"""The parts of forms, letters, plans and digests; whatever the text, they tile it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sections import split_sections
from kb.documents import Kind, SectionKind

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

FORM = """REGULATION 28 REPORT TO PREVENT FUTURE DEATHS
THIS REPORT IS BEING SENT TO:
1. Borsetshire Council
1 CORONER
I am Ada Vale, senior coroner, for the coroner area of Borsetshire
2 CORONER'S LEGAL POWERS
I make this report under paragraph 7, Schedule 5.
3 INVESTIGATION and INQUEST
On 3 May 2099 I commenced an investigation.
4 CIRCUMSTANCES OF THE DEATH
The inquest heard of a road. The circumstances of the death were these.
5 CORONER'S CONCERNS
The MATTERS OF CONCERN are as follows.
(1) The road was not lit.
6 ACTION SHOULD BE TAKEN
In my opinion action should be taken.
7 YOUR RESPONSE
You are under a duty to respond.
8 COPIES and PUBLICATION
I have sent a copy of my report to the Chief Coroner.
9 Dated 4 June 2099
Ada Vale
"""
PARTS = [
    SectionKind.PREAMBLE,
    SectionKind.SENT_TO,
    SectionKind.CORONER,
    SectionKind.POWERS,
    SectionKind.INVESTIGATION,
    SectionKind.CIRCUMSTANCES,
    SectionKind.CONCERNS,
    SectionKind.ACTION,
    SectionKind.RESPONSE_DUE,
    SectionKind.COPIES,
    SectionKind.SIGNATURE,
]
LETTER = """Dr Ada Vale
Senior Coroner for Borsetshire

4 June 2099

Dear Dr Vale

Thank you for your report. You raised these concerns:

1. The gate was open.
2. The guard was away.

We are sorry for what happened and have looked at both of the matters that you raised with us.

The gate

The gate has been mended and is now locked by the caretaker each evening at six, then checked twice.

Yours sincerely

Chief Executive
Borsetshire Partnership NHS Trust
"""


def kinds(text: str, kind: Kind) -> list[SectionKind]:
    return [section.kind for section in split_sections(text, kind)]


def headings(text: str, kind: Kind) -> list[str]:
    return [section.heading for section in split_sections(text, kind)]


def body(text: str, kind: Kind, part: SectionKind) -> str:
    return "".join(text[s.start : s.end] for s in split_sections(text, kind) if s.kind is part)


WORDS = st.sampled_from(
    [
        *FORM.split("\n"),
        *LETTER.split("\n"),
        "## Concerns",
        "## Summary",
        "5",
        "1. A must do x",
        "a\tb",
    ]
)


@given(
    st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map("\n".join)),
    st.sampled_from(list(Kind)),
)
def test_sections_tile_any_text(text: str, kind: Kind) -> None:
    sections = split_sections(text, kind)
    edges = [0, *(section.end for section in sections)]
    assert [section.start for section in sections] == edges[:-1]
    assert edges[-1] == len(text)
    assert all(section.start < section.end for section in sections)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t, "the form as it is"),
        (lambda t: t.replace("'", "’"), "curly apostrophes"),
        (lambda t: t.replace("CORONER'S CONCERNS", "CORONERS CONCERNS"), "no apostrophe"),
        (lambda t: t.replace("CORONER'S CONCERNS", "MATTER OF CONCERN"), "another heading"),
        (lambda t: t.replace("5 CORONER'S CONCERNS", "CONCERNS"), "a bare heading"),
        (lambda t: t.replace("5 CORONER'S", "5\nCORONER'S"), "the number in a column of its own"),
        (lambda t: t.replace("5 CORONER'S", "5. CORONER'S"), "a stop after the number"),
        (lambda t: t.replace("5 CORONER'S CONCERNS", "5 Coroner's Concerns"), "mixed case"),
        (lambda t: t.replace("CONCERNS\nThe", "CONCERNS The"), "the text on the heading's line"),
        (
            lambda t: t.replace("CIRCUMSTANCES OF THE DEATH\n", "CIRCUMSTANCES OF THE DEATH\t"),
            "table",
        ),
        (lambda t: t.replace("5 CORONER", "**5. CORONER").replace("CERNS\n", "CERNS**\n"), "bold"),
        (
            lambda t: t.replace("9 Dated 4 June 2099", "4 June 2099"),
            "a signature without its number",
        ),
    ],
)
def test_the_form_is_known_in_its_variants(change: Callable[[str], str], why: str) -> None:
    assert kinds(change(FORM), Kind.REPORT) == PARTS, why


def test_a_heading_is_kept_as_written() -> None:
    assert headings(FORM, Kind.REPORT)[6] == "5 CORONER'S CONCERNS"
    assert (
        headings(FORM.replace("5 CORONER'S", "5\nCORONER'S"), Kind.REPORT)[6]
        == "5 CORONER'S CONCERNS"
    )


def test_a_heading_inside_running_text_is_no_heading() -> None:
    text = FORM.replace(
        "(1) The road", "I refer to CIRCUMSTANCES OF THE DEATH above.\nInquest\n(1) The road"
    )
    assert kinds(text, Kind.REPORT) == PARTS
    assert "Inquest" in body(text, Kind.REPORT, SectionKind.CONCERNS)


def test_a_heading_repeated_on_the_next_page_is_no_new_section() -> None:
    text = FORM.replace("(1) The road", "5 CORONER'S CONCERNS\n(1) The road")
    assert kinds(text, Kind.REPORT) == PARTS


def test_a_nine_among_the_copies_is_no_signature() -> None:
    text = FORM.replace("I have sent a copy", "9\nI have sent a copy")
    assert body(text, Kind.REPORT, SectionKind.SIGNATURE).startswith("9 Dated")


def test_a_letter_from_before_the_form_is_one_body() -> None:
    assert kinds("Dear Sir\nI write under Rule 43.\nYours faithfully\n", Kind.REPORT) == [
        SectionKind.BODY
    ]


def test_a_response_is_opening_concerns_answers_and_signature() -> None:
    assert [(s.kind, s.heading) for s in split_sections(LETTER, Kind.RESPONSE)] == [
        (SectionKind.PREAMBLE, ""),
        (SectionKind.CONCERNS, ""),
        (SectionKind.ANSWER, ""),
        (SectionKind.ANSWER, "The gate"),
        (SectionKind.SIGNATURE, ""),
    ]
    restated = body(LETTER, Kind.RESPONSE, SectionKind.CONCERNS)
    assert restated.strip() == "1. The gate was open.\n2. The guard was away."


def test_a_response_without_list_or_headings_is_opening_and_answer() -> None:
    text = "Dear Dr Vale,\n\nWe have mended the gate.\n\nYours faithfully,\nA Trust\n"
    assert kinds(text, Kind.RESPONSE) == [
        SectionKind.PREAMBLE,
        SectionKind.ANSWER,
        SectionKind.SIGNATURE,
    ]


def test_a_date_and_an_address_are_no_headings() -> None:
    assert "4 June 2099" not in headings(LETTER, Kind.RESPONSE)


def test_contents_and_captions_are_no_headings() -> None:
    text = (
        "# Contents\n\nForeword\t3\n\n## Foreword\n\nWords.\n\n## **Table 1: Staff**\n\nA\t1\n\n"
        "## Work\n\nWords.\n"
    )
    assert headings(text, Kind.ANNUAL_REPORT) == ["Contents", "Foreword", "Work"]


def test_title_like_lines_head_a_report_without_markdown() -> None:
    prose = (
        "The year was long and the teams worked hard to keep every promise made the year before."
    )
    text = f"Opening words.\n\nWaiting times\n\n{prose}\n\nStaffing\n\n{prose}\n"
    assert headings(text, Kind.ANNUAL_REPORT) == ["", "Waiting times", "Staffing"]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_digests_headings_are_known_in_every_kind(kind: Kind) -> None:
    text = (
        "## Summary\nA.\n\n## Circumstances\nB.\n\n## Concerns\n1. C.\n\n"
        "## Concerns answered\nD.\n\n## Answers\nE.\n\n### A detail\nF.\n\n## Recommendations\nG.\n"
    )
    assert [(s.kind, s.heading) for s in split_sections(text, kind)] == [
        (SectionKind.SUMMARY, "Summary"),
        (SectionKind.CIRCUMSTANCES, "Circumstances"),
        (SectionKind.CONCERNS, "Concerns"),
        (SectionKind.CONCERNS, "Concerns answered"),
        (SectionKind.ANSWER, "Answers"),
        (SectionKind.ANSWER, "A detail"),
        (SectionKind.RECOMMENDATIONS, "Recommendations"),
    ]


PLAN_HEAD = "Action plan\nRecommendation\tAction\tLead\tDate\n"
ONE, TWO, THREE = ("The ward must mend it", "The school must check it", "The road must be lit")
CUT_OFF = "ensure that the protocol with the police is agreed by all of the bodies\tX\tY\tZ"


@pytest.mark.parametrize(
    ("rows", "numbers", "why"),
    [
        ([f"1. {ONE}\tX", "\tmore", f"2. {TWO}\tY"], [1, 2], "the first cell"),
        ([f"Cause\t1. {ONE}", f"Cause\t2. {TWO}"], [1, 2], "the second cell"),
        ([f"1\t{ONE}\tX", f"2\t{TWO}\tX"], [1, 2], "the number in a cell of its own"),
        ([f"1. {ONE}\tX", f"202. {TWO}\tY"], [1, 2], "debris before the number"),
        ([f"1. {ONE}\tX", "\t2. Track it weekly", f"2. {TWO}\tY"], [1, 2], "an action's number"),
        ([f"1. {ONE}\tX", f"words 2. {TWO}", f"3. {THREE}"], [1, 2, 3], "woven columns"),
        ([f"1. {ONE}\tX", CUT_OFF, f"3. {THREE}"], [1, 2, 3], "a number cut off"),
    ],
)
def test_a_plan_has_a_section_for_each_recommendation(
    rows: list[str], numbers: list[int], why: str
) -> None:
    text = PLAN_HEAD + "\n".join(rows) + "\n"
    assert headings(text, Kind.ACTION_PLAN) == ["", *(f"Recommendation {n}" for n in numbers)], why


def test_a_plan_without_numbers_is_one_body() -> None:
    assert kinds(PLAN_HEAD + "Do it\tnow\n", Kind.ACTION_PLAN) == [SectionKind.BODY]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "count"), [("002_113805ead16de473", 9), ("003_f0189b46f4becc11", 6)]
)
def test_every_recommendation_of_the_real_plans_is_seen(name: str, count: int) -> None:
    path = DOCUMENTS / f"{name}.txt"
    text = path.read_text(encoding="utf-8")
    expected = ["", *(f"Recommendation {number}" for number in range(1, count + 1))]
    assert headings(text, Kind.ACTION_PLAN) == expected


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["Chris_Evans", "Jodie_McCann", "Joseph_Maunick"])
def test_the_real_forms_have_every_part(name: str) -> None:
    from ingest.read import read_file

    path = DOCUMENTS / f"{name}.pdf"
    assert kinds(read_file(path).text, Kind.REPORT) == PARTS

"""Single concerns, in the ways in which coroners number them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text
from ingest.concerns import find_concerns

SHARED = Path(__file__).resolve().parents[2] / "shared"
OPENING = (
    "During the course of the inquest the evidence revealed matters giving rise to concern. In my "
    "opinion there is a risk that future deaths will occur unless action is taken. In the "
    "circumstances it is my statutory duty to report to you.\nThe MATTERS OF CONCERN are as "
    "follows. – "
)
ONE, TWO = "Nobody held the keys.", "No one had read the plan."


def found(text: str) -> list[tuple[str | None, str]]:
    return [(c.number, text[c.start : c.end]) for c in find_concerns(text, 0, len(text))]


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ("(1) ", "(2) ", ["1", "2"]),
        ("1. ", "2. ", ["1", "2"]),
        ("1) ", "2) ", ["1", "2"]),
        ("1.\t", "2.\t", ["1", "2"]),
        ("(1)", "(2)", ["1", "2"]),
        ("1.\n", "2.\n", ["1", "2"]),
        ("a) ", "b) ", ["a", "b"]),
        ("(a) ", "(b) ", ["a", "b"]),
        ("A. ", "B. ", ["A", "B"]),
        ("(i) ", "(ii) ", ["i", "ii"]),
        ("i) ", "ii) ", ["i", "ii"]),
        ("i. ", "ii. ", ["i", "ii"]),
        ("(I) ", "(2) ", ["I", "2"]),
        ("1. ", "(2) ", ["1", "2"]),
        ("5.1 ", "5.2 ", ["5.1", "5.2"]),
        ("Concern 1: ", "Concern 2: ", ["1", "2"]),
        ("• ", "• ", [None, None]),
        ("- ", "- ", [None, None]),
        ("– ", "– ", [None, None]),
        ("· ", "· ", [None, None]),
        ("o ", "o ", [None, None]),
        ("", "", [None, None]),
    ],
)
def test_every_way_of_numbering_gives_two_concerns(
    first: str, second: str, numbers: list[str | None]
) -> None:
    text = f"{OPENING}\n{first}{ONE}\n\n{second}{TWO}\n"
    assert [number for number, _ in found(text)] == numbers
    assert [
        words[-len(each) :] for (_, words), each in zip(found(text), (ONE, TWO), strict=True)
    ] == [
        ONE,
        TWO,
    ]


@pytest.mark.parametrize("mark", ["(1)", "1.", "i.", "a."])
def test_numbers_inside_one_long_line_are_found(mark: str) -> None:
    second = {"(1)": "(2)", "1.": "2.", "i.": "ii.", "a.": "b."}[mark]
    text = f"{OPENING}{mark} {ONE} {second} {TWO} 6"
    assert found(text) == [
        (mark.strip("().")[0], f"{mark} {ONE}"),
        (second.strip("()."), f"{second} {TWO}"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He was on s.17 leave at 2.30. On 3. May the ward was full, see para. 4. of the policy.",
        "The policy of 2. April says so (3) times a day.",
    ],
)
def test_a_number_inside_a_sentence_is_no_marker(text: str) -> None:
    assert found(text) == [(None, text)]


@pytest.mark.parametrize(
    "text",
    [
        OPENING,
        "5 CORONER'S CONCERNS\n" + OPENING + "\n(brief summary of matters of concern)\n",
        "The MATTERS OF CONCERN are as follows:\n(1)\n(2)\n(3)\n",
        "",
        " \n ",
    ],
)
def test_the_forms_opening_is_no_concern(text: str) -> None:
    assert found(text) == []


def test_sub_items_stay_inside_their_number() -> None:
    text = f"1. The ward:\n(a) lost notes;\n(b) lost keys.\n2. {TWO}\n(i) once;\n(ii) twice.\n"
    assert [number for number, _ in found(text)] == ["1", "2"]
    assert found(text)[0][1].endswith("(b) lost keys.")
    assert found(text)[1][1].endswith("(ii) twice.")


def test_a_number_lost_at_a_pages_edge_does_not_end_the_list() -> None:
    text = "(1) One thing.\n(2) Two things.\n(4) Four things.\n"
    assert [number for number, _ in found(text)] == ["1", "2", "4"]


def test_a_second_list_for_a_second_recipient_is_read_too() -> None:
    text = "For the ward\n1. A bed.\n2. A key.\nFor the school\n1. A desk.\n2. A pen.\n"
    assert [number for number, _ in found(text)] == ["1", "2", "1", "2"]


def test_closing_remarks_are_no_concern() -> None:
    text = f"{OPENING}\n(1) {ONE}\n\n(2) {TWO}\n\nI would be grateful for your attention.\n"
    assert [number for number, _ in found(text)] == ["1", "2"]


def test_a_concern_after_the_list_is_kept() -> None:
    text = f"(1) {ONE}\n(2) {TWO}\n\nMy further concern is that the risk was seen by nobody.\n"
    assert [number for number, _ in found(text)] == ["1", "2", None]


def test_a_list_that_only_illustrates_is_no_list_of_concerns() -> None:
    story = "The chart was blank. " * 20
    text = f"{story}\n\n{story} It showed:\n1. a gap;\n2. a blot.\n\n{story}\n\n{story}\n"
    assert len(found(text)) == 4
    assert "2. a blot." in found(text)[1][1]


def test_a_lead_in_goes_with_what_it_leads_in() -> None:
    text = f"I heard evidence that:\n\n{ONE}\n\n{TWO}\n"
    assert [words for _, words in found(text)] == [f"I heard evidence that:\n\n{ONE}", TWO]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "The trust had no plan for the\nward, and the ward had no\nplan for the night.\n"
    assert found(text) == [(None, text.strip())]


def test_what_runs_on_into_the_next_part_is_cut() -> None:
    text = (
        f"(1) {ONE}\n(2) {TWO}\n6 ACTION SHOULD BE TAKEN\nIn my opinion action should be taken.\n"
    )
    assert found(text)[-1] == ("2", f"(2) {TWO}")


@given(st.text(alphabet="(1)2.a b•\n-iA :;", max_size=120), st.integers(0, 20), st.integers(0, 20))
def test_concerns_are_slices_in_order_and_trimmed(text: str, left: int, right: int) -> None:
    start, end = min(left, len(text)), max(min(left, len(text)), len(text) - right)
    at = start
    for concern in find_concerns(text, start, end):
        assert at <= concern.start < concern.end <= end
        words = text[concern.start : concern.end]
        assert words == words.strip()
        at = concern.end


@pytest.mark.real_data
def test_concerns_are_found_in_nearly_every_published_report() -> None:
    path = SHARED / "data" / "reports" / "toolkit_reports.csv"
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [clean_text(row["concerns"]) for row in csv.DictReader(file)]
    stated = [text for text in texts if text and not text.startswith("N/A")]
    numbers = [len(find_concerns(text, 0, len(text))) for text in stated]
    assert sum(n > 0 for n in numbers) / len(numbers) > 0.99
    assert 2.5 < sum(numbers) / len(numbers) < 4

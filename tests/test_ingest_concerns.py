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
LONG = "The chart was blank all night and nobody came to look at it."
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


@pytest.mark.parametrize(
    ("text", "numbers", "why"),
    [
        (f"(1) {ONE}\n(2) The keys are on hook\n(3) {TWO}", ["1", "2", "3"], "no stop at the end"),
        (f"1. {ONE} 2. {TWO} 3. The keys hang on the hook 4. However, none fits.",
         ["1", "2", "3", "4"], "a stop lost inside a line"),
        (f"1. {ONE} 2. {TWO} 3. is not locked. 4. None fits.", ["1", "2", "3", "4"],
         "the item's first word was redacted"),
        (f"1. {ONE} 2. {TWO} He lay on Ward 3. The nurse was away.", ["1", "2"],
         "a ward's number is no marker"),
        (f"1. {ONE} Regulation 28 – After Inquest Document Template Updated 30/07/2099 2. {TWO}",
         ["1", "2"], "a page's footer before the number"),
        (f"The night was long. Concerns 1. {ONE} 2. {TWO}", ["1", "2"], "a heading in a line"),
        (f"Concern 1 {ONE} Concern 2 {TWO}", ["1", "2"], "words for numbers inside a line"),
        (f"Concern 1\n\n{ONE}\n\nConcern 2\n\n{TWO}\n", ["1", "2"], "words for numbers, alone"),
        (f"Concern (1) is that no door shut.\n\nConcern (2) is that {TWO}\n", ["1", "2"],
         "words and brackets"),
        (f"{ONE}\n(2) {TWO}\n(3) No lamp was lit.\n(4) No door shut.\n", [None, "2", "3", "4"],
         "the first number lost"),
        (f"(1 ) {ONE}\n(2) {TWO}\n", ["1", "2"], "a space crept into the brackets"),
        (f"(1) {ONE}\n(2) {TWO}\n(3) No lamp.\n(3) No door.\n(4) No key.\n",
         ["1", "2", "3", "3", "4"], "a number used twice"),
        ("For the ward\n1. No bed.\n2. No key.\n\nBorset Council\n1. No desk.\n2. No pen.\n"
         "3. No ink.\n",
         ["1", "2", "1", "2", "3"], "a longer second list under its heading"),
        (f"(a) {ONE} (b) Nobody said: (a) Who held the lamp. (b) Who held the rope. (c) Who slept.",
         ["a", "b"], "a list of the same style inside an item"),
        (f"There were gaps. The MATTERS OF CONCERN are: - {ONE} - {TWO}", [None, None],
         "dashes inside a line"),
        ("• £90 was paid for a lamp.\n• The lamp was not lit.\n", [None, None], "a sum of money"),
        (f"{ONE}\n\n{TWO}\n\nThe gate stood open.\n\n4. The lamp was out.\n",
         [None, None, None, "4"], "three numbers lost of four"),
        (f"{ONE}\nThe MATTER OF CONCERN - 1. The Ward\n{ONE}\n"
         "The MATTER OF CONCERN - 2. The School\n"
         f"1. {TWO}\n"
         "2. No lamp was lit.\n", [None, None, "1", "2"], "a heading for each recipient"),
        (f"For Borset Council 1. {ONE} 2. {TWO}", ["1", "2"], "a heading before the first number"),
        (f"Page 3 of 4 1. {ONE} 2. {TWO}", ["1", "2"], "a page's number before the first number"),
        (f"3 a. {ONE} b. {TWO}", ["a", "b"], "a page's number before the first letter"),
        (f"1. {ONE} 2. {TWO} Re Borset Council 1. No lamp was lit. 2. No door shut.",
         ["1", "2", "1", "2"], "a second list in one line"),
        ("(1) nobody held the keys of the lane (2) nobody read the plan of the gate (3) no lamp",
         ["1", "2", "3"], "small letters and no stops in one line"),
        ("1. Nobody kept the keys of the lower ward 2. There was no plan. 3. No lamp was lit.",
         ["1", "2", "3"], "a stop lost after a word that figures follow"),
        ("1. Nobody read the plan of the lane 2. No lamp was lit", ["1", "2"], "two and no stop"),
        (f"1. {ONE} 2. It lay in Elmton 3. {TWO}", ["1", "2", "3"],
         "a name that ends as a small word does"),
        (f"a. {ONE} Court House, Borset b. {TWO} Court House, Borset c. No lamp was lit.",
         ["a", "b", "c"], "an address at the foot of the page"),
        (f"1. {ONE} 3. {TWO} 4. No lamp was lit.", ["1", "3", "4"], "a number lost in one line"),
        (f"1. {ONE} 2. {TWO} The evidence raised issues 3. is now with the council. 4. No lamp.",
         ["1", "2", "3", "4"], "no stop before and a redacted word after"),
        (f"1. {ONE} 2. {TWO}\n3. No lamp was lit.\n4. No door shut.\n", ["1", "2", "3", "4"],
         "a number that ran into the line before"),
        (f"(1) {ONE}\n(2) {TWO}\n(3) No lamp.\n(6) No door.\n", ["1", "2", "3", "6"],
         "two numbers lost together"),
        (f"A. Borset Trust Concern 1 {ONE} Concern 2 {TWO} B. Borset Council Concern 3 No lamp.",
         ["1", "2", "3"], "numbers in words under lettered recipients"),
        (f"o Concern 1: {ONE} o Concern 2: {TWO} o o Concern 3: No lamp.", ["1", "2", "3"],
         "bullets before numbers in words"),
        (f"Concern 1 {ONE} Concern 2 4 {TWO}", ["1", "2"], "a page's number after words"),
        (f"Before:\n1. {LONG}\n2. {LONG}\n3. {LONG}\n\nThe MATTERS OF CONCERNS are as follows:\n"
         f"Concern 1: {LONG}\n\nConcern 2: {LONG}\n", ["1", "2"], "the evidence numbered first"),
        (f"Cases:\n1. {LONG}\n2. {LONG}\n\nThe matters of concern are as follows:\n\n"
         f"1. {LONG}\n2. {LONG}\n3. {LONG}\n", ["1", "2", "3"], "earlier cases numbered first"),
    ],
)  # fmt: skip
def test_numbers_are_found_where_the_page_hurt_them(
    text: str, numbers: list[str | None], why: str
) -> None:
    assert [number for number, _ in found(text)] == numbers, why


@pytest.mark.parametrize(
    ("text", "last", "why"),
    [
        (f"(1) {ONE}\n(2) {TWO}\n\nFurther, the plan was old.\n",
         f"(2) {TWO}\n\nFurther, the plan was old.", "a paragraph that goes on"),
        (f"(1) {ONE}\n(2) {TWO} 6 7 8", f"(2) {TWO}", "the numbers of the next parts"),
        (f"(1) {ONE}\n(2) Nobody had read the plan 6", "(2) Nobody had read the plan",
         "the next part's number after no stop"),
        (f"(1) {ONE}\n(2) Nobody slept on ward 6", "(2) Nobody slept on ward 6", "a ward's number"),
        (f"(1) {ONE}\n(2) {TWO} Regulation 28 – After Inquest Document Template Updated 30/07/2099",
         f"(2) {TWO}", "the template's footer"),
        (f"(1) {ONE}\n(2) {TWO}\n\nConsideration should be given to any steps that help.\n",
         f"(2) {TWO}", "a standing invitation"),
        (f"{ONE}\n\nI make no comments on the gate.\n", ONE, "what is said not to be a concern"),
        (f"{ONE}\n\nIn the circumstances I am concerned that none will.\n",
         "In the circumstances I am concerned that none will.", "closing words with a concern"),
        (f"(1) {ONE}\n(2) The plan of the gate requires\n\nof all that they read it.\n",
         "(2) The plan of the gate requires\n\nof all that they read it.", "a line cut in two"),
        (f"(1) {ONE}\n\n{LONG}\n\n(2) {TWO}\n\nI accept that it was long.\n\n{LONG}\n\n"
         "I would be grateful for your attention.\n",
         f"(2) {TWO}\n\nI accept that it was long.\n\n{LONG}", "more after seeming to close"),
        (f"(1) {ONE}\n(2) {TWO}\n\nI am therefore concerned that none will read it.\n",
         f"(2) {TWO}\n\nI am therefore concerned that none will read it.", "its conclusion"),
        (f"(1) {ONE}\n(2) {TWO} ACTION SHOULD BE TAl(EN In my opinion", f"(2) {TWO}",
         "the next part's heading, misread"),
        (f"(1) {ONE}\n(2) {TWO}\n\nI am concerned that more of this may come.\n", f"(2) {TWO}",
         "a sum of the numbered concerns"),
        (f"{ONE}\n\n{TWO}\n\nThe matters are as follows:\n", TWO, "a lead-in to nothing"),
        (f"{LONG}\n\nI was told that:\n\nThe lamp is read each day\n\nThe door is shut\n\n"
         "The gate is manned.\n", "I was told that:\n\nThe lamp is read each day\n\n"
         "The door is shut\n\nThe gate is manned.", "a list that lost its bullets"),
        (f"{LONG}\n\nThe council wrote:\n\n“{LONG}\n\n{LONG}”\n",
         f"The council wrote:\n\n“{LONG}\n\n{LONG}”", "a quotation of two paragraphs"),
        (f"{LONG}\n\nThe Borset Trust had written in May to\n\nAda Vale, who did not answer.\n",
         "The Borset Trust had written in May to\n\nAda Vale, who did not answer.",
         "a line that ends in a small word"),
        (f"{LONG}\n\nThe call was graded\n\n/regraded twice in the night.\n",
         "The call was graded\n\n/regraded twice in the night.", "a line that begins with a mark"),
        (f"{LONG}\n\n{LONG} The plan may be:\nReading it;\nSigning it;\nKeeping it.\n",
         f"{LONG} The plan may be:\nReading it;\nSigning it;\nKeeping it.",
         "a list that lost its bullets and has semicolons"),
        (f"{LONG}\n\n{LONG}\n(4 ) {TWO}\n", f"(4 ) {TWO}", "a number with a space"),
    ],
)  # fmt: skip
def test_a_concern_ends_where_its_coroner_ended_it(text: str, last: str, why: str) -> None:
    assert found(text)[-1][1] == last, why


def test_the_heading_of_the_next_list_is_no_part_of_an_item() -> None:
    text = "1. No bed.\n2. No key.\n\nFor the school:\n1. No desk.\n2. No pen.\n"
    assert [words for _, words in found(text)][1] == "2. No key."


def test_a_heading_before_a_number_in_a_line_is_no_part_of_the_item_before() -> None:
    text = f"1. {ONE} For Borset Council 2. {TWO} For Borset Trust 3. No lamp was lit."
    assert [words for _, words in found(text)] == [f"1. {ONE}", f"2. {TWO}", "3. No lamp was lit."]


def test_closing_words_amid_paragraphs_go_with_the_paragraph_before() -> None:
    text = f"{LONG}\n\nI appreciate that nights are long.\n\n{TWO}\n\nI hope this helps.\n"
    assert [words for _, words in found(text)] == [
        f"{LONG}\n\nI appreciate that nights are long.",
        TWO,
    ]


def test_a_section_of_nothing_but_a_lead_in_states_no_concern() -> None:
    assert found("The evidence revealed matters that troubled me, as follows:") == []


def test_a_paragraph_broken_by_a_page_is_whole_and_has_its_heading() -> None:
    broken = "The inspectors of the lane had written to the Borset\n\nCouncil about its lamps."
    headed = "The gate\n\nNobody shut it in all of the year 2099, or said why."
    text = "\n\n".join((LONG, broken, LONG, headed))
    assert [words for _, words in found(text)] == [
        LONG,
        broken,
        LONG,
        headed,
    ]


def test_lines_of_a_list_that_lost_its_bullets_are_not_joined() -> None:
    lines = [
        "Large and growing delays for all who need a lamp",
        "No answer to letters about any lamp",
    ]
    text = "\n\n".join((*[LONG] * 5, *lines, "The lane stayed dark for years."))
    assert [words for _, words in found(text)][5:7] == lines


@pytest.mark.parametrize(
    "lead",
    ["My concerns are:", "The particular concerns are;", "I ask about the following issues:"],
)
def test_a_list_that_states_the_concerns_is_never_a_detail(lead: str) -> None:
    story = "The chart was blank all night. " * 20
    text = f"{story}\n\n{story}\n\n{story}\n\n{lead}\n\n1. {ONE}\n2. {TWO}\n"
    assert [number for number, _ in found(text)] == ["1", "2"]


def test_a_numbered_list_that_opens_the_section_is_the_concerns() -> None:
    story = "The chart was blank all night. " * 20
    assert found(f"1.{ONE}\n2.{TWO}\n\n{story}\n") == [("1", f"1.{ONE}"), ("2", f"2.{TWO}")]


def test_a_list_deep_in_one_long_line_is_a_detail() -> None:
    story = "The chart was blank all night. " * 90
    text = f"{story}The inquiry: (1) Was late; (2) Was brief. {ONE}"
    assert [number for number, _ in found(text)] == [None]


def test_concerns_begin_after_a_late_heading_of_their_own() -> None:
    story = "The chart was blank all night and nobody came to look at it."
    text = f"Preamble\n\n{story}\n\n{story}\n\nConcerns\n\n{story}\n\n{TWO} {TWO} {TWO}\n"
    assert [words for _, words in found(text)] == [story, f"{TWO} {TWO} {TWO}"]


@pytest.mark.parametrize(
    "opening",
    [
        "During the Inquest the evidence revealed matters giving rise a concern.",
        "For your information, the MATTERS OF CONCERN are as follows:",
        "The MATIERS OF CONCERN are as follows. - [BRIEF SUMMARY OF MATTERS OF CONCERN]",
        "The MATTERS OF CONCERN following the inquest into Ms Vale's death were as follows:",
        "The MATTERS OF CONCERN are as follows:\nDuring the inquest, evidence was heard that:",
    ],
)
def test_an_opening_with_slips_is_still_an_opening(opening: str) -> None:
    assert [words for _, words in found(f"{opening}\n\n{ONE}\n")] == [ONE]


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

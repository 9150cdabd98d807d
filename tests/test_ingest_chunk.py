"""Passages: every word in exactly one, none too long, none that says nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import concerns_of, split_passages
from ingest.sections import split_sections
from kb.documents import Kind, Passage, Section, SectionKind

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

OPENING = (
    "During the course of the inquest the evidence revealed matters giving rise to concern. In my "
    "opinion there is a risk that future deaths could occur unless action is taken. In the "
    "circumstances it is my statutory duty to report to you. The MATTERS OF CONCERN are as follows."
)
FORM = f"""REGULATION 28 REPORT TO PREVENT FUTURE DEATHS
THIS REPORT IS BEING SENT TO:
1. Borsetshire Council
1 CORONER
I am Ada Vale, senior coroner, for the coroner area of Borsetshire
2 CORONER'S LEGAL POWERS
I make this report under paragraph 7, Schedule 5, of the Coroners and Justice Act 2009 and
regulations 28 and 29 of the Coroners (Investigations) Regulations 2013.
4 CIRCUMSTANCES OF THE DEATH
The lane was dark.
5 CORONER'S CONCERNS
{OPENING}
(1) The lane was not lit.
(2) The council had no plan to light it.
6 ACTION SHOULD BE TAKEN
In my opinion action should be taken to prevent future deaths and I believe you have the power to
take such action.
7 YOUR RESPONSE
You are under a duty to respond to this report within 56 days of the date of this report, namely by
30 July 2099. I, the coroner, may extend the period.
8 COPIES and PUBLICATION
I have sent a copy of my report to the Chief Coroner and to the following Interested Persons:
Mr Sam Example
9 Dated 4 June 2099
Ada Vale
"""


def words(text: str) -> int:
    return len(text.split())


def passages(text: str, kind: Kind = Kind.REPORT, *, limit: int = 220) -> tuple[Passage, ...]:
    return split_passages(text, split_sections(text, kind), kind=kind, count=words, limit=limit)


def one_section(text: str, kind: SectionKind, heading: str = "", limit: int = 220) -> list[str]:
    section = Section(kind, heading, 0, len(text))
    found = split_passages(text, [section], kind=Kind.REPORT, count=words, limit=limit)
    return [passage.text for passage in found]


LINES = st.sampled_from(
    [
        *FORM.split("\n"),
        "## Summary",
        "1. A thing must be done by the ward",
        "2. A thing should be done by the school",
        "| | |",
        "202",
        "--\t---",
        "Dear Sir",
        "Yours sincerely",
        "word " * 60,
        "One. Two! Three? " * 9,
        "• a bullet",
        "",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(LINES, max_size=40).map("\n".join)),
    st.sampled_from(list(Kind)),
    st.integers(3, 60),
)
def test_every_word_stands_in_exactly_one_passage(text: str, kind: Kind, limit: int) -> None:
    sections = split_sections(text, kind)
    found = split_passages(text, sections, kind=kind, count=words, limit=limit)
    covered = bytearray(len(text))
    at = 0
    for passage in found:
        assert at <= passage.start < passage.end
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        section = sections[passage.section]
        assert section.start <= passage.start and passage.end <= section.end
        assert words(passage.text) <= limit
        assert any(map(str.isalpha, passage.text))
        covered[passage.start : passage.end] = b"1" * (passage.end - passage.start)
        at = passage.end
    lost = [m[0] for m in re.finditer(r"\S+", text) if not covered[m.start()]]
    assert not any(map(str.isalpha, "".join(lost)))


def test_a_concern_is_a_passage_with_its_number() -> None:
    found = [p for p in passages(FORM) if p.label]
    assert [(p.label, p.text) for p in found] == [
        ("1", "(1) The lane was not lit."),
        ("2", "(2) The council had no plan to light it."),
    ]


def test_concerns_are_those_of_the_concerns_sections() -> None:
    concerns = concerns_of(FORM, split_sections(FORM, Kind.REPORT))
    assert [FORM[c.start : c.end] for c in concerns] == [p.text for p in passages(FORM) if p.label]


def test_only_what_says_something_of_this_death_is_not_boilerplate() -> None:
    assert [p.text for p in passages(FORM) if not p.boilerplate] == [
        "4 CIRCUMSTANCES OF THE DEATH\nThe lane was dark.",
        "(1) The lane was not lit.",
        "(2) The council had no plan to light it.",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (SectionKind.ACTION, "In my opinion action should be taken to prevent future deaths and I "
         "believe you have the power to take such action.", True),
        (SectionKind.ACTION, "In my opinion action should be taken to prevent future deaths and I "
         "believe you have the power to take such action. The lane must be lit.", False),
        (SectionKind.RESPONSE_DUE, "You are under a duty to respond to this report within 56 days "
         "of the date of this report, namely by 3rd April 2099. I, the Coroner, may extend the "
         "period.", True),
        (SectionKind.CONCERNS, OPENING, True),
        (SectionKind.COPIES, "I have sent a copy of my report to the Chief Coroner, to Borset "
         "Council, to the family of the deceased and to the ward where he had been.", True),
        (SectionKind.ANSWER, "Please do not hesitate to contact me with any questions.", True),
        (SectionKind.ANSWER, "I would like to express my condolences to the family.", True),
        (SectionKind.ANSWER, "We lit the lane.", False),
        (SectionKind.SIGNATURE, "Yours sincerely\n\nChief Executive\nTel: 01 234", True),
        (SectionKind.SIGNATURE, "The lane is lit every night by lamps that the council bought in "
         "the spring of the year.", False),
        (SectionKind.CONCERNS, OPENING + " During the inquest, evidence was heard that:", True),
        (SectionKind.CONCERNS, OPENING + " The council had told nobody at all that the lane was "
         "dark, and the lamps stayed out all year.", False),
        (SectionKind.CONCERNS, "The council had no plan.", False),
        (SectionKind.CONCERNS, "You are under a duty to respond to this report within 56 days.",
         True),
        (SectionKind.CONCERNS, "Your response must contain details of action taken or proposed "
         "to be taken, setting out the timetable for action. Otherwise you must explain why no "
         "action is necessary.", True),
        (SectionKind.CONCERNS, "It is not for a coroner to tell you how to light a lane.", True),
        (SectionKind.CONCERNS, "A coroner may not make recommendations. I cannot be prescriptive "
         "about lamps.", True),
        (SectionKind.CONCERNS, "It is not for a coroner to tell you how. The lane was dark.",
         False),
        (SectionKind.CONCERNS, "I have sent a copy of this report to the Chief Coroner.", True),
        (SectionKind.RESPONSE_DUE, "You are under a duty to respond to this report by 3 April "
         "2099, since some days are holidays. I, Ada Vale, the Coroner, may extend the period.",
         True),
        (SectionKind.RESPONSE_DUE, "The council is asked to say how many of the lamps in the lane "
         "were lit in the winter of 2099.", False),
        (SectionKind.BODY, "The lane.", False),
    ],
)  # fmt: skip
def test_the_forms_words_are_boilerplate_and_others_are_not(
    kind: SectionKind, text: str, expected: bool
) -> None:
    section = Section(kind, "", 0, len(text))
    found = split_passages(text, [section], kind=Kind.RESPONSE, count=words)
    assert all(passage.boilerplate for passage in found) is expected


def test_an_opening_that_ends_in_a_lead_in_says_nothing() -> None:
    text = f"{OPENING}\nFor the Borset Council\n1. The lane was dark.\n2. The gate was open.\n"
    section = Section(SectionKind.CONCERNS, "", 0, len(text))
    found = split_passages(text, [section], kind=Kind.REPORT, count=words)
    assert [passage.boilerplate for passage in found] == [True, False, False]


def test_a_heading_goes_with_what_follows_it() -> None:
    assert one_section("## Lamps\n\nThe lane is lit.", SectionKind.ANSWER, "Lamps") == [
        "## Lamps\n\nThe lane is lit."
    ]


def test_a_heading_alone_is_kept_and_marked() -> None:
    section = Section(SectionKind.BODY, "Lamps", 0, 8)
    (passage,) = split_passages("## Lamps", [section], kind=Kind.OTHER, count=words)
    assert passage.text == "## Lamps"
    assert passage.boilerplate


def test_short_paragraphs_run_together_and_long_ones_do_not() -> None:
    short, long = "A few words here.", " ".join(["word"] * 140)
    assert one_section(f"{short}\n\n{short}\n\n{short}", SectionKind.BODY) == [
        f"{short}\n\n{short}\n\n{short}"
    ]
    assert one_section(f"{long}\n\n{long}", SectionKind.BODY) == [long, long]


def test_a_long_paragraph_is_divided_at_sentences_evenly() -> None:
    sentence = "The lamp of Dr. Vale was out again and nobody came."
    found = one_section(" ".join([sentence] * 30), SectionKind.BODY, limit=220)
    assert all(text.endswith("came.") and text.startswith("The lamp") for text in found)
    assert [words(text) for text in found] == [176, 154]


def test_a_sentence_without_end_is_divided_between_words() -> None:
    found = one_section(" ".join(f"w{n}" for n in range(500)), SectionKind.BODY, limit=220)
    assert " ".join(found).split() == [f"w{n}" for n in range(500)]
    assert max(map(words, found)) <= 220


def test_a_word_longer_than_the_limit_is_cut() -> None:
    section = Section(SectionKind.BODY, "", 0, 100)
    found = split_passages("x" * 100, [section], kind=Kind.OTHER, count=len, limit=30)
    assert "".join(p.text for p in found) == "x" * 100
    assert max(len(p.text) for p in found) <= 30


def test_a_long_concern_keeps_its_number_in_every_piece() -> None:
    text = "(1) " + "The lane was dark again that night. " * 60 + "\n(2) The gate was open.\n"
    section = Section(SectionKind.CONCERNS, "", 0, len(text))
    found = split_passages(text, [section], kind=Kind.REPORT, count=words)
    assert [p.label for p in found] == ["1", "1", "2"]


def test_numbered_answers_are_passages_of_their_own() -> None:
    text = "## Answers\n1. The lane is lit.\n2. The gate is shut.\n"
    found = passages(text, Kind.RESPONSE)
    assert [(p.label, p.text) for p in found] == [
        ("1", "## Answers\n1. The lane is lit."),
        ("2", "2. The gate is shut."),
    ]


def test_the_rows_of_a_recommendation_carry_its_number() -> None:
    row = "\t" + " ".join(["done"] * 100) + "\n"
    text = f"Action plan\n1. A ward must mend the gate\tX\n{row}{row}2. A ward must lock it\tY\n"
    found = passages(text, Kind.ACTION_PLAN)
    assert [p.label for p in found] == [None, "1", "1", "2"]


def test_passages_of_two_sections_are_never_mixed() -> None:
    text = "A few words. Another few."
    parts = [Section(SectionKind.SUMMARY, "", 0, 12), Section(SectionKind.BODY, "", 12, len(text))]
    found = split_passages(text, parts, kind=Kind.OTHER, count=words)
    assert [(p.section, p.text) for p in found] == [(0, "A few words."), (1, "Another few.")]


def test_a_passage_knows_the_page_on_which_it_begins() -> None:
    long = " ".join(["word"] * 150)
    text = f"{long}\n\n{long}\n\n{long}"
    section = Section(SectionKind.BODY, "", 0, len(text))
    starts = (0, len(long) + 2)
    with_pages = split_passages(text, [section], kind=Kind.OTHER, count=words, pages=starts)
    assert [p.page for p in with_pages] == [1, 2, 2]
    without = split_passages(text, [section], kind=Kind.OTHER, count=words)
    assert [p.page for p in without] == [None, None, None]


def test_empty_rows_and_lone_figures_are_no_passages() -> None:
    assert one_section("|  |  |\n\n202\n\n--\t---\n", SectionKind.BODY) == []
    assert passages("", Kind.OTHER) == ()


@pytest.mark.real_data
@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_the_real_documents_lose_no_word(path: Path) -> None:
    from ingest.classify import classify

    text = path.read_text(encoding="utf-8")
    found = passages(text, classify(text))
    covered = bytearray(len(text))
    for passage in found:
        covered[passage.start : passage.end] = b"1" * (passage.end - passage.start)
    assert [m[0] for m in re.finditer(r"[^\W\d_]+", text) if not covered[m.start()]] == []
    assert len(found) < len(text) / 250

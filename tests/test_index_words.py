"""From what a person typed to a safe FTS5 query, and back to the words in the text."""

import itertools
import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.words import Words, highlights, stem


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("ward not allocated", '"ward" OR "allocated"'),
        # writers differ over the hyphen, so both ways are searched for
        ("care co-ordinator", '"care" OR "coordinator" OR "co ordinator"'),
        ('"in-patient ward"', '("inpatient ward" OR "in patient ward")'),
        ("the who", '"the" OR "who"'),  # stop words alone are searched rather than nothing
        ('"risk assessment" ward', '("risk assessment")'),  # a phrase must stand
        ("“risk assessment”", '("risk assessment")'),  # as word processors quote
        ('" AND NOT (', '"and" OR "not"'),
        ("\0\n''", ""),
        ("", ""),
    ],
)
def test_a_question_becomes_a_query_of_its_own_words(typed: str, match: str) -> None:
    assert Words.of(typed).match == match


@given(st.text(max_size=300))
@example('"' * 999)
@example("\0\"'*^:(){}")
@example("NEAR(a b) AND col:x")
@example("😀 é ﬀ \ud7ff")
def test_no_question_can_break_the_search_table(typed: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter unicode61')")
    match = Words.of(typed).match
    if match:
        db.execute("SELECT * FROM t WHERE t MATCH ?", [match]).fetchall()


def test_a_very_long_question_keeps_its_first_words() -> None:
    words = Words.of(" ".join(f"word{n}" for n in range(5000)))
    assert len(words.content) == 64
    assert words.content[0] == "word0"


def test_the_words_asked_for_are_marked_in_any_inflection() -> None:
    text = "Risk assessments were not updated; the assessment of risk was late."
    marked = [text[a:b] for a, b in highlights(text, Words.of("risk assessment"))]
    assert marked == ["Risk assessments", "assessment", "risk"]


def test_a_word_is_marked_with_and_without_its_hyphen() -> None:
    text = "The Care Co-ordinator and the coordinators."
    marked = [text[a:b] for a, b in highlights(text, Words.of("care coordinator"))]
    assert marked == ["Care Co-ordinator", "coordinators"]


def test_marks_never_leave_the_text_and_never_overlap() -> None:
    text = "Coordinator, co-ordinator's and coordinators"
    spans = highlights(text, Words.of("coordinator"))
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


@pytest.mark.parametrize(("one", "other"), [("allocated", "allocation"), ("ward", "wards")])
def test_a_stem_joins_inflections(one: str, other: str) -> None:
    assert stem(one) == stem(other)

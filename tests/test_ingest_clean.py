"""Text is kept plain, whole and in paragraphs; cleaning twice is cleaning once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text, drop_furniture, reflow, reflow_pages, runs_on

QUIRKS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "\r\n\v\f\t\0\x7f\x85\x92 \xa0\xad\u200b\u2028\ufeffﬁﬃƟ\uf0b7&#;ampxlgt0123•"
        ),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("raw", "expected", "why"),
    [
        ("a\r\nb\rc\vd\fe\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng", "every line end is one kind"),
        ("a\0b\x08c\x1bd", "abcd", "control characters say nothing"),
        ("a\tb", "a\tb", "a tab parts the cells of a table"),
        ("ward\xa07,\u202fbed\u20092", "ward 7, bed 2", "odd spaces are spaces"),
        ("co\xador\u200bdi\ufeffna\u200dtor", "coordinator", "unseen characters part no words"),
        ("ﬁt for oﬃce, ﬂat, oﬀ, ﬄ", "fit for office, flat, off, ffl", "ligatures"),
        ("invesƟgaƟon maƩers seƫng", "investigation matters setting", "Calibri's joined letters"),
        ("\uf0b7 one\n\uf0a7 two", "• one\n• two", "bullets of Symbol and Wingdings"),
        ("\x7f one\n  \x7f two\x7f", "• one\n  • two", "a bullet whose font was lost"),
        (
            "the trust\x92s plan \x96 late\x85",
            "the trust’s plan – late…",
            "Windows text as Latin-1",
        ),
        ("lone \ud800 half", "lone  half", "half a character cannot be stored"),
        ("a  \n \t \nb ", "a\n\nb", "spaces at the end of lines"),
        ("a\t\t\nb", "a\t\t\nb", "empty cells at a row's end are cells"),
        ("a\n\n\n\nb", "a\n\nb", "three blank lines become one"),
        ("a\n\n\nb", "a\n\n\nb", "two blank lines stay"),
        ("\n\n a \n\n", " a", "nothing before and after"),
        ("&amp; stays", "&amp; stays", "entities are decoded only on request"),
        ("", "", "nothing"),
    ],
)
def test_text_is_made_plain(raw: str, expected: str, why: str) -> None:
    assert clean_text(raw) == expected, why


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Vale&#xa0;and&#160;Marsh", "Vale and Marsh"),
        ("Vale &amp; Marsh", "Vale & Marsh"),
        ("2099 &#8211; 0001", "2099 – 0001"),
        ("2099 &amp;#8211; 0001", "2099 – 0001"),
        ("O&#x2019;Vale", "O’Vale"),
        ("no &such; thing, R&D; AT&T", "no &such; thing, R&D; AT&T"),
        ("a&#13;b&#0;", "a\nb�"),
    ],
)
def test_entities_left_in_a_cell_are_decoded_to_the_end(raw: str, expected: str) -> None:
    assert clean_text(raw, entities=True) == expected


@given(QUIRKS, st.booleans())
def test_cleaning_clean_text_changes_nothing(raw: str, entities: bool) -> None:
    once = clean_text(raw, entities=entities)
    assert clean_text(once, entities=entities) == once


@given(QUIRKS)
def test_clean_text_can_be_stored_and_holds_no_control_characters(raw: str) -> None:
    text = clean_text(raw)
    text.encode("utf-8")
    assert not [c for c in text if c < " " and c not in "\n\t"]


FULL = "The coordinator was away for the whole of the month and nobody else was told of her"


@pytest.mark.parametrize(
    ("lines", "expected", "why"),
    [
        ([FULL, "absence."], [f"{FULL} absence."], "a line in lower case goes on"),
        ([FULL, "Absence Policy."], [f"{FULL} Absence Policy."], "the word had no room above"),
        (["Amber Ward", "Vale Hospital", FULL], ["Amber Ward", "Vale Hospital", FULL], "address"),
        ([f"{FULL}.", "Nobody"], [f"{FULL}.", "Nobody"], "a sentence's end may end a paragraph"),
        ([f"{FULL} to Dr.", "Vale"], [f"{FULL} to Dr. Vale"], "a title's full stop ends nothing"),
        ([FULL, "(2) Late."], [FULL, "(2) Late."], "a number in brackets begins an item"),
        ([FULL, "iv) Late."], [FULL, "iv) Late."], "a Roman number begins an item"),
        ([FULL, "• Late."], [FULL, "• Late."], "a bullet begins an item"),
        ([FULL, "o Late."], [FULL, "o Late."], "a hollow bullet is often an o"),
        ([FULL, "28 May 2099."], [f"{FULL} 28 May 2099."], "a date is no list number"),
        ([FULL, "2099 Regulations."], [f"{FULL} 2099 Regulations."], "a year is no list number"),
        ([FULL, "6 ACTION SHOULD BE TAKEN"], [FULL, "6 ACTION SHOULD BE TAKEN"], "a heading"),
        ([FULL, "Coroner’s concerns"], [FULL, "Coroner’s concerns"], "a heading in lower case"),
        (["CONCERNS", "were raised", FULL], ["CONCERNS", "were raised", FULL], "after a heading"),
        (["as follows:", "staffing", FULL], ["as follows:", "staffing", FULL], "a list announced"),
        ([FULL, "9", "by her"], [FULL, "9", "by her"], "a number alone is the form's"),
        ([FULL, "", "absence."], [FULL, "", "absence."], "a blank line parts paragraphs"),
        (["self-", "harm"], ["self-harm"], "the hyphen is the writer's own"),
        (["treat-", "ment", "treatment"], ["treatment treatment"], "the whole word stands below"),
        (["A plan -", "late"], ["A plan - late"], "a dash is no hyphen"),
    ],
)
def test_wrapped_lines_become_paragraphs(lines: list[str], expected: list[str], why: str) -> None:
    assert reflow("\n".join(lines)).split("\n") == expected, why


def test_a_word_broken_at_a_line_end_is_known_from_another_page() -> None:
    assert reflow_pages(["treat-\nment", "treatment"]) == ["treatment", "treatment"]


def test_the_lines_of_a_signature_page_are_measured_by_the_other_pages() -> None:
    assert reflow_pages([FULL, "9 26 May 2099\nBo Marsh"])[1] == "9 26 May 2099\nBo Marsh"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Nobody was", "named.", True),
        ("Nobody was", "Named persons", False),
        ("as follows:", "staffing", False),
        ("1 CORONER", "am", False),
        ("Nobody was", "", False),
    ],
)
def test_a_sentence_runs_on_over_a_page_in_lower_case(
    before: str, after: str, expected: bool
) -> None:
    assert runs_on(f"First line.\n{before}", f"{after}\nlast line") is expected


@given(st.lists(st.text(alphabet="abAB .:;()1•", max_size=30)))
def test_reflow_keeps_every_word_in_order(lines: list[str]) -> None:
    page = "\n".join(lines)
    assert reflow(page).split() == page.split()


def test_a_page_number_at_the_foot_is_dropped_where_most_pages_have_their_own() -> None:
    assert drop_furniture(["one", "two\n2", "three\nPage 3 of 3"]) == ["one", "two", "three"]


def test_a_number_of_the_form_on_a_line_of_its_own_is_not_a_page_number() -> None:
    pages = ["one", "2\nCORONER’S LEGAL POWERS", "text", "more"]
    assert drop_furniture(pages) == pages


def test_a_running_head_stays_on_its_first_page_and_a_foot_on_its_last() -> None:
    pages = [f"Vale Trust action plan\nbody {word}\nDraft 4" for word in ("one", "two", "three")]
    assert drop_furniture(pages) == [
        "Vale Trust action plan\nbody one",
        "body two",
        "body three\nDraft 4",
    ]


def test_a_line_on_two_pages_only_is_not_furniture() -> None:
    pages = ["Recommendation\none", "Recommendation\ntwo", "three"]
    assert drop_furniture(pages) == pages

"""Words of the form: found fast, and never at the price of missing them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.wording import certain_words, is_form_words, skip_openers, table

PHRASES = [*table("wording")["form"], *table("wording")["furniture"]]


@pytest.mark.parametrize(
    ("pattern", "expected", "why"),
    [
        ("the lamp is lit", "the lamp is lit", "all of it always stands"),
        ("(?:the )?lamps? (?:is|are) out", "lamp", "a group and what '?' follows may be missing"),
        ("(?:a (?:b )?)?lamp", "lamp", "a group may hold another"),
        ("lam[pb]", "lam", "a class is one of several"),
        (r"\(lamp\)", "lamp", "an escaped bracket opens no group"),
        ("lamp .{2,80}?lit", "lamp ", "what is counted may be anything"),
        ("lamp|light", "", "one or the other"),
        ("(?:lamp|light)", "", "nothing outside the group"),
    ],
)
def test_certain_words_stand_in_all_that_a_pattern_matches(
    pattern: str, expected: str, why: str
) -> None:
    assert certain_words(pattern) == expected, why


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PHRASES), st.data())
def test_no_phrase_of_the_form_matches_without_its_certain_words(
    phrase: str, data: st.DataObject
) -> None:
    written = data.draw(st.from_regex(phrase, fullmatch=True))
    assert certain_words(phrase) in written.casefold()


@pytest.mark.parametrize("phrase", PHRASES)
def test_hardly_a_phrase_must_be_tried_on_every_text(phrase: str) -> None:
    assert certain_words(phrase)


def test_a_phrase_of_the_form_is_found_in_any_case_and_with_any_spaces() -> None:
    assert is_form_words("In MY opinion,\n there is a   RISK that future deaths will occur "
                         "unless action is taken.")  # fmt: skip
    assert not is_form_words("In my opinion there is a lamp.")


def test_an_opening_ends_at_the_same_word_however_its_spaces_run() -> None:
    opening = "The  matters of \n concern   are as  follows.   "
    text = f"{opening}The lamp is out."
    assert text[skip_openers(text, 0, len(text)) :] == "The lamp is out."
    assert re.sub(r"\s+", " ", opening).strip() == "The matters of concern are as follows."

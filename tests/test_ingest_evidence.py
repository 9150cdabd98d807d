"""The words shown as evidence: long enough to judge by, short enough to read."""

import pytest

from ingest.evidence import LEAST_EVIDENCE, LONGEST_EVIDENCE, evidence

LONG = (
    "the ward had followed its own rota for many months of that year, and national policies, which "
    "had been sent to every manager in the region in the spring, were kept in a drawer by the door "
    "of the office, where the night staff of the agency never saw them, although they asked twice."
)


def shown(text: str, words: str) -> str:
    start = text.index(words)
    first, last = evidence(text, (0, len(text)), start, start + len(words))
    return text[first:last]


def test_a_sentence_of_usual_length_is_shown_whole() -> None:
    text = "no care coordinator was allocated to her in march."
    assert shown(text, "coordinator") == text


def test_of_a_long_sentence_the_clause_is_shown() -> None:
    found = shown(LONG, "night staff")
    assert found == "where the night staff of the agency never saw them, although they asked twice."


def test_a_clause_that_says_too_little_is_shown_with_its_neighbours() -> None:
    found = shown(LONG, "national policies")
    assert LEAST_EVIDENCE <= len(found) <= LONGEST_EVIDENCE
    assert found.startswith("and national policies, which had been sent")


@pytest.mark.parametrize("words", ["the ward", "policies", "drawer", "twice."])
def test_the_words_that_earned_a_theme_are_always_within_what_is_shown(words: str) -> None:
    assert words in shown(LONG, words)
    assert words in shown(LONG.replace(",", ""), words)

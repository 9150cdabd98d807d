"""A pasted text read into its concerns."""

import pytest

from ingest.packing import size
from ingest.pasted import read_pasted
from tests import invented
from tests.library_for_tests import read_concerns

LONG = " ".join(f"On day {n} nobody on the ward had read the plan of care." for n in range(400))


def test_of_a_whole_report_only_the_concerns_are_read() -> None:
    found = read_concerns(invented.report())
    assert [one.label for one in found] == ["1", "2"]
    assert invented.COORDINATOR in found[0].text and invented.STAFFING in found[1].text


@pytest.mark.parametrize(
    ("text", "labels", "why"),
    [
        ("The family was not told of the discharge.", [None], "a sentence is one concern"),
        ("1. The rota was short.\n2. Nobody read the plan.", ["1", "2"], "an extract's numbers"),
        ("• The rota was short.\n• Nobody read the plan.", [None, None], "an extract's bullets"),
        (
            "The rota was short at night, for weeks.\n\nNobody had read the plan of care.",
            [None, None],
            "else its paragraphs",
        ),
        ("", [], "nothing at all"),
        ("a", [], "one letter says nothing"),
        ("\0\0", [], "nor do NULs"),
        ("😀 😀", [], "nor emoji"),
        ("😀 The rota was short.", [None], "which may stand beside words"),
        (
            "In the circumstances it is my statutory duty to report to you.",
            [],
            "standard wording of the form",
        ),
    ],
)
def test_a_text_is_read_by_what_parts_it(text: str, labels: list[str | None], why: str) -> None:
    assert [one.label for one in read_concerns(text)] == labels, why


def test_what_is_too_long_for_the_model_is_cut_at_sentences() -> None:
    (one,) = read_concerns(f"{LONG[:2400]}.")
    assert len(one.parts) > 1
    assert all(part.endswith(".") and len(part.split()) <= 220 for part in one.parts)
    assert " ".join(one.parts).split() == one.text.split()


def test_nothing_of_the_text_is_remembered() -> None:
    read_concerns(invented.report())
    assert size.cache_info().currsize == 0


def test_what_is_much_too_long_is_several_concerns() -> None:
    found = read_concerns(LONG)
    assert len(found) > 4
    assert {one.parts for one in found} == {(one.text,) for one in found}


def test_recommendations_of_a_plan_are_read_where_there_are_no_concerns() -> None:
    text = "# Recommendations\n\n1. Name a care coordinator.\n2. Fill the nine posts.\n"
    found = read_pasted(text, count=lambda words: len(words.split()))
    assert [one.text for one in found] == ["1. Name a care coordinator.", "2. Fill the nine posts."]

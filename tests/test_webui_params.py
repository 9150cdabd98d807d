"""From an address to a question and back."""

import pytest

from kb.errors import UsageError
from kb.queries import Filters
from webui.params import Asked, asked


def test_an_address_becomes_a_question() -> None:
    question = asked({"q": "plan", "kind": "report", "from": "2098", "to": "2099-03", "page": "3"})
    assert question.text == "plan"
    assert question.filters == Filters(kind="report", from_date="2098", to_date="2099-03")
    assert (question.query.offset, question.query.limit, question.query.per_document) == (20, 10, 3)


def test_a_question_becomes_the_same_address_again() -> None:
    args = {"q": "plan", "theme": "staffing", "organisation": "A & B", "from": "2098"}
    assert asked(args).args() == args


def test_a_changed_filter_leads_to_the_first_page() -> None:
    question = asked({"q": "plan", "theme": "staffing", "page": "4"})
    assert question.args(theme=None, year="2099") == {"q": "plan", "year": "2099"}
    assert question.args(page=5) == {"q": "plan", "theme": "staffing", "page": 5}


def test_blank_parameters_are_no_filters() -> None:
    assert asked({"q": " ", "kind": "", "from": "", "page": ""}) == Asked(
        text="", filters=Filters(), page=1
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"page": "abc"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "0"}, "page"),
        ({"page": "1000000000"}, "page"),
        ({"page": "٣"}, "page"),  # a digit to Python, not to an address
        ({"kind": "novel"}, "no kind"),
        ({"theme": "weather"}, "no theme"),
        ({"section": "chapter"}, "no part"),
        ({"from": "last year"}, "not a date"),
        ({"year": "99"}, "not a date"),
        ({"area": "x" * 301}, "too long"),
    ],
)
def test_a_value_that_cannot_be_gets_a_sentence(args: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(args)
    assert words in caught.value.sentence
    assert len(caught.value.sentence) < 1_000


def test_control_characters_count_as_spaces() -> None:
    assert asked({"q": "care\x00\n plan\x7f"}).text == "care  plan"


def test_a_question_of_many_words_is_clipped_and_says_so() -> None:
    question = asked({"q": "plan " * 2_000})
    assert (len(question.text), question.clipped) == (1_000, True)
    assert not asked({"q": "plan"}).clipped


def test_filters_are_named_in_words() -> None:
    chips = asked({"kind": "action_plan", "theme": "staffing", "to": "2099-03"}).chips()
    assert [(chip.label, chip.words) for chip in chips] == [
        ("Kind", "Action plan"),
        ("Theme", "Staffing"),
        ("To", "March 2099"),
    ]

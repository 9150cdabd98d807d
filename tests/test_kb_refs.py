"""Refs, slugs, docnos and partial dates."""

import pytest

from kb.refs import docno_of_name, is_partial_date, normalise_ref, passage_key, slug_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2099-0135", "2099-0135"),
        ("2099 – 0396", "2099-0396"),  # spaced dash
        ("\xa02099-0396", "2099-0396"),  # a non-breaking space in front
        ("2099-0135A", "2099-0135A"),
        ("2099 – 0102(a)", "2099-0102A"),  # letter in brackets, lower case
        ("2099-046", "2099-0046"),  # three digits
        ("Ref: 2099-0123 of the register", "2099-0123"),
        ("12099-0123", None),  # five digits are no year
        ("", None),
        ("no ref", None),
    ],
)
def test_a_ref_is_read_in_any_of_its_spellings(written: str, expected: str | None) -> None:
    assert normalise_ref(written) == expected


def test_the_slug_is_the_last_part_of_an_address_whatever_its_case_and_slash() -> None:
    assert slug_of("https://example.org/reports/Jo-Example/") == "jo-example"
    assert slug_of(" https://example.org/reports/jo-example?x=1 ") == "jo-example"


def test_what_is_no_address_has_no_slug() -> None:
    assert slug_of("http://[") == ""


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("letter", "letter"),
        ("../../etc/passwd", "etc-passwd"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("a b\nc", "a-b-c"),
    ],
)
def test_a_hostile_file_name_becomes_a_harmless_docno(stem: str, expected: str) -> None:
    assert docno_of_name(stem) == expected


def test_files_without_a_usable_name_do_not_meet() -> None:
    assert docno_of_name("???") != docno_of_name("!!!")


@pytest.mark.parametrize("value", ["2099", "2099-01", "2099-12-31"])
def test_a_partial_date_stays_partial(value: str) -> None:
    assert is_partial_date(value)


@pytest.mark.parametrize("value", ["", "99", "2099-13", "2099-00", "2099-01-32", "31/12/2099"])
def test_other_spellings_are_no_dates(value: str) -> None:
    assert not is_partial_date(value)


def test_a_passage_keeps_its_key_while_its_words_stay() -> None:
    assert passage_key("a", "words") == passage_key("a", "words")
    assert len({passage_key("a", "words"), passage_key("b", "words"), passage_key("a", "w")}) == 3
    assert passage_key("a", "words", 1) != passage_key("a", "words")

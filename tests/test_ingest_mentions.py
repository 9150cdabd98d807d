"""Who is only named in a text: read exactly, placed, and never guessed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mentions import mentions, named_in
from kb.documents import Document, Party, Role, SectionKind
from tests.library_for_tests import Say, document

CQC = "Care Quality Commission"


def names(text: str) -> list[str]:
    return [name for _, _, name in named_in(text, 0, len(text))]


def form(*said: Say, parties: tuple[Party, ...] = ()) -> Document:
    return document(
        "form",
        parties=parties,
        parts=[
            (SectionKind.SENT_TO, "SENT TO", [Say("Kent Police, Northmoor.")]),
            (SectionKind.CONCERNS, "CONCERNS", said),
        ],
    )


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("The Care Quality Commission was told.", [CQC], "the register's name"),
        ("It was inspected by the CQC in 2098.", [CQC], "initials that mean one body"),
        ("The Care Quality\nCommission was told.", [CQC], "a line end inside a name"),
        ("The Care Quality\n\nCommission", [], "a paragraph's end is none"),
        ("It is Kent Police's duty.", ["Kent Police"], "a genitive"),
        ("Police found it. Kent Police's men.", ["Kent Police"], "a genitive after a stop"),
        ("Both Ofsted and Kent Police knew.", ["Ofsted", "Kent Police"], "two bodies joined"),
        ("HMP LEWES", ["HMP Lewes"], "capitals throughout"),
        (
            "Department for Digital, Culture, Media & Sport",
            ["Department for Digital, Culture, Media and Sport"],
            "the commas of the name itself",
        ),
        ("Kent, Police", [], "a comma that the name has not"),
    ],
)
def test_a_body_of_the_register_is_found_where_it_is_named(
    text: str, expected: list[str], why: str
) -> None:
    assert names(text) == expected, why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The Trust and the Council were told by the Board.", "stands for any of many"),
        ("Northmoor Partnership NHS Foundation Trust", "not in the register"),
        ("The MCA assessment and a DBS check were missing.", "an act and a check, no agencies"),
        ("The Monitor showed it; they were told to Send help.", "words, and names of bodies"),
        ("She worked from a home office at the priory group.", "small letters are no name"),
        ("The Kent Police Federation wrote.", "the beginning of a longer name"),
        ("The West Kent Police wrote.", "the end of a longer name"),
        ("A volunteer of the Dale Canal and River Trust wrote.", "another body's name before it"),
        ("Northmoor and Kent Police wrote.", "one force, perhaps, of two counties"),
        ("He lived in Plymouth, Torbay and South Devon.", "a place, though trusts are called so"),
        ("The ward's Clinical Quality Committee (CQC) met.", "the text's own meaning of initials"),
        ("I have sent a copy to the Chief Coroner.", "words of every form"),
    ],
)
def test_what_is_not_certainly_a_body_is_not_guessed(text: str, why: str) -> None:
    assert names(text) == [], why


def test_a_name_with_other_commas_is_not_the_shorter_name_at_its_end() -> None:
    whole = "Cumbria, Northumberland, Tyne and Wear NHS Foundation Trust"
    assert names(whole) == [whole]
    assert names(whole.replace("Northumberland,", "Northumberland")) == []


def test_initials_count_where_the_text_explains_them_as_the_body_itself() -> None:
    assert names("The Care Quality Commission (CQC) wrote. The CQC met.") == [CQC] * 3


def test_a_mention_stands_once_with_the_place_of_its_first_words() -> None:
    held = form(Say("The CQC was told.", label="1"), Say("The Care Quality Commission was told."))
    (found,) = mentions(held)
    assert (found.role, found.name, found.written) == (Role.MENTIONED, CQC, "CQC")
    assert held.text[found.start : found.end] == "CQC"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MENTIONED])
def test_who_has_another_role_is_not_mentioned_as_well(role: Role) -> None:
    said = Say("The CQC was told.")
    assert mentions(form(said))
    assert mentions(form(said, parties=(Party(role, "C.Q.C.", CQC),))) == ()


def test_standard_wording_and_the_list_of_recipients_mention_nobody() -> None:
    assert mentions(form(Say("A copy goes to the CQC.", boilerplate=True))) == ()


def test_a_document_without_text_mentions_nobody() -> None:
    assert mentions(document("details")) == ()


@given(st.lists(st.sampled_from(["Kent", "Police", "the", "CQC", ",", "(", "&", "\n", "’s", "-"])))
def test_every_mention_is_a_slice_of_its_text_and_none_overlap(words: list[str]) -> None:
    text = " ".join(words)
    after = 0
    for start, end, name in named_in(text, 0, len(text)):
        assert after <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert name in {"Kent Police", CQC}
        after = end


@pytest.mark.parametrize(
    "words",
    [
        "The nurse of Northmoor told the Care Quality Commission that no plan was held. ",
        "Royal College of Royal College of Royal College of ",
        "NHS NHS NHS NHS (CQC ",
        "A" * 50,
        "A-",
    ],
)
def test_a_long_text_is_read_in_milliseconds(words: str) -> None:
    text = (words * 2_000)[:100_000]
    names("warm")
    began = time.process_time()
    names(text)
    # Ten times as long as a long report; the bound is loose, and of the processor alone.
    assert time.process_time() - began < 0.5

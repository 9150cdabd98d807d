"""Recipients as forms and exports write them, and when two names are one organisation."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.organisations import organisation_key
from ingest.recipients import split_recipients
from kb.documents import Role

SHARED = Path(__file__).resolve().parents[2] / "shared"


def names(written: str) -> list[str]:
    return [party.name for party in split_recipients(written)]


@pytest.mark.parametrize(
    "name",
    [
        "University Hospitals of Derby and Burton NHS Foundation Trust",
        "Department of Health and Social Care",
        "Kent and Medway NHS and Social Care Partnership Trust",
        "Royal College of Obstetricians and Gynaecologists",
        "Driver and Vehicle Standards Agency",
        "HM Prison and Probation Service",
        "Tees, Esk and Wear Valleys NHS Foundation Trust",
        "Barking, Havering and Redbridge University Hospitals NHS Trust",
        "Department for Environment, Food and Rural Affairs",
        "Health and Safety Executive",
        "Local Government Association",
        "Marks and Example Ltd",
    ],
)
def test_a_name_with_and_or_comma_is_one_name(name: str) -> None:
    assert names(name) == [name]


@pytest.mark.parametrize(
    ("written", "expected", "why"),
    [
        ("A Trust | B Council", ["A Trust", "B Council"], "bars"),
        ("A Trust; B Council", ["A Trust", "B Council"], "semicolons"),
        ("A Trust\nB Council", ["A Trust", "B Council"], "lines"),
        ("1. A Trust 2. B Council 1", ["A Trust", "B Council"], "numbers in a line, a page number"),
        ("(1) A Trust (2) B Council", ["A Trust", "B Council"], "bracketed numbers"),
        ("1 A Trust 2 B Council 1", ["A Trust", "B Council"], "bare numbers"),
        ("A Trust,B Council", ["A Trust", "B Council"], "a comma without a space"),
        ("A NHS Trust and B County Council", ["A NHS Trust", "B County Council"], "two bodies"),
        ("A Trust and the Department for Transport", ["A Trust", "Department for Transport"], ""),
        ("Chief Executive, A NHS Trust", ["A NHS Trust"], "a job title"),
        ("Chief Executive of A NHS Trust", ["A NHS Trust"], "a job title with of"),
        ("Chief Executive – A County Council", ["A County Council"], "a job title with a dash"),
        ("Ms B. Example, Chief Executive, A NHS Trust", ["A NHS Trust"], "a person"),
        ("[REDACTED], Medical Director, A NHS Trust", ["A NHS Trust"], "a redacted person"),
        ("Head of Highways, A County Council", ["A County Council"], "a head of something"),
        ("A County Council, Highways Department", ["A County Council"], "a part of a council"),
        ("A Police Church Lane Example BN1 2DZ", ["A Police"], "an address without commas"),
        ("A NHS Trust, 5 High Street, Example, EX1 2AB", ["A NHS Trust"], "an address"),
        ("Example Road Surgery", ["Example Road Surgery"], "a street in a surgery's name"),
        ("Chief Constable of Borsetshire", ["Borsetshire Police"], "a force by its chief"),
        ("The Chief Constable, A Constabulary", ["A Constabulary"], "a force by its own name"),
        ("Secretary of State for Transport", ["Department for Transport"], "a minister"),
        (
            "Rt Hon B. Example MP, Secretary of State for Health, Department of Health",
            ["Department of Health and Social Care"],
            "a minister and his department are one",
        ),
        ("Minister of State for Prisons", ["Ministry of Justice"], "a junior minister"),
        ("MoJ", ["Ministry of Justice"], "initials"),
        ("Care Quality Commission (CQC)", ["Care Quality Commission"], "name and initials"),
        ("THIS REPORT IS BEING SENT TO:\n1. A NHS Trust", ["A NHS Trust"], "the form's heading"),
        ("A NHS Trust | A NHS trust | The A NHS Trust", ["A NHS Trust"], "one body three times"),
        ("NHS | Social Care | A NHS Trust", ["A NHS Trust"], "fragments of a scraper"),
        ("1. The wife of Mr Example 2. A NHS Trust", ["A NHS Trust"], "a relative"),
        ("Exampletown Deliveries", ["Exampletown Deliveries"], "no word tells that it is a body"),
        ("[REDACTED]", [], "nothing is left"),
        ("", [], "blank"),
    ],
)  # fmt: skip
def test_recipients_are_organisations_alone(written: str, expected: list[str], why: str) -> None:
    assert names(written) == expected, why


def test_lines_of_an_address_are_no_recipients() -> None:
    written = (
        "1 The Right Honourable B. Example MP\nSecretary of State for Health and Social Care\n"
        "39 Example Street\nLondon\nSW1A 0AA\n2 Mrs C. Example\nChief Executive for NHS England\n"
        "PO Box 1\nExampletown\nEX1 2AB\n"
    )
    assert names(written) == ["Department of Health and Social Care", "NHS England"]


def test_a_party_keeps_the_words_as_written() -> None:
    (party,) = split_recipients("1. Chief Executive, A NHS Trust, 5 High Street")
    assert party.role is Role.RECIPIENT
    assert party.written == "Chief Executive, A NHS Trust, 5 High Street"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The A & B NHS Trust", "a and b nhs trust"),
        ("Example Ltd.", "EXAMPLE LIMITED"),
        ("St. Example's Hospital", "St Examples Hospital"),
        ("Department for Health & Social Care", "DHSC"),
        ("A Foundation Trust", "A NHS Foundation Trust"),
        ("NHS England & NHS Improvement", "NHSE"),
        ("National Police Chiefs’ Council", "NPCC"),
        ("A Trust (AT)", "A Trust"),
        ("A NHS FT", "A NHS Foundation Trust"),
    ],
)
def test_two_spellings_of_one_organisation_have_one_key(one: str, two: str) -> None:
    assert organisation_key(one) == organisation_key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("A NHS Trust", "A NHS Foundation Trust"),
        ("A County Council", "A City Council"),
        ("Kent NHS Trust", "Kent and Medway NHS Trust"),
        ("Public Health England", "NHS England"),
        ("Highways England", "National Highways"),
    ],
)
def test_two_organisations_keep_two_keys(one: str, two: str) -> None:
    assert organisation_key(one) != organisation_key(two)


@settings(deadline=None)
@given(st.text(alphabet="12.()|;, \nABTrust andNHSCouncil[]&", max_size=80))
def test_any_words_give_parties_with_names_each_once(written: str) -> None:
    keys = [organisation_key(name) for name in names(written)]
    assert all(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.real_data
def test_published_recipients_are_nearly_all_read() -> None:
    path = SHARED / "data" / "reports" / "tracker_reports.csv"
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [row["this_report_is_being_sent_to"] for row in csv.DictReader(file)]
    stated = [words for words in written if words.strip()]
    read = [split_recipients(words) for words in stated]
    assert sum(bool(parties) for parties in read) / len(stated) > 0.98
    keys = [organisation_key(party.name) for parties in read for party in parties]
    assert keys.count("department of health and social care") > 400

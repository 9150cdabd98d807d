"""Which body a name means, and which names are left to a person."""

import csv
import functools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.organisations import (
    names_along,
    names_in,
    organisation_key,
    plain_key,
    registered,
    spellings,
)
from ingest.recipient_pieces import is_scraped
from ingest.recipients import split_recipients
from ingest.resolve import resolve, review_queue
from ingest.wording import table
from kb.documents import Party
from kb.organisations import ambiguous_names, organisations

SHARED = Path(__file__).resolve().parents[2] / "shared"


def names(written: str) -> list[str]:
    return [party.name for party in split_recipients(written)]


@pytest.mark.parametrize(
    ("written", "expected", "how"),
    [
        ("Oxleas NHS Foundation Trust", "Oxleas NHS Foundation Trust", "name"),
        ("the oxleas nhs foundation trust.", "Oxleas NHS Foundation Trust", "name"),
        ("Oxleas NHS Trust", "Oxleas NHS Foundation Trust", "alias"),
        ("Oxleas Foundation NHS Trust", "Oxleas NHS Foundation Trust", "alias"),
        ("CQC", "Care Quality Commission", "alias"),
        ("Care Quality Commission (CQC)", "Care Quality Commission", "alias"),
        ("NHS Devon ICB", "NHS Devon Integrated Care Board", "alias"),
        ("Oldham CCG", "NHS Oldham Clinical Commissioning Group", "alias"),
        ("Barnet Council", "London Borough of Barnet", "alias"),
        ("Kent Constabulary", "Kent Police", "alias"),
        ("H.M. Prison Lincoln", "HMP Lincoln", "alias"),
        ("HMP & YOI Doncaster", "HMP Doncaster", "alias"),
        ("Calderdale and Hudersfield NHS Trust", "Calderdale and Huddersfield NHS Foundation Trust",
         "fuzzy"),
        ("North Middlesex University Hopsital NHS Trust",
         "North Middlesex University Hospital NHS Trust", "fuzzy"),
        ("Association Ambulance Chief Executives", "Association of Ambulance Chief Executives",
         "fuzzy"),
    ],
)  # fmt: skip
def test_a_name_is_resolved_and_says_how(written: str, expected: str, how: str) -> None:
    resolution = resolve(written)
    assert resolution.name == expected
    assert resolution.how == how
    assert resolution.candidates == ()
    assert not resolution.uncertain


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("South East London NHS Foundation Trust", "south is not north"),
        ("West Lincolnshire Police", "a point of the compass in front of a name"),
        ("Essex Partnership Council", "a trust is no council"),
        ("Wessex Partnership University NHS Foundation Trust", "Wessex is no slip for Essex"),
        ("Hertfordshire and Worcestershire Health and Care NHS Trust", "no slip for Hereford"),
        ("Leicestershire Community Health Services NHS Trust", "no slip for Lincolnshire"),
        ("Kent NHS Trust", "a word less is another body"),
        ("Surrey NHS Trust", "a word less could be three bodies"),
        ("Avon and Somerset Mental Health Partnership NHS Trust", "another county"),
        ("Bedford Hospital", "a hospital outlives its trust"),
        ("England", "one word of a name"),
        ("Borsetshire County Council", "unknown"),
        ("Queen Elizabeth Hospital", "there are four"),
        ("", "nothing"),
    ],
)
def test_a_name_that_may_be_another_body_is_never_guessed(written: str, why: str) -> None:
    resolution = resolve(written)
    assert resolution.found is None, why
    assert resolution.how is None
    assert resolution.name == written


def test_the_register_never_resolves_one_of_its_own_names_to_another_body() -> None:
    for one in organisations().values():
        assert resolve(one.name).found is one
        assert all(resolve(alias).found is one for alias in one.aliases), one.name


def test_a_misspelled_name_that_is_left_open_has_its_candidates() -> None:
    resolution = resolve("Aneurin Bevan University Heath Board")
    assert resolution.uncertain
    assert resolution.candidates[0].name == "Aneurin Bevan University Health Board"
    assert 84 <= resolution.score < 100


def test_an_ambiguous_name_brings_those_it_may_mean() -> None:
    assert {one.name for one in resolve("The Queen's Hospital").candidates} == {
        "Barking, Havering and Redbridge University Hospitals NHS Trust",
        "University Hospitals of Derby and Burton NHS Foundation Trust",
    }


def test_the_review_queue_has_each_doubt_once_the_most_frequent_first() -> None:
    queue = review_queue(
        ["HMP Woddhill", "Queen's Hospital", "Queens Hospital", "CQC", "Borsetshire Surgery"]
    )
    assert [(doubt.name, doubt.mentions) for doubt in queue] == [
        ("Queen's Hospital", 2),
        ("HMP Woddhill", 1),
    ]
    assert queue[1].candidates[0].name == "HMP Woodhill"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Highways England", "National Highways"),
        ("Department of Health", "Department of Health and Social Care"),
        ("Public Health England", "UK Health Security Agency"),
        ("Oldham CCG", "NHS Greater Manchester ICB"),
        ("West London Mental Health NHS Trust", "West London NHS Trust"),
    ],
)
def test_a_predecessor_counts_under_its_own_name(one: str, two: str) -> None:
    assert organisation_key(one) != organisation_key(two)


def test_a_spelling_that_two_bodies_could_claim_belongs_to_neither() -> None:
    # "Somerset Council" took over from "Somerset County Council", whose short form it is.
    known = registered("Somerset Council")
    assert known is not None
    assert known.name == "Somerset Council"
    for name in ambiguous_names():
        assert plain_key(name) not in spellings()


@pytest.mark.parametrize(
    ("line", "expected", "rest"),
    [
        ("NHS England", ["NHS England"], ""),
        ("Chief Executive NHS England Wellington House", ["NHS England"], ""),
        ("Kent Police Care Quality Commission", ["Kent Police", "Care Quality Commission"], ""),
        ("Kent Police and Kent County Council", ["Kent Police", "Kent County Council"], ""),
        ("Kent County Council and Example Ltd", ["Kent County Council"], "Example Ltd"),
        ("Head of TfL Legal", ["Transport for London"], ""),
        ("the National Police Chiefs' Council's lead", ["National Police Chiefs' Council"], ""),
        ("Kent Police Federation", [], "Kent Police Federation"),
        ("Kent Police and Crime Panel", [], "Kent Police and Crime Panel"),
        ("North West London NHS Trust", [], "North West London NHS Trust"),
        ("NHS England of Example", [], "NHS England of Example"),
        ("Kent County Council Safeguarding Board", [], "Kent County Council Safeguarding Board"),
        ("Send", [], "Send"),
    ],
)
def test_names_that_stand_along_a_line(line: str, expected: list[str], rest: str) -> None:
    assert names_along(line) == (expected, rest)


@given(st.text(alphabet="NHS England and KtPolicCQ'&,.() ", max_size=60))
def test_a_name_in_a_line_is_where_it_is_said_to_be(line: str) -> None:
    for start, end, name in names_in(line):
        known = registered(line[start:end]) or registered(line[start:end].removesuffix("'s"))
        assert known is not None
        assert known.name == name


@pytest.mark.parametrize(
    ("written", "expected", "why"),
    [
        ("Chief Executive (Kent County Council)", ["Kent County Council"], "a body in brackets"),
        ("Chief Constable Example Person", [], "a chief constable's name is no force"),
        ("Chief Constable Kent", ["Kent Police"], "a chief constable's place is one"),
        ("The Home Secretary", ["Home Office"], "a minister by a short title"),
        ("B. Example MS, Minister for Health", ["Welsh Government"], "a minister of the Senedd"),
        ("SoS for Transport", ["Department for Transport"], "an abbreviated minister"),
        ("Royal London Hospital, Barts Health NHS Trust", ["Barts Health NHS Trust"],
         "a hospital is its trust's address"),
        ("Ms B. Example MP", [], "a person"),
        ("Consultant Surgeon", [], "a job without a body"),
        ("Highways Department", [], "which council's is not said"),
        ("<span>Kent Police</span>", ["Kent Police"], "tags of a web page"),
        ("Tees, Esk & Wear Valleys NHS Trust", ["Tees, Esk and Wear Valleys NHS Foundation Trust"],
         "commas inside a name"),
    ],
)  # fmt: skip
def test_recipients_are_read_with_the_help_of_the_register(
    written: str, expected: list[str], why: str
) -> None:
    assert names(written) == expected, why


@pytest.mark.parametrize(
    ("written", "expected", "why"),
    [
        ("Oxleas NHS Trust|NHS|Oxleas NHS Foundation Trust", ["Oxleas NHS Foundation Trust"],
         "two spellings of one"),
        ("North East London NHS Foundation Trust|East London NHS Trust",
         ["North East London NHS Foundation Trust"], "a piece of a longer name"),
        ("Example Regulatory Agency|Example Care Home|Care Agency",
         ["Example Regulatory Agency", "Example Care Home"], "a name made of two others"),
        ("Department of Health|Social Care|Department of Health and Social Care",
         ["Department of Health and Social Care"], "a department cut in two"),
        ("Kent Police|Kent County Council", ["Kent Police", "Kent County Council"], "two bodies"),
    ],
)  # fmt: skip
def test_pieces_of_names_in_a_scraped_list_are_no_recipients(
    written: str, expected: list[str], why: str
) -> None:
    assert names(written) == expected, why


def test_two_bodies_that_a_person_listed_are_both_kept() -> None:
    written = "North East London NHS Foundation Trust | East London NHS Foundation Trust"
    assert len(names(written)) == 2


@pytest.mark.parametrize(
    ("written", "scraped"),
    [
        ("A Trust|B Council", True),
        ("A Trust,B Council,C Police", True),
        ("A Trust | B Council", False),
        ("A Trust; B Council", False),
        ("A Trust, 5 High Street,Example", False),
    ],
)
def test_a_scraped_list_is_told_by_how_it_is_joined(written: str, scraped: bool) -> None:
    assert is_scraped(written) is scraped


@functools.cache
def published() -> list[tuple[Party, ...]]:
    """Return the recipients of every row of both exports."""
    csv.field_size_limit(10**9)
    columns = {
        "tracker_reports.csv": "this_report_is_being_sent_to",
        "toolkit_reports.csv": "receiver",
    }
    read = []
    for file_name, column in columns.items():
        path = SHARED / "data" / "reports" / file_name
        if not path.exists():
            pytest.skip(f"{file_name} is not beside the checkout")
        with path.open(encoding="utf-8-sig", newline="") as file:
            read += [split_recipients(row[column]) for row in csv.DictReader(file)]
    return read


@pytest.mark.real_data
def test_every_recipient_of_three_or_more_rows_is_in_the_register() -> None:
    counts = Counter(organisation_key(party.name) for row in published() for party in row)
    ambiguous = {organisation_key(name) for name in ambiguous_names()}
    fragments = set(table("organisations")["fragments"])
    missing = [
        key
        for key, times in counts.items()
        if times >= 3 and not registered(key) and key not in ambiguous | fragments
    ]
    assert missing == []
    known = sum(times for key, times in counts.items() if registered(key))
    assert known / counts.total() > 0.78


@pytest.mark.real_data
def test_misspellings_among_the_published_recipients_are_few_and_near() -> None:
    written = {party.name for row in published() for party in row}
    assert all(resolve(name).how in ("name", None) for name in written)
    queue = review_queue(party.name for row in published() for party in row)
    assert 50 < len(queue) < 200

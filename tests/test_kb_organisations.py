"""The register of organisations: what it says, and that it does not contradict itself."""

import re
from collections import Counter

import pytest

from kb.organisations import (
    Organisation,
    OrganisationKind,
    ambiguous_names,
    organisation,
    organisations,
    predecessors,
    successors,
)
from kb.refs import is_partial_date
from kb.settings import corpus_folder


def found(name: str) -> Organisation:
    one = organisation(name)
    assert one is not None, name
    return one


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Oxleas NHS Foundation Trust", OrganisationKind.NHS_TRUST),
        ("Yorkshire Ambulance Service NHS Trust", OrganisationKind.AMBULANCE_TRUST),
        ("Powys Teaching Health Board", OrganisationKind.HEALTH_BOARD),
        ("NHS Devon Integrated Care Board", OrganisationKind.ICB),
        ("NHS Devon Clinical Commissioning Group", OrganisationKind.CCG),
        ("Devon County Council", OrganisationKind.COUNCIL),
        ("Kent Police", OrganisationKind.POLICE),
        ("London Fire Brigade", OrganisationKind.FIRE_SERVICE),
        ("HMP Lincoln", OrganisationKind.PRISON),
        ("Probation Service", OrganisationKind.PROBATION),
        ("Home Office", OrganisationKind.GOVERNMENT_DEPARTMENT),
        ("Care Quality Commission", OrganisationKind.REGULATOR),
        ("NHS England", OrganisationKind.ARMS_LENGTH_BODY),
        ("Priory Group", OrganisationKind.PRIVATE_PROVIDER),
        ("Royal College of Nursing", OrganisationKind.PROFESSIONAL_BODY),
        ("Samaritans", OrganisationKind.CHARITY),
        ("Royal London Hospital", OrganisationKind.HOSPITAL),
        ("Chief Coroner", OrganisationKind.OTHER),
    ],
)
def test_a_body_has_a_kind(name: str, kind: OrganisationKind) -> None:
    assert found(name).kind is kind


@pytest.mark.parametrize("kind", OrganisationKind)
def test_every_kind_is_used_and_has_words_for_people(kind: OrganisationKind) -> None:
    assert any(one.kind is kind for one in organisations().values())
    assert "_" not in kind.label
    assert kind.label[0].isupper()


@pytest.mark.parametrize(
    ("name", "year", "successor"),
    [
        ("Department of Health", "2018", "Department of Health and Social Care"),
        ("Highways England", "2021", "National Highways"),
        ("Public Health England", "2021", "UK Health Security Agency"),
        ("National Offender Management Service", "2017", "HM Prison and Probation Service"),
        (
            "NHS Oldham Clinical Commissioning Group",
            "2022",
            "NHS Greater Manchester Integrated Care Board",
        ),
        (
            "Worcestershire Health and Care NHS Trust",
            "2020",
            "Herefordshire and Worcestershire Health and Care NHS Trust",
        ),
    ],
)
def test_a_predecessor_names_who_came_after_and_when(name: str, year: str, successor: str) -> None:
    one = found(name)
    assert one.successor == successor
    assert one.until is not None
    assert one.until[:4] == year
    assert one in predecessors(successor)


def test_successors_lead_to_the_body_of_today() -> None:
    names = [each.name for each in successors(found("Highways Agency"))]
    assert names == ["Highways England", "National Highways"]
    assert successors(found("National Highways")) == ()


def test_an_unknown_name_is_none() -> None:
    assert organisation("Borsetshire NHS Trust") is None
    assert predecessors("Borsetshire NHS Trust") == ()


def test_every_successor_is_in_the_register_and_no_line_of_them_is_a_circle() -> None:
    for one in organisations().values():
        assert one.successor is None or one.successor in organisations(), one.name
        assert one not in successors(one)
        assert one.successor is None or one.until, f"{one.name} has a successor but no end"


def test_dates_are_partial_dates_and_in_order() -> None:
    for one in organisations().values():
        dates = [date for date in (one.since, one.until) if date is not None]
        assert all(isinstance(date, str) and is_partial_date(date) for date in dates), one.name
        assert dates == sorted(dates), one.name
        for later in successors(one)[:1]:
            assert not (later.until and one.until) or one.until <= later.until, one.name


def test_no_spelling_belongs_to_two_bodies() -> None:
    spelled = Counter(
        spelling.casefold()
        for one in organisations().values()
        for spelling in (one.name, *one.aliases)
    )
    assert [spelling for spelling, times in spelled.items() if times > 1] == []


def test_no_body_stands_twice_in_the_file() -> None:
    # A YAML reader keeps the last of two equal keys in silence.
    text = (corpus_folder() / "organisations.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^    ([^#\s].*?): \{", text.split("\nambiguous:")[0], re.MULTILINE)
    assert len(entries) == len(set(entries)) == len(organisations())


def test_an_ambiguous_name_is_no_name_of_the_register() -> None:
    spelled = {
        spelling.casefold()
        for one in organisations().values()
        for spelling in (one.name, *one.aliases)
    }
    for name, candidates in ambiguous_names().items():
        assert name.casefold() not in spelled
        assert candidates

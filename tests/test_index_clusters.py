"""Recurring concerns: counted by distinct reports and organisations, nothing forced in."""

import numpy as np

from index.clusters import group
from kb.clusters import band
from kb.store.clusters import ConcernUnit


def unit(
    passage: int, document: int, text: str, *organisations: int, year: str = "2099"
) -> ConcernUnit:
    return ConcernUnit(
        passage_id=passage,
        document_id=document,
        text=text,
        year=year,
        organisations=frozenset(organisations),
    )


NEAR = np.array([1.0, 0.0, 0.0], dtype=np.float32)
FAR = np.array([0.0, 1.0, 0.0], dtype=np.float32)
ALONE = np.array([0.0, 0.0, 1.0], dtype=np.float32)


def test_a_group_counts_distinct_reports_and_organisations_and_not_passages() -> None:
    units = [
        unit(1, 1, "ligature point unnoticed", 7, year="2097"),
        unit(2, 1, "ligature point unnoticed again", 7, year="2097"),
        unit(3, 2, "ligature point left", 7, 8, year="2099"),
        unit(4, 3, "discharge letter lost", 9),
    ]
    (found,) = group(units, np.stack([NEAR, NEAR, NEAR, FAR]))
    assert (found.reports, found.organisations, len(found.members)) == (2, 2, 3)
    assert (found.first_year, found.last_year) == ("2097", "2099")
    assert found.band == "emerging"


def test_one_report_sent_to_five_bodies_is_one_report_and_recurs_nowhere() -> None:
    units = [unit(1, 1, "same words", 1, 2, 3, 4, 5), unit(2, 1, "same words", 1, 2, 3, 4, 5)]
    assert group(units, np.stack([NEAR, NEAR])) == []


def test_a_concern_unlike_all_others_is_left_out() -> None:
    units = [unit(1, 1, "first"), unit(2, 2, "second"), unit(3, 3, "third")]
    (found,) = group(units, np.stack([NEAR, NEAR, ALONE]))
    assert {passage for passage, _ in found.members} == {1, 2}


def test_a_group_is_named_by_the_words_its_reports_share() -> None:
    units = [
        unit(1, 1, "the ligature point was known"),
        unit(2, 2, "a ligature point remained"),
        unit(3, 3, "discharge letter never posted"),
        unit(4, 4, "discharge letter went astray"),
    ]
    labels = {c.label for c in group(units, np.stack([NEAR, NEAR, FAR, FAR]))}
    assert any("ligature point" in label for label in labels)
    assert any("discharge letter" in label for label in labels)


def test_too_few_concerns_make_no_group() -> None:
    assert group([], np.zeros((0, 3), dtype=np.float32)) == []
    assert group([unit(1, 1, "only one")], np.stack([NEAR])) == []


def test_the_bands_are_counted_by_reports() -> None:
    assert [band(n) for n in (1, 2, 3, 4, 5, 9, 10, 60)] == [
        "isolated",
        "emerging",
        "recurring",
        "recurring",
        "established",
        "established",
        "entrenched",
        "entrenched",
    ]

"""The codebook: what is in it and how it is asked."""

from collections import Counter

import pytest

from kb.errors import UnknownFilterValue
from kb.themes import theme, themes


def test_the_codebook_has_26_themes_in_6_groups() -> None:
    groups = Counter(entry.group for entry in themes().values())
    assert groups == {
        "A Coordination and pathway": 6,
        "B Assessment and treatment": 6,
        "C Law, rights, safeguarding": 5,
        "D Information": 3,
        "E Workforce and resources": 3,
        "F Governance and learning": 3,
    }


def test_groups_stand_together_and_in_order() -> None:
    groups = [entry.group for entry in themes().values()]
    assert groups == sorted(groups)


def test_five_themes_are_starred() -> None:
    assert [entry.key for entry in themes().values() if entry.starred] == [
        "care_coordination",
        "discharge",
        "risk_assessment",
        "amhp_escalation",
        "staffing",
    ]


def test_every_theme_is_named_once_and_defined_in_whole_sentences() -> None:
    entries = list(themes().values())
    assert len({entry.name for entry in entries}) == 26
    for entry in entries:
        for words in filter(None, (entry.definition, entry.excludes)):
            assert words[0].isupper(), entry.key
            assert words.endswith("."), entry.key
            assert "\n" not in words, entry.key


def test_an_unknown_theme_is_refused_with_the_themes_there_are() -> None:
    with pytest.raises(
        UnknownFilterValue, match=r"no theme 'weather'.*care_coordination.*discharge"
    ):
        theme("weather")


def test_a_theme_is_found_by_its_key() -> None:
    assert theme("amhp_escalation").group.startswith("C ")

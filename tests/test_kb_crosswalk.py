"""The crosswalk: whole, of known themes only, and with terms that can be read."""

import pytest

from kb.crosswalk import Likeness, crosswalk
from kb.themes import themes


def test_every_theme_stands_in_the_crosswalk_and_every_key_is_a_theme() -> None:
    assert list(crosswalk().themes) == list(themes())


@pytest.mark.parametrize("key", themes())
def test_a_theme_has_a_term_and_no_term_twice(key: str) -> None:
    terms = [(one.frame.key, one.term) for one in crosswalk().themes[key]]
    assert terms and len(terms) == len(set(terms))


def test_every_frame_is_used_and_says_what_it_is_of() -> None:
    used = {one.frame.key for terms in crosswalk().themes.values() for one in terms}
    assert used == set(crosswalk().frames)
    assert all(frame.about and frame.name for frame in crosswalk().frames.values())


def test_a_term_that_means_the_same_as_one_theme_means_the_same_as_no_other() -> None:
    same = [
        (one.frame.key, one.term)
        for terms in crosswalk().themes.values()
        for one in terms
        if one.match is Likeness.EXACT
    ]
    assert len(same) == len(set(same))

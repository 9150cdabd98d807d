"""Who tags a library: another tagger tags everything anew, and what editors said stays."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.tag import CueTagger
from ingest.tagging import complete_tags
from kb.documents import SectionKind
from kb.settings import Home
from kb.store import Store
from kb.store.judgements import Verdict, judge
from kb.tagging import Taggable
from kb.themes import TagSource, ThemeTag
from tests import invented
from tests.invented import read_in, report


class EveryPassage:
    """Tags whatever can show a theme with one theme."""

    fingerprint = "every-passage"

    def __init__(self) -> None:
        self.asked: list[Taggable] = []

    def tag(self, passages: Sequence[Taggable]) -> list[tuple[ThemeTag, ...]]:
        self.asked += passages
        tag = ThemeTag(theme="training", score=0.9, start=0, end=2, source=TagSource.MODEL)
        return [() if one.boilerplate else (tag,) for one in passages]


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Home:
    """One report, tagged by cues."""
    read_in(home, invented.write(tmp_path / "in", trust=report()))
    return home


def tagged(home: Home) -> list[tuple[str, str, str]]:
    """Return (section, theme, source) of every tag held."""
    with Store.reading(home) as store:
        return store.db.execute(
            "SELECT p.section_kind, t.theme, t.source FROM tags t"
            " JOIN passages p ON p.id = t.passage_id ORDER BY 1, 2, 3"
        ).fetchall()


def completed(home: Home, tagger: EveryPassage | CueTagger) -> int:
    with Store.writing(home, purpose="test") as store:
        return complete_tags(store, tagger, progress=lambda done, total, share: None)


def test_the_tagger_that_read_the_library_has_nothing_to_do(library: Home) -> None:
    assert completed(library, CueTagger()) == 0


def test_another_tagger_takes_the_place_of_the_first_and_is_not_asked_twice(library: Home) -> None:
    assert tagged(library)
    tagger = EveryPassage()
    assert completed(library, tagger) == len(tagger.asked) > 0
    assert {(theme, source) for _, theme, source in tagged(library)} == {("training", "model")}
    assert completed(library, tagger) == 0


def test_the_story_of_a_death_earns_no_theme_whoever_tags(library: Home) -> None:
    completed(library, EveryPassage())
    sections = {section for section, _, _ in tagged(library)}
    assert SectionKind.CONCERNS in sections
    assert not sections & {SectionKind.CIRCUMSTANCES, SectionKind.INVESTIGATION}


def test_what_an_editor_said_stays_when_another_tagger_comes(library: Home) -> None:
    with Store.writing(library, purpose="test") as store, store.db.atomic():
        (key,) = store.db.execute(
            "SELECT key FROM passages WHERE section_kind = 'concerns' AND NOT boilerplate"
        ).fetchone()
        judge(store.db, key, "staffing", Verdict.ADD, who="Robin Invented")
    completed(library, EveryPassage())
    assert ("concerns", "staffing", "editor") in tagged(library)

"""An editor's word on a theme: it outranks the software, and survives tagging and reading anew."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.search import Searcher
from ingest.labels import read_labels
from kb.cli import run
from kb.encoder import WordHashEncoder
from kb.errors import NotHeld, UnknownFilterValue, UsageError
from kb.queries import Filters, SearchQuery
from kb.settings import Home
from kb.store import Store, documents, judgements, passages
from kb.store.judgements import Verdict
from kb.store.tables import status, theme_table
from kb.store.tags import replace_tags
from kb.store.verify import verify
from kb.themes import TagSource, ThemeTag
from tests.library_for_tests import (
    COORDINATOR,
    EVERY,
    FULL,
    PREAMBLE,
    RECURRING,
    Say,
    document,
    key_of,
    write_library,
)

KEY = key_of(FULL, COORDINATOR)
THEME = "care_coordination"
WHO = "Robin Invented"


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """A library that may be written."""
    write_library(home, *EVERY)
    with Store.writing(home, purpose="test") as opened:
        yield opened


def shown(store: Store, key: str = KEY) -> dict[str, TagSource]:
    return {tag.theme: tag.source for tag in passages.passage(store.db, key).tags}


def judge(store: Store, verdict: Verdict, theme: str = THEME, key: str = KEY) -> None:
    judgements.judge(store.db, key, theme, verdict, who=WHO)


def test_a_rejected_tag_leaves_search_facets_counts_and_the_passage(store: Store) -> None:
    before = theme_table(store.db, by="year").totals[THEME]
    circumstances = FULL.passages[1].text
    judge(store, Verdict.REJECT)
    judge(store, Verdict.REJECT, key=key_of(FULL, circumstances))
    assert THEME not in shown(store)
    assert theme_table(store.db, by="year").totals[THEME] == before - 1
    found = Searcher(WordHashEncoder()).search(
        store, SearchQuery(filters=Filters(theme=THEME), limit=50)
    )
    assert "full-report" not in {hit.docno for hit in found.hits}
    assert {v.value: v.count for v in found.facets["theme"]}[THEME] == found.documents
    assert status(store.db)["themes"][THEME] == found.total
    assert verify(store.db) == []


def test_a_confirmed_tag_stands_once_and_is_the_editor_s(store: Store) -> None:
    judge(store, Verdict.CONFIRM)
    tags = [t for t in passages.passage(store.db, KEY).tags if t.theme == THEME]
    assert [(t.source, COORDINATOR[t.start : t.end]) for t in tags] == [
        (TagSource.EDITOR, "care coordinator")
    ]


def test_an_added_theme_counts_and_points_to_the_words_given(store: Store) -> None:
    span = (COORDINATOR.index("nobody"), len(COORDINATOR))
    judgements.judge(store.db, KEY, "safety_care_plan", Verdict.ADD, who=WHO, span=span)
    (tag,) = [t for t in passages.passage(store.db, KEY).tags if t.theme == "safety_care_plan"]
    assert COORDINATOR[tag.start : tag.end] == "nobody held the plan."
    assert theme_table(store.db, by="year").totals["safety_care_plan"] == 1


def test_a_theme_that_the_software_found_is_confirmed_rather_than_added(store: Store) -> None:
    assert judgements.judge(store.db, KEY, THEME, Verdict.ADD, who=WHO).verdict is Verdict.CONFIRM


@pytest.mark.parametrize("verdict", [Verdict.CONFIRM, Verdict.REJECT])
def test_undoing_lets_the_software_s_tag_stand_again(store: Store, verdict: Verdict) -> None:
    judge(store, verdict)
    judgements.undo(store.db, KEY, THEME)
    assert shown(store)[THEME] is TagSource.RULE
    assert judgements.of_passages(store.db, [KEY]) == {}


def test_undoing_an_added_theme_takes_it_away(store: Store) -> None:
    judge(store, Verdict.ADD, "training")
    judgements.undo(store.db, KEY, "training")
    assert "training" not in shown(store)


def test_a_later_word_replaces_an_earlier_one(store: Store) -> None:
    judge(store, Verdict.REJECT)
    judge(store, Verdict.CONFIRM)
    assert shown(store)[THEME] is TagSource.EDITOR
    (one,) = judgements.of_passages(store.db, [KEY])[KEY]
    assert (one.verdict, one.who) == (Verdict.CONFIRM, WHO)
    assert one.at.endswith("+00:00")


def test_judgements_outlive_new_tagging(store: Store) -> None:
    judge(store, Verdict.REJECT)
    judge(store, Verdict.ADD, "training")
    row = passages.passage(store.db, KEY)
    model = TagSource.MODEL
    tags = [ThemeTag(theme=t, score=0.7, start=0, end=5, source=model) for t in (THEME, "staffing")]
    with store.db.atomic():
        replace_tags(store.db, {row.id: tags})
    assert shown(store) == {"staffing": model, "training": TagSource.EDITOR}


def test_judgements_outlive_reading_anew_wherever_the_passage_then_stands(store: Store) -> None:
    judge(store, Verdict.REJECT)
    judge(store, Verdict.ADD, "training")
    kind, heading = FULL.sections[2].kind, FULL.sections[2].heading
    said = [Say("A new first concern."), Say(COORDINATOR, {THEME: "allocated"})]
    moved = document("full-report", parts=[(kind, heading, said)])
    with store.db.atomic():
        documents.write_document(store.db, moved, organisation_key=str.lower)
    assert shown(store) == {"training": TagSource.EDITOR}


def test_a_judgement_is_of_the_words_it_was_given_for(store: Store) -> None:
    judge(store, Verdict.REJECT)
    kind, heading = FULL.sections[2].kind, FULL.sections[2].heading
    other = COORDINATOR.replace("eleven", "twelve")
    changed = document("full-report", parts=[(kind, heading, [Say(other, {THEME: "allocated"})])])
    with store.db.atomic():
        documents.write_document(store.db, changed, organisation_key=str.lower)
    assert shown(store, key_of(FULL, other)) == {THEME: TagSource.RULE}
    with store.db.atomic():
        documents.write_document(store.db, FULL, organisation_key=str.lower)
    assert THEME not in shown(store)


def test_the_same_words_in_another_document_are_judged_apart(store: Store) -> None:
    twin = replace(FULL, docno="twin-report")
    with store.db.atomic():
        documents.write_document(store.db, twin, organisation_key=str.lower)
    judge(store, Verdict.REJECT)
    assert THEME in shown(store, key_of(twin, COORDINATOR))


@pytest.mark.parametrize(
    ("key", "theme", "verdict", "error", "words"),
    [
        ("0" * 12, THEME, Verdict.REJECT, NotHeld, "does not hold that passage"),
        (KEY, "weather", Verdict.ADD, UnknownFilterValue, "no theme 'weather'"),
        (KEY, "own:none", Verdict.ADD, UnknownFilterValue, "no theme 'own:none'"),
        (KEY, "training", Verdict.REJECT, UsageError, "nothing to reject"),
        (KEY, "training", Verdict.CONFIRM, UsageError, "nothing to confirm"),
        (key_of(FULL, PREAMBLE), THEME, Verdict.ADD, UsageError, "standard wording"),
    ],
)
def test_what_cannot_be_judged_so_is_refused_with_a_sentence(
    store: Store, key: str, theme: str, verdict: Verdict, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        judge(store, verdict, theme, key)


@pytest.mark.parametrize("span", [(-1, 4), (4, 4), (0, 9_999)])
def test_evidence_outside_the_passage_is_refused(store: Store, span: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="within the passage"):
        judgements.judge(store.db, KEY, THEME, Verdict.CONFIRM, who=WHO, span=span)


def test_a_judgement_needs_a_name(store: Store) -> None:
    with pytest.raises(UsageError, match="who"):
        judgements.judge(store.db, KEY, THEME, Verdict.CONFIRM, who="  ")


def test_the_tally_counts_verdicts_of_passages_that_are_held(store: Store) -> None:
    judge(store, Verdict.REJECT)
    judge(store, Verdict.CONFIRM, "staffing", key_of(FULL, RECURRING))
    judge(store, Verdict.ADD, "staffing")
    tally = judgements.tally(store.db)
    assert (tally[THEME].precision, tally["staffing"].precision) == (0.0, 1.0)
    assert tally["staffing"].add == 1
    with store.db.atomic():
        documents.remove_document(store.db, "full-report")
    assert judgements.tally(store.db) == {}


def test_the_command_judges_and_its_labels_can_be_trained_on(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_library(home, *EVERY)
    target = tmp_path / "labels.jsonl"
    at = ["--home", str(home.root)]
    judge = [*at, "judge", KEY]
    assert run([*judge, THEME, "reject", "--who", WHO]) == 0
    assert run([*judge, "training", "add", "--start", "0", "--end", "21", "--who", WHO]) == 0
    assert run([*judge, "staffing", "add", "--who", WHO]) == 0
    assert run([*judge, "staffing", "undo"]) == 0
    assert run([*judge, "staffing", "add", "--start", "3"]) == 2
    assert run([*at, "labels", "--output", str(target)]) == 0
    (label,) = map(json.loads, target.read_text().splitlines())
    assert label == {
        "id": KEY,
        "report": "full-report",
        "text": COORDINATOR,
        "themes": ["training"],
        "rejected": [THEME],
    }
    (read,) = read_labels(target)
    assert (read.text, read.themes, read.report) == (COORDINATOR, {"training"}, "full-report")
    assert f"care_coordination is rejected by {WHO}" in capsys.readouterr().out

"""Facts kept between searches are those of the library as it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.known import Known
from kb.settings import Home
from kb.store import Store, documents, judgements
from kb.store.judgements import Verdict
from tests.library_for_tests import COORDINATOR, EVERY, FULL, document, key_of, write_library

THEME = "care_coordination"
KEY = key_of(FULL, COORDINATOR)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    write_library(home, *EVERY)
    with Store.writing(home, purpose="test") as opened:
        yield opened


def number(store: Store, key: str = KEY) -> int:
    return int(store.db.execute("SELECT id FROM passages WHERE key = ?", [key]).fetchone()[0])


def themes(known: Known, store: Store) -> set[str]:
    at = number(store)
    return set(known.passages(store, [at])[at].themes)


def test_what_is_known_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known()
    first = known.passages(store, [number(store)])
    monkeypatch.setattr("index.known.facts.of_passages", lambda *_: pytest.fail("read again"))
    assert known.passages(store, [number(store)]) == first


def test_an_editor_s_word_is_known_at_the_next_search(store: Store) -> None:
    known = Known()
    assert THEME in themes(known, store)
    judgements.judge(store.db, KEY, THEME, Verdict.REJECT, who="Robin Invented")
    assert THEME not in themes(known, store)
    judgements.undo(store.db, KEY, THEME)
    assert THEME in themes(known, store)


def test_a_document_taken_out_is_not_known_any_more(store: Store) -> None:
    known, at = Known(), number(store)
    (document,) = (one.document for one in known.passages(store, [at]).values())
    assert known.documents(store, [document])
    with store.db.atomic():
        documents.remove_document(store.db, FULL.docno)
    assert known.documents(store, [document]) == {}
    assert known.passages(store, [at]) == {}


def test_a_theme_s_score_in_a_document_is_its_surest_passage_s(store: Store) -> None:
    at = number(store)
    store.db.execute("UPDATE tags SET score = 0.7 WHERE passage_id = ?", [at])
    known = Known()
    document = known.passages(store, [at])[at].document
    wanted = store.db.execute(
        "SELECT max(t.score) FROM tags t JOIN passages p ON p.id = t.passage_id"
        " WHERE p.document_id = ? AND t.theme = ? AND t.rejected = 0",
        [document, THEME],
    ).fetchone()[0]
    assert known.documents(store, [document])[document].themes[THEME] == wanted


def test_no_more_is_kept_than_wanted_and_answers_stay_whole(store: Store) -> None:
    ids = [row[0] for row in store.db.execute("SELECT id FROM passages ORDER BY id")]
    known, every = Known(most_kept=2), Known()
    for one in ids:
        known.passages(store, [one])
    assert known.passages(store, ids) == every.passages(store, ids)


def test_another_library_of_equal_age_is_never_answered_from_the_first(tmp_path: Path) -> None:
    known, seen = Known(), []
    for name, date in (("one", "2088-01-01"), ("other", "2099-01-01")):
        home = Home(tmp_path / name)
        write_library(home, document("letter", date=date))
        with Store.reading(home) as store:
            seen += [one.year for one in known.documents(store, [1]).values()]
    assert seen == ["2088", "2099"]

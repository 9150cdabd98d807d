"""Themes that users define: found at once, in new documents too, and never among the codebook's."""

import json
from collections.abc import Iterator

import pytest

from index.search import Searcher
from ingest.own_themes import LIKENESS, add_own_theme, renew_own_themes
from ingest.pipeline import write_whole
from kb.cli import run
from kb.encoder import WordHashEncoder
from kb.errors import NotHeld, UnknownFilterValue, UsageError
from kb.own_themes import OwnTheme, own_theme
from kb.queries import Filters, SearchQuery
from kb.refs import text_hash
from kb.settings import Home
from kb.store import Store, judgements, meta, own_themes, passages
from kb.store.judgements import Verdict
from kb.store.tags import replace_tags
from kb.store.verify import verify
from kb.themes import TagSource, themes
from tests.library_for_tests import (
    EVERY,
    FULL,
    HOSTILE,
    RECURRING,
    REWRITTEN,
    Say,
    document,
    key_of,
    write_library,
)

ALONE = key_of(FULL, RECURRING)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """A library that may be written."""
    write_library(home, *EVERY)
    with Store.writing(home, purpose="test") as opened:
        yield opened


def lone(**values: object) -> OwnTheme:
    given = {"name": "Lone working", "definition": "", "cues": ["left one nurse alone"]}
    return own_theme(**({"examples": [], "who": "Robin"} | given | values))  # type: ignore[arg-type]


def tagged(store: Store, key: str) -> list[str]:
    """Return the evidence for an own theme in every passage that shows it."""
    rows = store.db.execute(
        "SELECT substr(p.text, t.start + 1, t.end - t.start) FROM tags t JOIN passages p"
        " ON p.id = t.passage_id WHERE t.theme = ? AND t.rejected = 0 ORDER BY p.id",
        [key],
    )
    return [row[0] for row in rows]


def test_a_cue_finds_its_passages_at_once_and_the_evidence_is_its_sentence(store: Store) -> None:
    assert add_own_theme(store, lone()) == 3
    assert tagged(store, "own:lone-working") == [RECURRING] * 3
    assert {t.source for t in passages.passage(store.db, ALONE).tags} == {TagSource.RULE}
    assert verify(store.db) == []


@pytest.mark.parametrize(
    ("cue", "found"),
    [
        ("ONE NURSE", 3),
        ("one-nurse", 3),
        ("one nurs", 0),
        ("one nurs*", 3),
        ("nurses", 0),
        ("zebra proto*", 12),
        ("a.*b", None),
        ("(one|two)", 0),
    ],
)
def test_cues_are_plain_words_with_a_star_for_any_ending(
    store: Store, cue: str, found: int | None
) -> None:
    if found is None:
        with pytest.raises(UsageError, match="end of a word"):
            lone(cues=[cue])
    else:
        assert add_own_theme(store, lone(cues=[cue])) == found


def test_a_passage_like_an_example_shows_the_theme_and_the_example_always(store: Store) -> None:
    add_own_theme(store, lone(cues=[], examples=[ALONE]))
    assert tagged(store, "own:lone-working")[0] == RECURRING
    encoder = WordHashEncoder()
    rows = store.db.execute("SELECT text, key FROM passages WHERE boilerplate = 0").fetchall()
    example, *_ = encoder.encode([RECURRING])
    near = {key for text, key in rows if float(encoder.encode([text])[0] @ example) >= LIKENESS}
    assert len(near) >= 3
    got = store.db.execute(
        "SELECT p.key FROM tags t JOIN passages p ON p.id = t.passage_id WHERE t.theme LIKE 'own:%'"
    )
    assert {row[0] for row in got} == near


def test_a_new_document_gets_the_own_themes_as_it_is_written(store: Store) -> None:
    add_own_theme(store, lone())
    kind, heading = FULL.sections[2].kind, FULL.sections[2].heading
    text = "The ward left one nurse alone. Nothing else."
    new = document("new-report", parts=[(kind, heading, [Say(text)])])
    encoder = WordHashEncoder()
    with store.db.atomic():
        write_whole(store, new, encoder.fingerprint, {text_hash(text): encoder.encode([text])[0]})
    tags = passages.passage(store.db, key_of(new, text)).tags
    assert [text[t.start : t.end] for t in tags] == ["The ward left one nurse alone."]


def test_a_tagger_s_new_tags_leave_own_themes_alone(store: Store) -> None:
    add_own_theme(store, lone())
    with store.db.atomic():
        replace_tags(store.db, {passages.passage(store.db, ALONE).id: []})
    assert [t.theme for t in passages.passage(store.db, ALONE).tags] == ["own:lone-working"]


def test_another_model_of_vectors_has_the_likenesses_found_again(store: Store) -> None:
    add_own_theme(store, lone(cues=[], examples=[ALONE]))
    renew_own_themes(store)
    assert renew_own_themes(store) == 0
    with store.db.atomic():
        meta.put(store.db, "model", {"fingerprint": "another"})
    assert renew_own_themes(store) == 1
    assert tagged(store, "own:lone-working") == [RECURRING]  # no vectors yet: the example alone


def test_own_themes_are_filters_facets_and_no_part_of_the_codebook(store: Store) -> None:
    add_own_theme(store, lone())
    found = Searcher(WordHashEncoder()).search(
        store, SearchQuery(filters=Filters(theme="own:lone-working"), limit=50)
    )
    assert found.total == 3
    (facet,) = [v for v in found.facets["theme"] if v.value == "own:lone-working"]
    assert (facet.label, facet.count) == ("Lone working (own theme)", 3)
    assert "own:lone-working" not in themes()
    assert list(own_themes.book(store.db))[:-1] == list(themes())


def test_an_own_theme_that_is_not_held_is_refused_as_a_filter(store: Store) -> None:
    with pytest.raises(UnknownFilterValue, match="no own theme 'own:none'"):
        Searcher(WordHashEncoder()).search(store, SearchQuery(filters=Filters(theme="own:none")))


def test_an_editor_s_word_on_an_own_theme_stands_and_is_its_precision(store: Store) -> None:
    add_own_theme(store, lone())
    judgements.judge(store.db, ALONE, "own:lone-working", Verdict.REJECT, who="Robin")
    other = key_of(REWRITTEN, REWRITTEN.passages[1].text)
    judgements.judge(store.db, other, "own:lone-working", Verdict.CONFIRM, who="Robin")
    assert len(tagged(store, "own:lone-working")) == 3  # two standing, one of them twice
    assert judgements.tally(store.db)["own:lone-working"].precision == 0.5
    (label,) = [one for one in judgements.labels(store.db) if one["id"] == other]
    assert label["own"] == ["own:lone-working"] and label["themes"] == ["staffing"]


def test_removing_a_theme_takes_its_tags_and_judgements_with_it(store: Store) -> None:
    add_own_theme(store, lone())
    judgements.judge(store.db, ALONE, "own:lone-working", Verdict.CONFIRM, who="Robin")
    assert own_themes.remove(store.db, "own:lone-working") == 1
    assert tagged(store, "own:lone-working") == [] and own_themes.every(store.db) == []
    with pytest.raises(NotHeld):
        own_themes.remove(store.db, "own:lone-working")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "x" * 81}, "too long"),
        ({"cues": [" "]}, "a cue or an example"),
        ({"cues": ["*"]}, "too short"),
        ({"cues": ["a*"]}, "too short"),
        ({"cues": ["x" * 121]}, "too long"),
        ({"cues": [f"cue {n}" for n in range(61)]}, "at most 60"),
        ({"examples": ["not a key"]}, "not the key of a passage"),
    ],
)
def test_a_theme_that_cannot_be_is_refused_with_a_sentence(
    values: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        lone(**values)


def test_a_taken_name_or_an_example_not_held_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(NotHeld, match="example"):
        add_own_theme(store, lone(examples=["0" * 12]))
    assert own_themes.every(store.db) == []
    add_own_theme(store, lone())
    with pytest.raises(UsageError, match="that name already"):
        add_own_theme(store, lone(cues=["other words"]))


def test_a_name_of_no_latin_letters_has_a_key_too() -> None:
    assert lone(name="孤独").key.startswith("own:") and len(lone(name="孤独").key) > 8


def test_words_that_are_marks_of_patterns_find_themselves_only(store: Store) -> None:
    assert add_own_theme(store, lone(cues=['"both" names'])) == 1
    assert HOSTILE.endswith(tagged(store, "own:lone-working")[0])


def test_the_commands_make_list_and_remove_a_theme(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    write_library(home, *EVERY)
    at = ["--home", str(home.root), "theme"]
    assert run([*at, "add", "Lone working", "--cue", "one nurse", "--example", ALONE]) == 0
    assert "is on" in capsys.readouterr().out
    assert run([*at, "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["themes"]
    assert (row["theme"], row["passages"], row["confirmed"]) == ("own:lone-working", 3, 0)
    assert run(["--home", str(home.root), "themes", "--by", "year", "--csv"]) == 0
    head, *_, whole = capsys.readouterr().out.partition("\n\n")[0].splitlines()
    assert (head.rpartition(",")[2], whole.rpartition(",")[2]) == ("own:lone-working", "3")
    assert run([*at, "remove", "own:lone-working"]) == 0
    assert run([*at, "remove", "own:lone-working"]) == 1

"""Past concerns like those of a new report, and like a passage held."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.likeness import same_words, telling_words, wording
from index.similar import Similar
from kb.encoder import Vectors, WordHashEncoder
from kb.errors import ModelUnavailable, NotHeld, UnknownFilterValue
from kb.queries import Filters
from kb.settings import Home
from kb.similar import MOST_CONCERNS, SimilarAnswer, left_out_words, similar_json
from kb.store import Store, passages
from tests import invented
from tests.invented import COUNCIL, read_in, report, response
from tests.library_for_tests import read_concerns

ALIKE_COORDINATOR = "After the referral no care coordinator was allocated and nobody held the plan."
ALIKE_DISCHARGE = "The general practitioner was not sent the discharge summary for nineteen days."
NEW = report(ref="2099-0900", concerns=[ALIKE_DISCHARGE, ALIKE_COORDINATOR])


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Home:
    """Two reports, of which the first is answered by a letter held, and a third nearly the same."""
    folder = invented.write(
        tmp_path / "in",
        trust=report(),
        council=report(
            ref="2099-0002",
            date="9 July 2098",
            area="Westerby",
            recipients=COUNCIL,
            concerns=[invented.DISCHARGE],
        ),
        again=report(
            ref="2099-0003",
            date="10 July 2098",
            area="Westerby",
            recipients=COUNCIL,
            concerns=[f"{invented.DISCHARGE} Twice."],
        ),
        letter=response(),
    )
    read_in(home, folder)
    return home


class Silent(WordHashEncoder):
    """An encoder whose fingerprint is known and that must not be asked."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("nothing was to be encoded")


class Broken(WordHashEncoder):
    """An encoder that fails when first used."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise ModelUnavailable("The model is damaged.")


def ask(home: Home, text: str, finder: Similar | None = None, **limits: str) -> SimilarAnswer:
    with Store.reading(home) as store:
        found = finder or Similar(WordHashEncoder())
        return found.to_concerns(store, read_concerns(text), filters=Filters(**limits))


def key_of(home: Home, words: str) -> str:
    with Store.reading(home) as store:
        (key,) = store.db.execute(
            "SELECT key FROM passages WHERE instr(text, ?) ORDER BY id", [words]
        ).fetchone()
    return str(key)


def test_a_report_pasted_whole_is_answered_concern_by_concern(library: Home) -> None:
    answer = ask(library, NEW)
    first, second = answer.concerns
    assert ALIKE_DISCHARGE in first.concern.text
    assert first.alike[0].hit.docno in {"council", "again"}
    assert second.alike[0].hit.docno == "trust"
    assert invented.COORDINATOR in second.alike[0].hit.text
    assert {"allocated", "referral"} <= {
        second.alike[0].hit.text[a:b] for a, b in second.alike[0].hit.highlights
    }
    assert not first.held and not second.held and answer.notice is None


def test_reports_that_say_the_same_words_are_one_row(library: Home) -> None:
    rows = ask(library, ALIKE_DISCHARGE).concerns[0].alike
    docnos = [one.hit.docno for one in rows]
    assert len(docnos) == len(set(docnos))
    first = rows[0]
    assert {first.hit.docno, *(other.docno for other in first.also)} == {"council", "again"}


def test_who_answered_stands_beside_the_concern(library: Home) -> None:
    near = ask(library, ALIKE_COORDINATOR).concerns[0].alike[0]
    assert [one.docno for one in near.answers] == ["letter"]
    assert near.answers[0].known_by is not None
    assert ask(library, ALIKE_DISCHARGE).concerns[0].alike[0].answers == ()


def test_a_letter_that_restates_a_concern_raises_none(library: Home) -> None:
    every = ask(library, ALIKE_COORDINATOR).concerns[0]
    assert "letter" not in {one.hit.docno for one in (*every.held, *every.alike)}


def test_a_text_already_held_is_told_and_is_no_discovery(library: Home) -> None:
    answer = ask(library, report())  # the file "trust", word for word
    assert [[one.hit.docno for one in c.held] for c in answer.concerns] == [["trust"], ["trust"]]
    assert all("trust" not in {one.hit.docno for one in c.alike} for c in answer.concerns)


def test_numbers_and_spaces_make_no_other_words() -> None:
    text = invented.DISCHARGE
    assert same_words(wording(text), wording(f"(7)  {text}".replace(" ", "\n")))
    assert not same_words(wording(text), wording(ALIKE_DISCHARGE))
    assert not same_words(wording("Staff shortages."), wording("Staff training."))


def test_more_like_a_passage_leaves_its_document_out_and_encodes_nothing(library: Home) -> None:
    key = key_of(library, f"{invented.DISCHARGE} Twice.")
    with Store.reading(library) as store:
        answer = Similar(Silent()).to_passage(store, key)
    (one,) = answer.concerns
    assert [held.hit.docno for held in one.held] == ["council"]
    assert "again" not in {near.hit.docno for near in one.alike}
    assert answer.notice is None


def test_a_passage_that_is_not_held_is_said_so(library: Home) -> None:
    with Store.reading(library) as store, pytest.raises(NotHeld):
        Similar(WordHashEncoder()).to_passage(store, "000000000000")


@pytest.mark.parametrize("encoder", [ModelUnavailable("There is no model."), Broken()])
def test_without_a_model_words_alone_answer_and_it_is_said(
    library: Home, encoder: Broken | ModelUnavailable
) -> None:
    answer = ask(library, NEW, Similar(encoder))
    assert answer.notice is not None and answer.notice.startswith("Compared by words alone. T")
    assert answer.concerns[1].alike[0].hit.docno == "trust"
    assert answer.concerns[1].alike[0].hit.why == ("words",)
    assert ask(library, report(), Similar(encoder)).concerns[0].held[0].hit.docno == "trust"


def test_a_library_of_another_model_is_compared_by_words_and_says_so(library: Home) -> None:
    answer = ask(library, NEW, Similar(WordHashEncoder(32)))
    assert answer.notice is not None and "no vectors of this model" in answer.notice
    assert answer.concerns[1].alike[0].hit.docno == "trust"


@pytest.mark.parametrize(
    ("limits", "docnos"),
    [
        ({"kind": "report"}, {"trust", "council"}),
        ({"from_date": "2099"}, {"trust"}),
        ({"to_date": "2098-07-09"}, {"council"}),
        ({"theme": "discharge"}, {"council"}),
        ({"kind": "action_plan"}, set()),
    ],
)
def test_filters_narrow_what_is_compared(
    library: Home, limits: dict[str, str], docnos: set[str]
) -> None:
    answer = ask(library, f"{invented.COORDINATOR[:60]}\n\n{ALIKE_DISCHARGE}", **limits)
    found = {one.hit.docno for c in answer.concerns for one in (*c.held, *c.alike)}
    assert found - {"again"} == docnos


def test_a_kind_without_concerns_is_refused_with_a_sentence(library: Home) -> None:
    with pytest.raises(UnknownFilterValue, match="report or action_plan"):
        ask(library, NEW, kind="response")


def test_concerns_over_the_most_are_counted_and_not_answered(library: Home) -> None:
    text = "\n".join(f"{n}. Ward {n} had no rota at night." for n in range(1, 31))
    answer = ask(library, text)
    assert (len(answer.concerns), answer.left_out) == (MOST_CONCERNS, 5)
    assert "5 more are not" in str(left_out_words(answer))


def test_a_name_is_no_telling_word(library: Home) -> None:
    with Store.reading(library) as store:
        told = telling_words(store, "the caseload of Mr Vacancies", passages=1000)
        assert told == ("caseload",)
        told = telling_words(store, "the caseload and the vacancies", passages=1000)
        assert set(told) == {"caseload", "vacancies"}


def test_a_library_of_one_document_has_nothing_like_it(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", trust=report()))
    answer = ask(home, report(concerns=[invented.DISCHARGE]))
    assert answer.notice is None
    with Store.reading(home) as store:
        key = passages.passages_of(store.db, "trust")[-4].key
        assert Similar(WordHashEncoder()).to_passage(store, key).concerns[0].alike == ()


def test_an_empty_library_holds_nothing_like_it(home: Home) -> None:
    with Store.writing(home, purpose="test"):
        pass
    answer = ask(home, NEW)
    assert [(c.held, c.alike) for c in answer.concerns] == [((), ()), ((), ())]
    assert answer.notice is None


def test_no_concerns_get_no_answers(library: Home) -> None:
    assert ask(library, "").concerns == ()


def test_the_json_has_hits_as_search_has(library: Home) -> None:
    told = similar_json(ask(library, NEW))["concerns"][1]
    assert told["number"] == 2 and told["label"] == "2" and told["held"] == []
    hit = told["hits"][0]
    assert {"rank", "docno", "passage", "text", "highlights", "themes", "close"} <= set(hit)
    assert hit["responses"][0]["docno"] == "letter"

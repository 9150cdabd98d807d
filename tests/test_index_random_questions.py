"""Whatever is asked, there is an answer or a sentence: by the search path, its page and its API.

`python -m tests.queries --number 200000` asks more of them, of the starter or of any library.
"""

import html
import json
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.search import Searcher
from kb.documents import Kind, Origin
from kb.encoder import WordHashEncoder
from kb.queries import FacetValue, SearchHit, SearchPage, SearchQuery
from kb.settings import Home
from kb.store import Store
from tests.library_for_tests import EVERY, app_over, write_library
from tests.queries import MOST_SECONDS, Answer, Asking, Known, Tally, askings, fault_of, made, run
from webui.params import FILTERS

NUMBER = 600
NAMES = {name: written for written, name in FILTERS.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The library of the pages' tests."""
    home = Home(tmp_path_factory.mktemp("asked") / "home")
    write_library(home, *EVERY)
    return home


@pytest.fixture(scope="module")
def client(home: Home) -> FlaskClient:
    return app_over(home).test_client()


@pytest.fixture(scope="module")
def many(home: Home) -> list[Asking]:
    """Questions, the same in every run."""
    with Store.reading(home) as store:
        return list(made(askings(Known.of(store)), number=2000, chosen=2099))


@pytest.fixture(scope="module")
def asked(many: list[Asking]) -> list[Asking]:
    """As many of them as pages can be asked in a few seconds."""
    return many[:NUMBER]


def test_every_question_is_answered_in_time_or_refused_with_a_sentence(home: Home) -> None:
    tally = run(home, Searcher(WordHashEncoder()), number=NUMBER, chosen=7)
    assert [answer.fault for answer in tally.faults] == []
    assert tally.questions == NUMBER
    assert tally.questions > tally.refused + tally.empty, "some questions must find something"
    assert tally.slowest is not None and tally.slowest.seconds < MOST_SECONDS


def address(path: str, asking: Asking) -> str:
    """Return where a browser would ask it; what is no text goes as the bytes that it came from."""
    given = {"q": asking.text} | {NAMES[name]: value for name, value in asking.filters.items()}
    pairs = (f"{name}={quote(v.encode('utf-8', 'surrogatepass'))}" for name, v in given.items())
    return f"{path}?{'&'.join(pairs)}"


def test_the_page_answers_every_question_or_says_why_not(
    client: FlaskClient, asked: list[Asking]
) -> None:
    statuses = set()
    for asking in asked:
        answer = client.get(address("/search", asking))
        statuses.add(answer.status_code)
        assert answer.status_code in (200, 400), ascii(asking)
        assert "<h1" in answer.text and answer.text.rstrip().endswith("</html>"), ascii(asking)
        assert answer.text.count("<mark>") == answer.text.count("</mark>"), ascii(asking)
        assert "<script" not in answer.text and "{{" not in html_of_ours(answer.text, asking)
    assert statuses == {200, 400}


def html_of_ours(page: str, asking: Asking) -> str:
    """Return a page without what was asked, which stands in it as it was written."""
    return page.replace(html.escape(asking.text.strip()), "").replace("{{ 7*7 }}", "")


def test_the_interface_answers_every_question_with_json(
    client: FlaskClient, asked: list[Asking]
) -> None:
    statuses = set()
    for asking in asked:
        answer = client.get(address("/api/search", asking))
        told = json.loads(answer.data)
        statuses.add(answer.status_code)
        if answer.status_code == 200:
            assert len(told["hits"]) <= min(10, told["total"]), ascii(asking)
        else:
            assert answer.status_code == 400 and told["error"].strip(), ascii(asking)
    assert statuses == {200, 400}


def test_a_seed_always_makes_the_same_questions_and_another_one_others(home: Home) -> None:
    with Store.reading(home) as store:
        strategy = askings(Known.of(store))
        first, again, other = (list(made(strategy, number=100, chosen=n)) for n in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("why", "holds"),
    [
        ("10,000 characters", lambda text: len(text) >= 10_000),
        ("a NUL", lambda text: "\0" in text),
        ("half a surrogate pair", lambda text: any("\ud800" <= one <= "\udfff" for one in text)),
        ("an emoji", lambda text: any("🀀" < one < "🯿" for one in text)),
        ("a quote that is not closed", lambda text: text.count('"') % 2),
        ("a word left out", lambda text: text.startswith("-")),
        ("one of two words", lambda text: " OR " in text),
        ("a filter in words", lambda text: "theme:" in text or "org:" in text),
        ("the search table's syntax", lambda text: any(w in text for w in ("NEAR(", "^", "text:"))),
        ("HTML", lambda text: re.search("<.*>", text)),
        ("nothing", lambda text: not text.strip()),
    ],
)
def test_the_questions_are_of_many_kinds(many: list[Asking], why: str, holds: object) -> None:
    assert callable(holds)
    assert any(holds(asking.text) for asking in many), why


def page(**values: object) -> SearchPage:
    """An answer with one hit, as it should be but for the values given."""
    hit = SearchHit(
        rank=1,
        score=1.0,
        docno="a",
        passage="p",
        kind=Kind.REPORT,
        title="A report",
        organisations=(),
        date=None,
        ref=None,
        coroner_area=None,
        section_kind=None,
        heading="",
        label=None,
        page=None,
        text="Nobody held the plan.",
        why=("words",),
        highlights=((0, 6), (16, 20)),
        themes=(),
        url=None,
        source="a.txt",
        origin=Origin.FILE,
    )
    of_hit = {name: values.pop(name) for name in ("rank", "highlights") if name in values}
    hits = (replace(hit, **of_hit),)  # type: ignore[arg-type]
    given: dict[str, object] = {"total": 1, "documents": 1, "hits": hits, "facets": {}}
    return SearchPage(query=SearchQuery(), **(given | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, None),
        ({"highlights": ((0, 22),)}, "outside"),
        ({"highlights": ((0, 6), (5, 9))}, "outside"),
        ({"rank": 2}, "ranks"),
        ({"total": 0, "documents": 0}, "more hits than the total"),
        ({"documents": 2}, "more documents"),
        ({"facets": {"kind": (FacetValue("report", "Report", 2),)}}, "facet"),
        ({"notice": ""}, "notice"),
    ],
)
def test_a_wrong_answer_would_be_noticed(values: dict[str, object], fault: str | None) -> None:
    found = fault_of(page(**values), Asking(text="plan"))
    assert (found is None) == (fault is None)
    assert (fault or "") in (found or "")


def test_a_slow_answer_and_an_error_are_counted() -> None:
    tally, asking = Tally(), Asking(text="plan")
    tally.add(Answer(asking=asking, seconds=3.0, fault="took 3.0 s"))
    tally.add(Answer(asking=asking, seconds=0.5, refused=True))
    assert str(tally).startswith(
        "2 questions, 1 refused with a sentence, 0 found nothing: 1 errors"
    )
    assert "slowest 3.00 s" in str(tally)

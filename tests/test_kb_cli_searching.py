"""`pfdkb search`: the query language on the command line."""

import json
from typing import Any

import pytest

from kb.cli import run
from kb.settings import Home
from tests.library_for_tests import EVERY, write_library


@pytest.fixture
def library(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PFDKB_MODEL", "word-hash")
    write_library(home, *EVERY)
    return home


def search(
    capsys: pytest.CaptureFixture[str], home: Home, *arguments: str
) -> tuple[int, dict[str, Any], str]:
    code = run(["--home", str(home.root), "search", "--json", *arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def test_the_query_language_narrows_the_answer(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "coordinator -third theme:care_coordination year:2099"
    code, told, err = search(capsys, library, typed)
    assert (code, told["query"]) == (0, typed)
    assert {hit["docno"] for hit in told["hits"]} == {"full-report", "trust-letter"}
    assert "Did you mean" not in err


def test_a_query_may_begin_with_what_to_leave_out(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = search(capsys, library, "--", "-twice theme:staffing")
    assert code == 0
    assert told["total"] == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [("theme:weather", "no theme 'weather'"), ("org:nowhere", "No document names")],
)
def test_a_prefix_that_names_nothing_is_wrong_usage(
    library: Home, capsys: pytest.CaptureFixture[str], typed: str, words: str
) -> None:
    code, told, err = search(capsys, library, f"plan {typed}")
    assert (code, told) == (2, {})
    assert words in err


def test_another_spelling_is_offered_on_stderr(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, err = search(capsys, library, "zeebra year:2099")
    assert (code, told["query"]) == (0, "zeebra year:2099")
    assert "Did you mean: zebra year:2099\n" in err

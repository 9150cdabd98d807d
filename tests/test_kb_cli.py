"""The command line: what it prints, its exit codes, its sentences."""

import json
from pathlib import Path
from typing import Any

import pytest

from kb.cli import run
from kb.settings import Home
from kb.store import Store
from tests import invented
from tests.invented import report, response


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PFDKB_MODEL", "word-hash")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return invented.write(tmp_path / "in", form=report(), letter=response(), blank="")


def call(capsys: pytest.CaptureFixture[str], home: Home, *arguments: str) -> tuple[int, Any, str]:
    code = run(["--home", str(home.root), *arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if "--json" in arguments and out else out, err


@pytest.fixture
def library(home: Home, sources: Path, capsys: pytest.CaptureFixture[str]) -> Home:
    assert call(capsys, home, "ingest", str(sources))[0] == 0
    return home


def test_ingest_tells_what_was_done_unchanged_and_failed(
    home: Home, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, err = call(capsys, home, "ingest", str(sources), "--json")
    assert code == 0
    assert (told["documents"], told["done"], told["unchanged"]) == (2, 2, 0)
    assert [(f["source"], f["reason"]) for f in told["failed"]] == [("blank.txt", "empty")]
    assert set(told) == {"documents", "passages", "done", "unchanged", "failed", "seconds"}
    assert "Reading: 3 of 3" in err
    _, again, _ = call(capsys, home, "ingest", str(sources), "--json")
    assert (again["documents"], again["done"], again["unchanged"]) == (2, 0, 2)


def test_search_prints_hits_with_every_field_of_the_contract(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = call(capsys, library, "search", "care coordinator not allocated", "--json")
    assert code == 0
    assert told["total"] >= len(told["hits"]) > 0
    contract = (
        "rank score docno passage kind title organisations date section page text why themes url"
        " source"
    )
    assert set(contract.split()) <= set(told["hits"][0])
    assert told["hits"][0]["docno"] in {"form", "letter"}


def test_search_on_paper_names_the_document_and_quotes_it(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, library, "search", "vacancies", "--kind", "report", "--limit", "1")
    assert code == 0
    assert "2099-0001" in out and "nine vacancies" in out


def test_status_and_verify_tell_the_state_of_the_library(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = call(capsys, library, "status", "--json")
    assert code == 0
    assert told["documents"]["total"] == 2 and told["documents"]["with_text"] == 2
    assert told["documents"]["by_kind"] == {"report": 1, "response": 1}
    assert told["sources"] == {"done": 2, "failed": 1}
    assert told["model"]["id"] == "word-hash" and told["index"]["passages"] > 0
    assert call(capsys, library, "verify")[0] == 0


def test_verify_ends_with_one_when_something_is_wrong(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = library.index.iterdir()
    file.write_bytes(b"damaged")
    code, told, _ = call(capsys, library, "verify", "--json")
    assert code == 1
    assert any("damaged" in finding for finding in told["findings"])


def test_themes_are_counted_by_organisation_and_year(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    _, by_body, _ = call(capsys, library, "themes", "--by", "organisation", "--json")
    row = {"name": invented.TRUST, "held": 1, "with_text": 1, "any_theme": 1}
    assert by_body["rows"] == [row]
    staffing = next(row for row in by_body["themes"] if row["theme"] == "staffing")
    assert staffing["counts"] == {invented.TRUST: 1}
    code, text, _ = call(capsys, library, "themes", "--by", "year", "--csv")
    assert code == 0
    assert text.startswith("year,held,with_text,any_theme,care_coordination,")
    assert text.splitlines()[1].startswith("2099,1,1,1,")


def test_themes_are_counted_for_the_role_asked_for(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("themes", "--by", "organisation", "--role", "respondent", "--json")
    _, told, _ = call(capsys, library, *arguments)
    assert (told["kind"], told["role"]) == ("response", "respondent")
    assert [(row["name"], row["with_text"]) for row in told["rows"]] == [(invented.TRUST, 1)]


def test_search_keeps_the_role_asked_for(library: Home, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for role in ("recipient", "respondent", "mentioned"):
        arguments = ("search", "coordinator", "--org", invented.TRUST, "--role", role, "--json")
        _, told, _ = call(capsys, library, *arguments)
        found[role] = {hit["docno"] for hit in told["hits"]}
    assert found == {"recipient": {"form"}, "respondent": {"letter"}, "mentioned": set()}
    _, _, err = call(capsys, library, "search", "coordinator", "--org", invented.TRUST)
    assert "anything but mentioned" in err


def test_show_prints_the_roles_of_organisations(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told, _ = call(capsys, library, "show", "letter", "--json")
    assert [(one["role"], one["name"]) for one in told["organisations"]] == [
        ("respondent", invented.TRUST)
    ]
    assert f"respondent: {invented.TRUST}" in call(capsys, library, "show", "letter")[1]


def test_tag_writes_themes_with_the_span_that_earned_them(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = invented.jsonl(tmp_path / "in.jsonl", {"id": "a", "text": invented.COORDINATOR})
    target = tmp_path / "out.jsonl"
    assert call(capsys, home, "tag", "--input", str(source), "--output", str(target))[0] == 0
    (line,) = [json.loads(line) for line in target.read_text().splitlines()]
    first = line["themes"][0]
    assert (line["id"], first["theme"], first["source"]) == ("a", "care_coordination", "rule")
    assert "care coordinator" in invented.COORDINATOR[first["start"] : first["end"]].lower()


def test_evaluate_themes_counts_a_disputed_label_neither_way(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = invented.jsonl(
        tmp_path / "gold.jsonl",
        {"id": "a", "text": invented.STAFFING, "themes": ["staffing"], "disputed": []},
        {"id": "b", "text": invented.STAFFING, "themes": [], "disputed": ["staffing"]},
    )
    code, told, _ = call(capsys, home, "evaluate", "themes", "--gold", str(gold), "--json")
    assert code == 0
    staffing = told["themes"]["staffing"]
    assert (staffing["labels"], staffing["precision"], staffing["recall"]) == (1, 1.0, 1.0)


def test_evaluate_search_scores_a_ranking(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "q.tsv").write_text("q1\tnine vacancies\n")
    (tmp_path / "qrels.txt").write_text("q1 0 form 3\n")
    arguments = ["--queries", str(tmp_path / "q.tsv"), "--qrels", str(tmp_path / "qrels.txt")]
    run_out = ["--run-out", str(tmp_path / "run.txt")]
    code, told, _ = call(capsys, library, "evaluate", "search", *arguments, *run_out, "--json")
    assert code == 0
    assert told["queries"] == 1 and told["ndcg_10"] > 0.6
    assert (tmp_path / "run.txt").read_text().startswith("q1 Q0 ")


def test_clusters_are_printed_as_json(library: Home, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = call(capsys, library, "clusters", "--json")
    assert code == 0
    assert told["clusters"] == []  # one report alone recurs nowhere
    assert told["audits"] == [] and "not audited" in told["coherence"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x", "--kind", "novel"], 2, "no kind 'novel'"),
        (["search", "x", "--theme", "weather"], 2, "no theme 'weather'"),
        (["search", "x", "--organisation", "Nowhere"], 2, "No document names"),
        (["search", "x", "--from", "soon"], 2, "is not a date"),
        (["search"], 2, "Missing argument"),
        (["fly"], 2, "No such command"),
        (["ingest", "/no/such/path"], 2, "no file or folder"),
        (["evaluate", "search", "--queries", "/no", "--qrels", "/no"], 2, "does not exist"),
    ],
)
def test_wrong_usage_ends_with_two_and_a_sentence(
    library: Home,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    ended, out, err = call(capsys, library, *arguments)
    assert (ended, out) == (code, "")
    assert said in err and "Traceback" not in err


def test_a_home_without_a_library_ends_with_one_and_what_to_do(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["search", "x"], ["status"], ["verify"], ["themes"], ["clusters"], ["serve"]):
        code, _, err = call(capsys, home, *command)
        assert code == 1
        assert "pfdkb ingest" in err


def test_a_second_ingest_ends_with_three_and_says_who_holds_the_library(
    library: Home, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.writing(library, purpose="ingest"):
        code, _, err = call(capsys, library, "ingest", str(sources))
    assert code == 3
    assert "'pfdkb ingest'" in err


def test_a_missing_model_stops_ingest_but_not_search(
    library: Home,
    sources: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PFDKB_MODEL", "no-such-model")
    code, _, err = call(capsys, library, "ingest", str(sources))
    assert code == 1 and "no-such-model" in err
    code, told, _ = call(capsys, library, "search", "vacancies", "--json")
    assert code == 0
    assert told["hits"] and "words alone" in told["notice"]


def test_a_damaged_library_is_told_in_a_sentence(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    library.database.write_bytes(b"not a database at all" * 100)
    code, _, err = call(capsys, library, "search", "x")
    assert code == 1
    assert "cannot be opened as a library" in err


def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(
    tmp_path: Path, sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the home should be")
    code, _, err = call(capsys, Home(blocked / "home"), "ingest", str(sources))
    assert code == 1
    assert "Traceback" not in err and str(blocked) in err

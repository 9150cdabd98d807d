"""The page of similar past concerns: pasted reports leave no trace; passages lead to their like."""

import logging
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.settings import Home
from kb.store import Store
from tests import invented
from tests.invented import read_in, report, response
from tests.library_for_tests import (
    CIRCUMSTANCES,
    COORDINATOR,
    EVERY,
    FULL,
    RECURRING,
    app_over,
    key_of,
    read_concerns,
    write_library,
)
from webui import create_app

ALIKE = "After the referral no care coordinator was allocated and nobody held the plan."
SECRET = "Quillfeather"
NEW = report(concerns=[invented.DISCHARGE, f"{ALIKE} So said {SECRET}."])
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Home:
    read_in(home, invented.write(tmp_path / "in", trust=report(), letter=response()))
    return home


@pytest.fixture
def client(library: Home) -> FlaskClient:
    return app_over(library).test_client()


@pytest.fixture
def known(home: Home) -> FlaskClient:
    """A browser before the library whose every passage is given."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def paste(client: FlaskClient, text: str, **more: str) -> TestResponse:
    form = client.get("/similar").text
    found = re.search(r'name="csrf" value="([^"]+)"', form)
    assert found is not None
    return client.post("/similar", data={"csrf": found[1], "text": text, **more})


def test_a_report_pasted_whole_is_answered_concern_by_concern(client: FlaskClient) -> None:
    answer = paste(client, NEW)
    assert answer.status_code == 200
    parts = answer.text.split('<section id="concern-')[1:]
    assert len(parts) == 2
    assert "Concern 2 of 2" in parts[1] and ALIKE in parts[1]
    assert 'href="/documents/trust#p-' in parts[1] and "<mark>" in parts[1]
    assert "Answered by:" in parts[1] and 'href="/documents/letter"' in parts[1]
    assert invented.DISCHARGE in parts[0] and ALIKE not in parts[0]


def test_a_text_already_held_is_told(client: FlaskClient) -> None:
    html = paste(client, report()).text
    assert html.count("This text is already held:") == 2
    assert '<article class="found">' not in html


def test_where_no_response_is_held_it_is_said(known: FlaskClient) -> None:
    html = paste(known, "Nobody was allocated a coordinator, and eleven weeks passed.").text
    assert "No response in the material held." in html


def test_a_pasted_text_leaves_no_trace(
    library: Home, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = library.database.read_bytes()
    answer = paste(client, NEW)
    assert SECRET in answer.text, "the page itself shows what was asked"
    assert answer.request.query_string == b"" and answer.request.path == "/similar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [
        link for link in re.findall(r'(?:href|action)="([^"]*)"', answer.text) if SECRET in link
    ]
    assert SECRET not in caplog.text
    assert SECRET not in "".join(answer.headers.getlist("Set-Cookie"))
    assert library.database.read_bytes() == before
    held = [file for file in library.root.rglob("*") if file.is_file()]
    assert held and not [file for file in held if SECRET.encode() in file.read_bytes()]
    assert SECRET not in client.get("/similar").text


def test_a_text_that_fails_is_not_logged(library: Home, caplog: pytest.LogCaptureFixture) -> None:
    def fails(text: str) -> tuple[()]:
        raise RuntimeError("the reader failed")

    app = create_app(library, encoder=WordHashEncoder(), read_concerns=fails)
    answer = paste(app.test_client(), NEW)
    assert answer.status_code == 500
    assert SECRET not in caplog.text and SECRET not in answer.text


def test_a_reader_on_another_machine_may_paste(client: FlaskClient) -> None:
    form = client.get("/similar", environ_base=ELSEWHERE).text
    found = re.search(r'name="csrf" value="([^"]+)"', form)
    assert found is not None
    sent = {"csrf": found[1], "text": NEW}
    assert client.post("/similar", data=sent, environ_base=ELSEWHERE).status_code == 200


def test_a_form_without_the_session_s_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/similar", data={"text": NEW}).status_code == 400


@pytest.mark.parametrize("text", ["", "x", "\0", "😀" * 200_000, "...", "\r\n" * 50])
def test_a_text_without_words_gets_a_sentence(client: FlaskClient, text: str) -> None:
    answer = paste(client, text)
    assert answer.status_code == 200
    assert "The text holds no words to compare." in answer.text


@pytest.mark.parametrize(
    ("text", "status"), [("y" * 200_000, 200), ("y" * 200_001, 400), ("y" * 5_000_000, 413)]
)
def test_a_text_may_have_200_000_characters(client: FlaskClient, text: str, status: int) -> None:
    answer = paste(client, text)
    assert answer.status_code == status
    assert ("At most 200,000 characters can be compared" in answer.text) == (status == 400)


def test_line_ends_count_once(client: FlaskClient) -> None:
    assert paste(client, "y\r\n" * 100_000).status_code == 200


def test_what_is_pasted_is_escaped(client: FlaskClient) -> None:
    html = paste(client, "The </textarea><script>alert(1)</script> ward had no coordinator.").text
    assert "<script" not in html and "&lt;/textarea&gt;&lt;script&gt;" in html


def test_other_forms_stay_small(client: FlaskClient) -> None:
    client.get("/similar")
    assert client.post("/case/add", data={"key": "z" * 100_000}).status_code == 413


def test_the_filters_stay_with_the_text(client: FlaskClient) -> None:
    html = paste(client, ALIKE, theme="discharge", kind="all").text
    assert "Nothing like it is held, as narrowed." in html
    assert '<option value="discharge" selected>' in html
    assert '<option value="all" selected>' in html
    assert ALIKE in html.partition("<textarea")[2]


@pytest.mark.parametrize("more", [{"theme": "weather"}, {"from": "soon"}, {"kind": "novel"}])
def test_a_filter_that_names_nothing_is_refused(client: FlaskClient, more: dict[str, str]) -> None:
    assert paste(client, ALIKE, **more).status_code == 400


def test_without_a_model_words_alone_answer_and_it_is_said(library: Home) -> None:
    gone = ModelUnavailable("There is no model.")
    app = create_app(library, encoder=gone, read_concerns=read_concerns)
    html = paste(app.test_client(), ALIKE).text
    assert "Compared by words alone. There is no model." in html
    assert 'href="/documents/trust#p-' in html


def test_a_server_that_cannot_read_texts_says_so(library: Home) -> None:
    client = create_app(library, encoder=WordHashEncoder()).test_client()
    html = client.get("/similar").text
    assert "cannot read pasted texts" in html and "<textarea" not in html


def test_a_library_of_no_document_answers_with_nothing(home: Home) -> None:
    with Store.writing(home, purpose="test"):
        pass
    html = paste(app_over(home).test_client(), NEW).text
    assert html.count("Nothing like it is held") == 2


def test_a_missing_library_is_said_so(home: Home) -> None:
    assert app_over(home).test_client().get("/similar?passage=0a1b2c3d4e5f").status_code == 503


def test_more_like_a_passage_leaves_its_document_out(known: FlaskClient) -> None:
    key = key_of(FULL, RECURRING)
    html = known.get(f"/similar?passage={key}").text
    assert "<h1>More like this passage</h1>" in html
    assert "The same words also stand in" in html
    found = re.findall(r'<h3><a href="/documents/([^"#]+)', html)
    assert "full-report" not in found and len(found) == len(set(found))


def test_circumstances_stay_closed_until_asked_for(known: FlaskClient) -> None:
    html = known.get(f"/similar?passage={key_of(FULL, CIRCUMSTANCES)}").text
    before = html[: html.index("disused lighthouse")]
    assert before.rindex("<details>") > before.rfind("</details>")


def test_a_passage_that_is_not_held_is_404(known: FlaskClient) -> None:
    assert known.get("/similar?passage=000000000000").status_code == 404


def test_passages_lead_to_their_like(known: FlaskClient) -> None:
    link = f'href="/similar?passage={key_of(FULL, COORDINATOR)}"'
    assert link in known.get("/search?q=allocated+eleven+weeks").text
    assert link in known.get("/documents/full-report").text
    assert 'href="/similar"' in known.get("/").text


def test_the_api_answers_as_the_page_does(client: FlaskClient) -> None:
    told = client.post("/api/similar", json={"text": NEW, "limit": 1}).json
    assert told is not None
    assert [one["number"] for one in told["concerns"]] == [1, 2]
    (hit,) = told["concerns"][1]["hits"]
    assert (hit["docno"], hit["responses"][0]["docno"]) == ("trust", "letter")
    again = client.get("/api/similar", query_string={"passage": hit["passage"]}).json
    assert again is not None
    assert again["concerns"][0]["hits"] == []


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"text": NEW}},
        {"data": '{"text": "a plan"}', "content_type": "text/plain"},
        {"json": {"text": 7}},
        {"json": ["a plan"]},
        {"data": "{", "content_type": "application/json"},
        {"json": {"text": "y" * 200_001}},
        {"json": {"text": NEW, "limit": 0}},
    ],
)
def test_the_api_takes_only_json_with_a_text(client: FlaskClient, sent: dict[str, object]) -> None:
    answer = client.post("/api/similar", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert set(answer.json or {}) == {"error", "status"}


@pytest.mark.parametrize("text", ["", "\0", "😀", "\ud800"])
def test_the_api_answers_a_text_without_words_with_no_concerns(
    client: FlaskClient, text: str
) -> None:
    told = client.post("/api/similar", json={"text": text}).json
    assert told is not None and told["concerns"] == []
    assert told["notice"] == "The text holds no words to compare."


def test_the_api_of_search_tells_what_was_understood(known: FlaskClient) -> None:
    told = known.get("/api/search", query_string={"q": "zeebra -second year:2099"}).json
    assert told is not None
    assert told["suggestion"] == "zebra -second year:2099"
    assert told["understood"] == [
        {"part": "Without", "as": "second"},
        {"part": "Year", "as": "2099"},
    ]
    assert "notice" in told

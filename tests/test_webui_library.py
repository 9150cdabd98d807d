"""The start page, the library page, and errors as sentences."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.settings import Home
from kb.store import Store, meta
from tests.library_for_tests import EVERY, FULL, app_over, write_library


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def test_the_start_page_says_what_is_held_and_where_to_turn(client: FlaskClient) -> None:
    html = client.get("/").text
    assert 'name="q"' in html
    for words in ("Answer a concern", "Prepare a session", "Look across providers"):
        assert words in html
    assert "17 documents, 16 of them with text" in html
    assert "dated 2080 to 2099" in html
    assert "Samaritans can be reached free, day or night, on 116 123." in html


@pytest.mark.parametrize("path", ["/", "/search", "/documents/full-report", "/case", "/none"])
def test_every_page_says_that_it_is_independent(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert "Not part of the NHS, the judiciary or any coroner&#39;s office." in html
    assert "Samaritans" in html


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=plan", "/documents/full-report", "/themes", "/themes/training", "/clusters",
     "/organisations", "/across", "/across?by=year", "/across/compare", "/learning", "/case",
     "/library", "/none"],
)  # fmt: skip
def test_every_page_can_be_walked_through(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert html.count("<h1") == 1
    assert '<html lang="en-GB">' in html and "<main" in html and "<footer" in html
    assert '<a class="skip" href="#content">' in html
    levels = [int(n) for n in re.findall(r"<h(\d)", html)]
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    for of in re.findall(r'<label for="([^"]+)"', html):
        assert of in ids


def test_failures_are_told_with_reason_and_advice(client: FlaskClient) -> None:
    html = client.get("/library").text
    assert "1 source could not be read: no text 1." in html
    assert "scan.pdf" in html and "Read it with OCR first." in html
    assert "<b>" not in html
    assert "pfdkb ingest PATH" in html
    assert "Matches the library: 23 passages" in html


def test_an_index_older_than_the_library_is_said_so(client: FlaskClient, home: Home) -> None:
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        meta.next_generation(store.db)
    assert "Older than the library" in client.get("/library").text


@pytest.mark.parametrize("path", ["/", "/search?q=plan", "/library", "/api/search?q=plan"])
def test_a_missing_library_is_a_sentence(tmp_path: Path, path: str) -> None:
    answer = app_over(Home(tmp_path / "none")).test_client().get(path)
    assert answer.status_code == 503
    assert "Run &#39;pfdkb ingest PATH&#39;" in answer.text or "pfdkb ingest PATH" in answer.text


def test_a_library_that_comes_later_is_found(home: Home) -> None:
    client = app_over(home).test_client()
    assert client.get("/documents/full-report").status_code == 503
    write_library(home, FULL)
    assert client.get("/documents/full-report").status_code == 200


def test_health_needs_no_library(tmp_path: Path) -> None:
    answer = app_over(Home(tmp_path / "none")).test_client().get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing-here", 404, "There is no page at this address"),
        ("POST", "/search", 405, "cannot be used in that way"),
        ("DELETE", "/case", 405, "cannot be used in that way"),
        ("GET", "/case/add", 405, "cannot be used in that way"),
        ("GET", "/static/../../../etc/passwd", 404, "There is no page"),
    ],
)
def test_an_error_is_a_page_with_a_sentence(
    client: FlaskClient, method: str, path: str, status: int, words: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert words in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_too_large_a_form_is_refused(client: FlaskClient) -> None:
    answer = client.post("/case/title", data={"csrf": "x", "title": "y" * 100_000})
    assert answer.status_code == 413
    assert "Nothing was kept." in answer.text


def test_a_failure_of_the_program_shows_no_traceback(home: Home) -> None:
    write_library(home, FULL)
    app: Flask = app_over(home)

    @app.get("/broken")
    def broken() -> str:
        raise ZeroDivisionError("secret detail")

    @app.get("/api/broken")
    def broken_api() -> str:
        raise ZeroDivisionError("secret detail")

    for path in ("/broken", "/api/broken"):
        answer = app.test_client().get(path)
        assert answer.status_code == 500
        assert "secret detail" not in answer.text and "Traceback" not in answer.text
        assert "Nothing in the library was changed or lost." in answer.text
        assert "Content-Security-Policy" in answer.headers


def test_an_error_of_the_interface_is_json(client: FlaskClient) -> None:
    for path, status in (("/api/nothing", 404), ("/api/search?limit=0", 400)):
        answer = client.get(path)
        assert answer.status_code == status == json.loads(answer.text)["status"]
        assert json.loads(answer.text)["error"]

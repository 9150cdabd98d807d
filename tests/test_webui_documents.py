"""The document page: every word of it, with a place to link to for each passage."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kb.documents import Document
from kb.settings import Home
from tests.library_for_tests import (
    BETWEEN,
    CIRCUMSTANCES,
    COORDINATOR,
    DECEASED,
    EVERY,
    FULL,
    PREAMBLE,
    RESPONSE,
    REWRITTEN,
    app_over,
    key_of,
    write_library,
)


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def words_of(html: str) -> str:
    """Return what a person can read of a page, its spaces made single."""
    spaced = re.sub(r"</(dt|dd|p|div|h\d)>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", spaced)).split())


def is_closed(html: str, words: str) -> bool:
    """Tell whether words stand inside a closed <details>."""
    before = html[: html.index(words)]
    return before.count("<details") > before.count("</details>") and "<details open" not in before


@pytest.mark.parametrize("held", [FULL, REWRITTEN, RESPONSE])
def test_no_word_of_the_text_is_lost(client: FlaskClient, held: Document) -> None:
    shown = words_of(client.get(f"/documents/{held.docno}").text)
    for passage in held.passages:
        assert " ".join(passage.text.split()) in shown
    if held is FULL:
        assert BETWEEN in shown


def test_every_passage_has_an_anchor_a_link_and_a_citation(client: FlaskClient) -> None:
    html = client.get("/documents/full-report").text
    for passage in FULL.passages:
        key = key_of(FULL, passage.text)
        assert f'id="p-{key}"' in html
        assert f'href="#p-{key}"' in html
    assert html.count('<p class="citation">') == len(FULL.passages)


def test_passages_stand_in_the_order_of_the_text(client: FlaskClient) -> None:
    html = client.get("/documents/full-report").text
    anchors = re.findall(r'id="p-([0-9a-f]{12})"', html)
    assert anchors == [key_of(FULL, passage.text) for passage in FULL.passages]


def test_circumstances_are_closed_until_asked_for(client: FlaskClient) -> None:
    html = client.get("/documents/full-report").text
    assert is_closed(html, CIRCUMSTANCES)
    assert not is_closed(html, COORDINATOR)


def test_standard_wording_is_closed_and_cannot_be_taken_for_a_concern(client: FlaskClient) -> None:
    html = client.get("/documents/full-report").text
    assert is_closed(html, PREAMBLE)
    assert "Standard wording of the form" in html
    assert f'value="{key_of(FULL, PREAMBLE)}"' not in html


def test_the_evidence_of_a_theme_is_marked_when_asked_for(client: FlaskClient) -> None:
    plain = client.get("/documents/full-report").text
    marked = client.get("/documents/full-report?theme=care_coordination").text
    assert "<mark>" not in plain
    assert re.findall("<mark>(.*?)</mark>", marked) == ["person", "care coordinator"]
    assert "Words that show “Care coordination” are marked" in marked


@pytest.mark.parametrize("asked", ["weather", "%3Cscript%3E", "%00"])
def test_an_unknown_theme_marks_nothing(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/documents/full-report?theme={asked}")
    assert answer.status_code == 200
    assert "<mark>" not in answer.text and "<script" not in answer.text


def test_the_details_are_those_known_and_never_the_deceased(client: FlaskClient) -> None:
    html = client.get("/documents/full-report").text
    details = re.findall(r"<dt>(.*?)</dt>", html)
    assert details == [
        *("Kind", "Reference", "Date", "Coroner", "Coroner area", "Sent to", "Categories"),
        *("Source", "Licence", "Original"),
    ]
    assert DECEASED not in html
    assert "<title>Nobody held the plan – pfd-kb</title>" in html


def test_a_letter_says_who_wrote_it_and_what_it_answers(client: FlaskClient) -> None:
    html = client.get("/documents/trust-letter").text
    shown = words_of(html)
    assert "From Northmoor Partnership NHS Foundation Trust" in shown
    assert "Date of the report answered 3 March 2099" in shown
    assert '<h2 id="s-1-heading">Care coordination</h2>' in html
    assert "javascript:" not in html


def test_our_digest_stands_beside_the_text_and_is_labelled_and_harmless(
    client: FlaskClient,
) -> None:
    html = client.get("/documents/full-report").text
    assert "Digest in our own words; the document&#39;s text follows it." in html or (
        "Digest in our own words; the document's text follows it." in html
    )
    assert "<b>" not in html and "javascript:" not in html
    assert "<h3>Summary</h3>" in html


def test_text_that_is_not_verbatim_is_labelled(client: FlaskClient) -> None:
    for docno, words in (
        ("rewritten-report", "Text lightly rewritten by the export"),
        ("digest-report", "Digest in our own words"),
    ):
        assert words in client.get(f"/documents/{docno}").text
    assert "own-words" not in client.get("/documents/small-01").text


def test_a_markdown_heading_loses_its_marks(client: FlaskClient) -> None:
    shown = words_of(client.get("/documents/digest-report").text)
    assert "## Concerns" not in shown and "Concerns" in shown


def test_details_only_lead_to_the_original(client: FlaskClient) -> None:
    html = client.get("/documents/details-only").text
    assert "Only the published details are held; open the original." in html
    assert "details-only/" in html


@pytest.mark.parametrize("docno", ["nothing", "%00", "..%2F..%2Fetc", "a/b", "%3Cscript%3E"])
def test_a_document_that_is_not_held_is_a_page_that_helps(client: FlaskClient, docno: str) -> None:
    answer = client.get(f"/documents/{docno}")
    assert answer.status_code == 404
    assert "begin at the start page" in answer.text and "<script" not in answer.text

"""The search page: hits by document, facets, chips, hostile questions, the file."""

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient

from kb.errors import ModelUnavailable
from kb.settings import Home
from tests.library_for_tests import (
    BOARD,
    CIRCUMSTANCES,
    COORDINATOR,
    DECEASED,
    EVERY,
    FULL,
    HOSTILE,
    TRUST,
    app_over,
    key_of,
    write_library,
)
from webui import create_app


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def count(html: str) -> str:
    """Return the words that count what was found."""
    found = re.search(r'<h2 class="count">(.*?)</h2>', html)
    return found[1] if found else ""


def test_a_hit_says_everything_about_itself(client: FlaskClient) -> None:
    html = client.get("/search?q=allocated+eleven+weeks").text
    key = key_of(FULL, COORDINATOR)
    assert '<h3><a href="/documents/full-report">Nobody held the plan</a></h3>' in html
    assert "2099-0001" in html and "3 March 2099" in html and "To: Northmoor Partnership" in html
    assert (
        f'<a href="/documents/full-report#p-{key}">Coroner&#39;s concerns, no. 1</a>, page 2'
        in html
    )
    assert "was <mark>allocated</mark> for <mark>eleven weeks</mark>, so" in html
    assert '<a class="tag" href="/themes/care_coordination">Care coordination</a>' in html
    assert "Matched by words" in html
    assert f'name="key" value="{key}"' in html
    assert 'href="https://www.judiciary.uk/prevention-of-future-death-reports/full-report/"' in html


def test_text_from_a_document_is_escaped(client: FlaskClient) -> None:
    html = client.get("/search?q=staff+wrote+script+notes").text
    assert "<script" not in html
    assert "&lt;<mark>script</mark>&gt;alert(&#39;x&#39;)" in html
    assert HOSTILE not in html


def test_a_question_is_escaped(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in html


def test_circumstances_are_closed_until_asked_for(client: FlaskClient) -> None:
    html = client.get("/search?q=disused+lighthouse").text
    at = html.index("<mark>disused lighthouse</mark>")
    before = html[:at]
    opened = before.rindex("<details")
    assert opened > before.rfind("</details>")
    assert "Circumstances of the death: open to read" in before[opened:]
    assert "<details open" not in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("late+discharge+summary", "Text lightly rewritten by the export&#39;s maker"),
        ("key+worker", "Digest in our own words"),
    ],
)
def test_words_that_are_not_the_document_s_own_are_labelled(
    client: FlaskClient, query: str, words: str
) -> None:
    assert words in client.get(f"/search?q={query}").text


def test_verbatim_words_carry_no_label(client: FlaskClient) -> None:
    assert (
        "own-words" not in client.get("/search?q=allocated+eleven+weeks&kind=report&year=2099").text
    )


def test_a_document_of_details_only_says_so_and_leads_to_the_original(client: FlaskClient) -> None:
    html = client.get("/search?q=2096-0004").text
    assert "Only the published details are held; open the original." in html
    assert "details-only/" in html and "Matched by published details" in html


def test_the_deceased_is_not_named(client: FlaskClient) -> None:
    for path in ("/search", "/search?q=2096-0004", "/search.csv", "/api/search?q=2096-0004"):
        assert DECEASED not in client.get(path).text


def test_only_web_addresses_become_links(client: FlaskClient) -> None:
    html = client.get("/search?q=named+in+a+week").text
    assert "Letter to the coroner" in html
    assert "javascript:" not in html
    assert "Source: trust-letter.txt" in html


def test_passages_and_documents_are_counted_in_words(client: FlaskClient) -> None:
    assert count(client.get("/search?theme=care_coordination").text) == "4 passages in 3 documents"
    assert count(client.get("/search?theme=records_it").text) == "1 passage in 1 document"
    assert count(client.get("/search").text) == "17 documents"


def test_further_passages_of_a_document_are_counted_and_linked(client: FlaskClient) -> None:
    html = client.get("/search?kind=report&section=concerns&year=2099").text
    assert '<a href="/documents/full-report">2 more passages in this document</a>' in html
    assert html.count('<div class="passage"') == 3


def test_facets_add_a_filter_and_chips_take_it_away(client: FlaskClient) -> None:
    html = client.get("/search?q=zebra").text
    added = "/search?q=zebra&amp;theme=training"
    assert f'<a href="{added}">Training and supervision</a> <span class="num">12</span>' in html
    narrowed = client.get("/search?q=zebra&theme=training&page=1").text
    assert '<a href="/search?q=zebra"><span class="hidden">Remove the filter </span>' in narrowed
    assert "Theme: Training and supervision" in narrowed


def test_every_facet_s_number_is_what_its_link_finds(client: FlaskClient) -> None:
    html = client.get("/search?theme=training").text
    found = re.findall(r'<li><a href="(/search[^"]+)">[^<]*</a> <span class="num">(\d+)<', html)
    assert len(found) > 10
    for link, number in found:
        narrowed = client.get(link.replace("&amp;", "&")).text
        assert re.search(rf"in {number} documents?$", count(narrowed)), link


def test_pages_of_results_lead_on_and_back(client: FlaskClient) -> None:
    first = client.get("/search?theme=training").text
    second = client.get("/search?theme=training&page=2").text
    assert '<a rel="next" href="/search?theme=training&amp;page=2">' in first
    assert '<a rel="prev" href="/search?theme=training">' in second
    titles = [set(re.findall(r"Small report \d+", html)) for html in (first, second)]
    assert (len(titles[0]), len(titles[1])) == (10, 2)
    assert not titles[0] & titles[1]


def test_a_page_past_the_end_says_so(client: FlaskClient) -> None:
    html = client.get("/search?theme=training&page=9").text
    assert "There is no page 9" in html and "Go to the first page" in html


def test_nothing_found_helps_on(client: FlaskClient) -> None:
    html = client.get("/search?q=xylophone&kind=action_plan").text
    assert "Nothing was found" in html
    assert '<a href="/search?q=xylophone">Search again without filters</a>' in html
    assert "Try fewer words" in html


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=plan+-zebra+OR+%22", 200),
        ("q=-zebra", 200),
        ("q=ref:2099-0999", 200),
        ("q=org:%25", 200),
        ("q=theme:weather", 400),
        ("q=org:zzzz", 400),
        ("q=%00", 200),
        ('q="', 200),
        ("q=%22%22%22+OR+NEAR(", 200),
        ("q='; DROP TABLE passages;--", 200),
        ("q=" + "plan+" * 2_000, 200),
        ("q=%F0%9F%A6%93+%ED%A0%80", 200),  # an emoji and half a surrogate
        ("q=*", 200),
        ("unknown=1&q=plan", 200),
        ("area=nowhere&category=%00", 200),
        ("page=abc", 400),
        ("page=-1", 400),
        ("page=1000000000", 400),
        ("kind=%3Cscript%3E", 400),
        ("theme=weather", 400),
        ("organisation=zzzz", 400),
        ("organisation=%25", 400),
        ("from=yesterday", 400),
        ("section=chapter", 400),
    ],
)
@pytest.mark.parametrize("path", ["/search", "/search.csv", "/api/search"])
def test_hostile_questions_get_an_answer_or_a_sentence(
    client: FlaskClient, path: str, query: str, status: int
) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == status
    assert "<script" not in answer.text or path == "/api/search"
    if path == "/api/search":
        assert ("error" in json.loads(answer.text)) == (status == 400)


def test_without_a_model_the_page_says_that_it_searched_by_words(home: Home) -> None:
    write_library(home, FULL)
    app = create_app(home, encoder=ModelUnavailable("The model is missing. Install it."))
    html = app.test_client().get("/search?q=allocated").text
    assert "Searched by words alone. The model is missing. Install it." in html
    assert "<mark>allocated</mark>" in html


def test_the_file_holds_the_question_its_caveats_and_every_passage(client: FlaskClient) -> None:
    answer = client.get("/search.csv?theme=training&organisation=" + BOARD.replace("&", "%26"))
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    blank = lines.index([])
    about = {line[0]: line[1] for line in lines[:blank]}
    assert about["Theme"] == "Training and supervision"
    assert about["Organisation"] == BOARD
    assert about["Found"] == "6 passages in 6 documents"
    assert about["Library"].startswith("generation 17, last changed ")
    assert sum(line[0] == "Caveat" for line in lines[:blank]) == 6
    head, *rows = lines[blank + 1 :]
    assert len(rows) == 6
    first = dict(zip(head, rows[0], strict=True))
    assert first["document"] == "small-11"
    assert first["organisations"] == f"{TRUST}; {BOARD}"
    assert first["whose words"] == "The document's own words"


def test_the_file_leaves_circumstances_closed(client: FlaskClient) -> None:
    text = client.get("/search.csv?section=circumstances").text
    assert CIRCUMSTANCES not in text
    assert "Circumstances of the death: open to read" in text


def test_the_interface_answers_as_the_command_line_does(client: FlaskClient) -> None:
    answer = json.loads(client.get("/api/search?q=allocated+eleven+weeks&limit=1").text)
    (hit,) = answer["hits"]
    assert (hit["docno"], hit["rank"], hit["text"]) == ("full-report", 1, COORDINATOR)
    assert hit["themes"][0]["theme"] == "care_coordination"


def chips(html: str) -> dict[str, str]:
    """Return the chips of a page with the addresses that take each away."""
    found = re.findall(r'<li><a href="([^"]*)"><span class="hidden">[^<]*</span>([^<]*) <', html)
    return {words: link.replace("&amp;", "&") for link, words in found}


def test_what_was_understood_stands_above_the_results_and_can_be_taken_off(
    client: FlaskClient,
) -> None:
    typed = '"the plan" -third ward OR weeks theme:care_coordination year:2097-2099'
    html = client.get("/search", query_string={"q": typed, "kind": "report"}).text
    found = chips(html)
    assert list(found) == [
        "Exactly: the plan",
        "Without: third",
        "One of: ward or weeks",
        "Theme: Care coordination",
        "Year: 2097 to 2099",
        "Kind: PFD report",
    ]
    assert count(html) == "1 passage in 1 document"
    for words, link in found.items():
        without = client.get(link)
        assert without.status_code == 200
        assert list(chips(without.text)) == [one for one in found if one != words]


def test_the_question_s_own_filter_stands_in_place_of_the_address_s(client: FlaskClient) -> None:
    html = client.get("/search?q=theme:staffing&theme=training").text
    assert list(chips(html)) == ["Theme: Staffing"]
    assert count(html) == "3 passages in 3 documents"
    assert '<h3 id="facet-theme">' not in html


def test_documents_that_a_question_only_narrows_are_counted_as_documents(
    client: FlaskClient,
) -> None:
    html = client.get("/search?q=year:2099").text
    assert count(html) == "2 documents"
    assert "Newest first." in html


def test_a_theme_that_is_none_is_answered_with_those_there_are(client: FlaskClient) -> None:
    html = client.get("/search?q=theme:weather").text
    assert "There is no theme &#39;weather&#39;. The themes are: " in html


def test_another_spelling_is_offered_and_not_searched_for(client: FlaskClient) -> None:
    html = client.get("/search?q=zeebra+%3Cb%3E&kind=report").text
    link = '<a href="/search?q=zebra+%3Cb%3E&amp;kind=report">zebra &lt;b&gt;</a>?'
    assert f"Did you mean {link}" in html
    assert "<mark>zebra</mark>" not in html
    assert "Did you mean" not in client.get("/search?q=zebra").text


def test_nothing_found_leads_to_the_words_alone(client: FlaskClient) -> None:
    html = client.get("/search", query_string={"q": '"zebra rota" year:2099'}).text
    assert "Nothing was found" in html
    assert '<a href="/search?q=zebra+rota">Search again for the words alone</a>' in html


def test_the_file_tells_the_filters_of_the_question_s_words(client: FlaskClient) -> None:
    text = client.get("/search.csv?q=theme:staffing").text
    assert "Theme,Staffing" in text
    assert "3 passages in 3 documents" in text


def test_how_to_search_is_told_beside_the_box_with_examples_that_work(client: FlaskClient) -> None:
    for path in ("/", "/search?q=plan"):
        assert '<a href="/search/help">How to search</a>' in client.get(path).text
    html = client.get("/search/help").text
    examples = re.findall(r'<a href="(/search\?q=[^"]+)"><code>', html)
    assert len(examples) >= 6
    for link in examples:
        assert client.get(link.replace("&amp;", "&")).status_code == 200

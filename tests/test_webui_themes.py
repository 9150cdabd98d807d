"""Theme pages and recurring concerns: counts of distinct reports, each leading to its words."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.measured import measured
from kb.settings import Home
from kb.store import Store
from kb.store import clusters as kept
from tests.library_for_tests import (
    CIRCUMSTANCES,
    COORDINATOR,
    EVERY,
    RECURRING,
    SMALL,
    app_over,
    write_library,
)


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def documents_found(client: FlaskClient, link: str) -> int:
    """Return how many documents a link to the search leads to."""
    html = client.get(link.replace("&amp;", "&")).text
    found = re.search(r'<h2 class="count">.*?(\d+) documents?</h2>', html)
    return int(found[1]) if found else 0


def test_every_theme_stands_in_the_list_with_numbers_that_lead_to_as_many(
    client: FlaskClient,
) -> None:
    html = client.get("/themes").text
    assert len(re.findall(r'<h3><a href="/themes/\w+">', html)) == 26
    assert html.count("(starred)") == 5
    numbers = re.findall(r'<a href="(/search[^"]*)">(\d+) (?:reports?|documents?)', html)
    assert len(numbers) == 10  # five themes, reports and documents of each
    for link, number in numbers:
        assert documents_found(client, link) == int(number), link


def test_a_theme_s_numbers_lead_to_as_many_documents(client: FlaskClient) -> None:
    html = client.get("/themes/training").text
    numbers = re.findall(r'<a href="(/search[^"]*)">(\d+)[ <]', html)
    assert len(numbers) == 3  # all reports, one kind, the organisation that has ten with text
    for link, number in numbers:
        assert documents_found(client, link) == int(number), link
    assert "Raised in" in html and "of 15 held with text" in html


def test_a_theme_is_shown_in_the_clearest_words_of_the_newest_documents(
    client: FlaskClient,
) -> None:
    html = client.get("/themes/care_coordination").text
    quoted = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html)
    assert [re.sub("<.*?>", "", text) for text in quoted] == [
        "A care coordinator is now named in a week.",
        COORDINATOR,
        "No key worker was named.",
    ]
    assert "<mark>care coordinator</mark>" in html


def test_no_quotation_comes_from_the_circumstances(client: FlaskClient) -> None:
    assert CIRCUMSTANCES not in client.get("/themes/care_coordination").text


def test_a_theme_without_figures_says_that_it_is_not_measured(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.views.themes.measured", lambda: None)
    html = client.get("/themes/dual_diagnosis").text
    assert "Not measured." in html and "pfdkb evaluate themes" in html
    assert "No passage held here shows this theme yet." in html


def test_the_years_of_a_theme_stand_in_its_table_without_gaps(client: FlaskClient) -> None:
    html = client.get("/themes/training").text
    years = re.findall(r'<tr><th scope="row">(\d{4})</th><td class="num">(\d+)</td>', html)
    assert years == [(str(year), "1") for year in range(2080, 2080 + len(SMALL))]


def test_a_measured_theme_shows_its_figures_the_labels_behind_them_and_who_labelled(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = {"labels": 7, "precision": 0.75, "recall": 0.5, "f1": 0.6}
    gold = {"passages": 402, "micro_f1": 0.7, "macro_f1": 0.65, "themes": {"staffing": row}}
    file = tmp_path / "measured.json"
    file.write_text(json.dumps({"gold": gold}))
    monkeypatch.setattr("webui.views.themes.measured", lambda: measured(file))
    shown = " ".join(client.get("/themes/staffing").text.split())
    for words in (
        "Precision 0.75: the share",
        "Recall 0.50: the share",
        "Measured on 402 labelled passages",
        "of which 7 show this theme",
        "The labels are by language models; no person labelled them.",
        "With so few labels the figures swing.",
    ):
        assert words in shown
    assert "Not measured." in client.get("/themes/training").text


def test_counts_by_year_and_kind_stand_beside_what_is_held(client: FlaskClient) -> None:
    html = client.get("/themes/staffing").text
    assert '<tr><th scope="row">2099</th><td class="num">1</td><td class="num">1</td></tr>' in html
    kinds = re.findall(
        r'<th scope="row">([^<]+)</th><td class="num">.*?<td class="num">(\d+)', html
    )
    assert ("PFD report", "15") in kinds


def test_a_theme_shows_what_published_frames_call_it(client: FlaskClient) -> None:
    html = client.get("/themes/dual_diagnosis").text
    assert "Services for dual diagnosis" in html and "means the same" in html
    whole = client.get("/themes/crosswalk").text
    assert len(re.findall(r'<h2 id="(\w+)">', whole)) == 26
    table = client.get("/themes/crosswalk.csv").text
    assert "dual_diagnosis,Dual diagnosis," in table and "exact,means the same" in table


def test_an_unknown_theme_is_not_held(client: FlaskClient) -> None:
    assert client.get("/themes/weather").status_code == 404


def test_a_recurring_concern_is_counted_by_reports(client: FlaskClient, home: Home) -> None:
    with Store.reading(home) as store:
        (cluster,) = [c for c in kept.held(store.db) if "rota" in c.label or c.reports == 3]
    listed = client.get("/clusters?band=recurring").text
    assert f'href="/clusters/{cluster.id}"' in listed
    assert "3 reports · 2 organisations · 2097 to 2099" in listed
    assert RECURRING.split(".")[0] in listed
    shown = client.get(f"/clusters/{cluster.id}").text
    titles = re.findall(r'<h3><a href="/documents/([\w-]+)">', shown)
    assert titles == ["full-report", "rewritten-report", "digest-report"]
    assert "Digest in our own words" in shown


def test_the_first_band_shown_is_the_most_established_one_there_is(client: FlaskClient) -> None:
    html = client.get("/clusters").text
    counts = dict(re.findall(r">(\w+) \((\d+)\)</a>", html))
    first = next(band for band, count in counts.items() if int(count))
    assert f'aria-current="page">{first} (' in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clusters?band=weather", 400),
        ("/clusters?page=x", 400),
        ("/clusters?page=999", 200),
        ("/clusters/0000000000", 404),
        ("/clusters/%00", 404),
    ],
)
def test_an_impossible_cluster_gets_a_sentence(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status

"""Learning pages: Markdown with live counts, charts and quotations."""

import re
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.library import Directive
from kb.settings import Home
from tests.library_for_tests import EVERY, app_over, write_library
from webui.views.learning import live


@pytest.fixture
def app(home: Home) -> Flask:
    """The application over the library."""
    write_library(home, *EVERY)
    return app_over(home)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser before the library."""
    return app.test_client()


def test_every_page_is_listed_with_the_reports_held(client: FlaskClient) -> None:
    html = client.get("/learning").text
    assert len(re.findall(r'<h2><a href="/learning/\w+">', html)) == 5
    assert "Care coordination · 2 reports held here" in html


def test_a_page_holds_live_counts_a_chart_and_quotations(client: FlaskClient) -> None:
    html = client.get("/learning/care_coordination").text
    assert "[[" not in html
    assert ">2 reports</a> of 15 held with text raise this theme" in html
    assert "<svg" in html
    quotations = re.findall(r'<figure class="quotation".*?</figure>', html, re.DOTALL)
    assert len(quotations) == 3
    assert "2099" in quotations[0] and "Digest in our own words" in quotations[2]
    assert all("/documents/" in quotation for quotation in quotations)


def test_headings_stand_in_order(client: FlaskClient) -> None:
    levels = [int(n) for n in re.findall(r"<h(\d)", client.get("/learning/staffing").text)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@pytest.mark.parametrize(
    "directive",
    [
        Directive("weather", ("staffing",), "[[weather: staffing]]"),
        Directive("count", (), "[[count: ]]"),
        Directive("count", ("weather",), "[[count: weather]]"),
        Directive("passages", ("staffing", "many"), "[[passages: staffing, many]]"),
        Directive("passages", ("staffing", "9999"), "[[passages: staffing, 9999]]"),
        Directive("<b>", ("staffing",), "[[<b>: staffing]]"),
    ],
)
def test_a_directive_that_is_not_understood_is_a_sentence(app: Flask, directive: Directive) -> None:
    with app.test_request_context():
        html = live(directive)
    assert html.startswith("<p>This page asks for something that cannot be shown here:")
    assert "<b>" not in html


def test_a_theme_that_nothing_shows_has_no_quotation_and_no_error(app: Flask) -> None:
    with app.test_request_context():
        html = live(Directive("passages", ("transitions", "3"), ""))
        chart = live(Directive("years", ("transitions",), ""))
    assert "No passage held here shows transitions yet." in html
    assert "<svg" not in chart


def test_a_page_that_is_not_there_is_not_held(client: FlaskClient) -> None:
    for key in ("transitions", "weather"):
        assert client.get(f"/learning/{key}").status_code == 404

"""An audit on the pages: a drawn group is read and marked, and the marks are kept."""

import re

import pytest
from flask.testing import FlaskClient

from kb.audits import GroupVerdict
from kb.settings import Home
from kb.store import Store, audits
from tests.library_for_tests import app_over, token, write_library
from tests.test_kb_audits import GATES, LAMPS

PAGE = "/clusters/audit"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before a library of one group of three reports, and one of two."""
    write_library(home, *LAMPS, *GATES)
    return app_over(home).test_client()


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    """A browser whose user has said who they are."""
    client.post("/editor", data={"csrf": token(client), "who": "Robin Invented", "passage": ""})
    return client


def form(client: FlaskClient, **said: str) -> dict[str, str]:
    """Return the group's form, every passage fitting, with what is said otherwise."""
    html = client.get(PAGE).text
    group = re.search(r'name="group" value="(\w+)"', html)
    assert group is not None
    fits = dict.fromkeys(re.findall(r'name="(fits-\w+)"', html), "yes")
    values = {"groups": "60", "seed": "7", "group": group[1], "verdict": "coherent", "fair": "yes"}
    return {"csrf": token(client), **values, **fits, **said}


def kept(home: Home) -> list[audits.Audit]:
    with Store.reading(home) as store:
        return audits.held(store.db)


def test_a_drawn_group_is_shown_with_every_passage_and_its_place(client: FlaskClient) -> None:
    html = client.get(PAGE).text
    assert "Audit: group 1 of 1" in html
    assert html.count("<blockquote") == len(LAMPS)
    assert all(f"/documents/{one.docno}#p-" in html for one in LAMPS)
    assert "Say who you are" in html and "Keep these marks" not in html


def test_marks_are_kept_with_who_made_them_and_shown_again(reader: FlaskClient, home: Home) -> None:
    answer = reader.post(PAGE, data=form(reader))
    assert answer.status_code == 302
    (audit,) = kept(home)
    assert (audit.reader, audit.seed) == ("Robin Invented", 7)
    (marks,) = audit.groups
    assert (marks.verdict, marks.label_fair) == (GroupVerdict.COHERENT, True)
    assert list(marks.fits.values()) == [True] * len(LAMPS)
    html = reader.get(PAGE).text
    assert "1 of 1 group marked" in html
    assert html.count(" checked") == len(LAMPS) + 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"verdict": ""}, "Say of the group whether it is coherent"),
        ({"fair": "maybe"}, "Say of the group whether it is coherent"),
        ({"verdict": "reject"}, "a rejected group has no concern that a member could fit"),
        ({"verdict": "strays"}, "has members that fit and some not"),
    ],
)
def test_marks_that_are_not_whole_or_against_each_other_are_refused(
    reader: FlaskClient, home: Home, said: dict[str, str], sentence: str
) -> None:
    answer = reader.post(PAGE, data=form(reader, **said))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert kept(home) == []


def test_a_passage_without_a_mark_is_told(reader: FlaskClient, home: Home) -> None:
    values = form(reader)
    values.pop(next(name for name in values if name.startswith("fits-")))
    assert "1 of 3 passages are not marked" in reader.post(PAGE, data=values).text
    assert kept(home) == []


def test_a_group_that_was_not_drawn_is_not_marked(reader: FlaskClient, home: Home) -> None:
    answer = reader.post(PAGE, data=form(reader, group="0123456789"))
    assert answer.status_code == 404
    assert kept(home) == []


def test_nobody_marks_without_a_name_or_from_elsewhere(client: FlaskClient, home: Home) -> None:
    assert "Say who you are first" in client.post(PAGE, data=form(client)).text
    answer = client.post(PAGE, data=form(client), environ_base=ELSEWHERE)
    assert answer.status_code in (400, 403)
    assert kept(home) == []


@pytest.mark.parametrize(
    "asked", ["?seed=x", "?seed=--5", "?seed=" + "9" * 30, "?groups=0", "?at=2", "?groups=many"]
)
def test_a_draw_that_cannot_be_is_refused_with_a_sentence(client: FlaskClient, asked: str) -> None:
    answer = client.get(PAGE + asked)
    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_a_library_without_groups_says_that_there_is_nothing_to_audit(home: Home) -> None:
    write_library(home, *GATES)
    answer = app_over(home).test_client().get(PAGE)
    assert "there is nothing to audit" in answer.text

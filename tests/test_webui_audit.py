"""What the pages of recurring concerns say of audits."""

import pytest
from flask.testing import FlaskClient

from kb.audits import GroupMarks, GroupVerdict
from kb.settings import Home
from kb.store import Store, audits
from tests.library_for_tests import EVERY, app_over, write_library


@pytest.fixture
def client(home: Home) -> FlaskClient:
    write_library(home, *EVERY)
    return app_over(home).test_client()


def mark_one(home: Home, reader: str) -> tuple[str, str]:
    """Mark one group with its last passage a stray; return its id and that of another group."""
    with Store.writing(home, purpose="test") as store:
        group, other = audits.draw(store.db, groups=2, seed=7)
        keys = sorted(audits.member_keys(store.db)[group.id])
        marks = GroupMarks(
            cluster_id=group.id,
            label=group.label,
            verdict=GroupVerdict.STRAYS,
            label_fair=False,
            fits={key: key != keys[-1] for key in keys},
        )
        audits.keep(store.db, [marks], seed=7, reader=reader)
    return group.id, other.id


def test_a_library_without_an_audit_says_so(client: FlaskClient, home: Home) -> None:
    with Store.reading(home) as store:
        (one,) = audits.draw(store.db, groups=1, seed=7)
    for page in ("/clusters", f"/clusters/{one.id}"):
        assert "was not audited in this library" in client.get(page).text


def test_the_list_tells_what_the_audit_found(client: FlaskClient, home: Home) -> None:
    mark_one(home, "Robin <b>Invented</b>")
    html = client.get("/clusters").text
    assert "In an audit of 1 group (drawn with seed 7, read by Robin &lt;b&gt;Invented" in html
    assert "1 of 1 (100%, 95% interval 21 to 100%) coherent with strays" in html
    assert "not audited" not in html


def test_a_group_that_was_read_shows_its_verdict_and_its_stray(
    client: FlaskClient, home: Home
) -> None:
    read, other = mark_one(home, "Robin Invented")
    html = client.get(f"/clusters/{read}").text
    assert "Read by Robin Invented" in html and "the name is not fair" in html
    assert html.count("Does not fit this group, by the reading of Robin Invented.") == 1
    html = client.get(f"/clusters/{other}").text
    assert "This group was not drawn. In an audit of 1 group" in html
    assert "Does not fit" not in html

"""Editors on the pages: who may judge, what is kept, and what everyone then sees."""

import re

import pytest
from flask.testing import FlaskClient

from kb.settings import Home
from kb.store import Store, judgements
from tests.library_for_tests import (
    COORDINATOR,
    EVERY,
    FULL,
    RECURRING,
    app_over,
    key_of,
    token,
    write_library,
)

KEY = key_of(FULL, COORDINATOR)
PAGE = "/documents/full-report"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    """A browser whose user has said who they are."""
    form = {"csrf": token(client), "who": "Robin Invented", "passage": KEY}
    answer = client.post("/editor", data=form)
    assert answer.headers["Location"] == f"{PAGE}#p-{KEY}"
    return client


def say(client: FlaskClient, words: str, **more: str) -> tuple[int, str]:
    """Send an editor's form; return the status and where it leads, or the page."""
    form = {"csrf": token(client), "say": words, **more}
    answer = client.post(f"/passages/{KEY}/themes", data=form)
    return answer.status_code, answer.headers.get("Location") or answer.text


def passage_html(client: FlaskClient, key: str = KEY) -> str:
    html = client.get(PAGE).text
    start = html.index(f'id="p-{key}"')
    return html[start : html.find('class="numbered"', start)]


def test_a_rejected_theme_is_struck_through_for_the_editor_and_can_be_undone(
    editor: FlaskClient,
) -> None:
    assert say(editor, "reject care_coordination") == (302, f"{PAGE}#p-{KEY}")
    html = passage_html(editor)
    assert "<s>Care coordination</s>" in html
    assert 'name="say" value="undo care_coordination"' in html
    assert "rejected by Robin Invented" in html
    assert f'href="{PAGE}?theme=care_coordination' not in html
    say(editor, "undo care_coordination")
    assert "<s>" not in passage_html(editor)
    assert f'href="{PAGE}?theme=care_coordination' in passage_html(editor)


def test_a_rejected_theme_counts_no_longer_on_any_page(editor: FlaskClient) -> None:
    assert COORDINATOR in re.sub("<.*?>", "", editor.get("/themes/care_coordination").text)
    say(editor, "reject care_coordination")
    shown = editor.get("/themes/care_coordination").text
    assert COORDINATOR not in re.sub("<.*?>", "", shown)
    assert "Editors of this library confirmed 0, rejected 1 and added 0" in shown


@pytest.mark.parametrize(
    ("words", "theme", "shown"),
    [
        ("confirm care_coordination", "", "confirmed by an editor"),
        ("add", "Training and supervision", "added by an editor"),
        ("add", "training", "added by an editor"),
    ],
)
def test_confirmed_and_added_themes_say_so_to_everyone(
    editor: FlaskClient, words: str, theme: str, shown: str
) -> None:
    assert say(editor, words, theme=theme)[0] == 302
    assert shown in passage_html(editor)
    reader = editor.application.test_client()
    assert shown in reader.get(PAGE, environ_base=ELSEWHERE).text


def test_the_marked_theme_stays_marked_after_judging(editor: FlaskClient) -> None:
    _, place = say(editor, "confirm care_coordination", marked="staffing")
    assert place == f"{PAGE}?theme=staffing#p-{KEY}"


def test_readers_elsewhere_see_no_form_no_rejection_and_can_send_nothing(
    editor: FlaskClient, home: Home
) -> None:
    say(editor, "reject care_coordination")
    html = editor.get(PAGE, environ_base=ELSEWHERE).text
    assert "Edit themes" not in html and "<s>" not in html
    form = {"csrf": token(editor), "say": "undo care_coordination"}
    answer = editor.post(f"/passages/{KEY}/themes", data=form, environ_base=ELSEWHERE)
    assert answer.status_code == 403 and "served to be read" in answer.text
    with Store.reading(home) as store:
        assert len(judgements.of_passages(store.db, [KEY])[KEY]) == 1


def test_the_login_that_the_server_vouches_for_is_who_judges(
    editor: FlaskClient, home: Home
) -> None:
    form = {"csrf": token(editor), "say": "reject care_coordination"}
    editor.post(f"/passages/{KEY}/themes", data=form, environ_base={"REMOTE_USER": "sam"})
    with Store.reading(home) as store:
        (one,) = judgements.of_passages(store.db, [KEY])[KEY]
    assert one.who == "sam"


def test_nobody_judges_without_a_name_or_a_token(client: FlaskClient) -> None:
    assert "Say who you are" in passage_html(client)
    status, page = say(client, "reject care_coordination")
    assert status == 400 and "Say who you are first" in page
    answer = client.post(f"/passages/{KEY}/themes", data={"say": "reject care_coordination"})
    assert answer.status_code == 400 and "reload the page" in answer.text


@pytest.mark.parametrize(
    ("words", "theme", "status"),
    [
        ("", "", 400),
        ("burn care_coordination", "", 400),
        ("add", "", 400),
        ("add", "<script>alert(1)</script>", 400),
        ("add", "own:none", 400),
        ("reject training", "", 400),
        ("undo training", "", 404),
    ],
)
def test_what_cannot_be_said_gets_a_sentence(
    editor: FlaskClient, words: str, theme: str, status: int
) -> None:
    got, page = say(editor, words, theme=theme)
    assert got == status and "<script" not in page


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\x00b"])
def test_a_name_that_is_none_is_refused(client: FlaskClient, name: str) -> None:
    assert client.post("/editor", data={"csrf": token(client), "who": name}).status_code == 400


def test_a_passage_that_is_not_held_cannot_be_judged(editor: FlaskClient) -> None:
    form = {"csrf": token(editor), "say": "add", "theme": "training"}
    assert editor.post(f"/passages/{'0' * 12}/themes", data=form).status_code == 404


def test_while_another_process_writes_the_form_says_so(editor: FlaskClient, home: Home) -> None:
    with Store.writing(home, purpose="ingest"):
        status, page = say(editor, "reject care_coordination")
    assert status == 503 and "being written to" in page


def make(client: FlaskClient, **values: str) -> tuple[int, str]:
    """Send the form of an own theme; return the status and where it leads, or the page."""
    form = {"csrf": token(client), "name": "Lone <working>", "definition": "", "cues": "one nurse"}
    answer = client.post("/themes/own/new", data={**form, "examples": "", **values})
    return answer.status_code, answer.headers.get("Location") or answer.text


def test_an_own_theme_is_made_marked_and_unmeasured(client: FlaskClient) -> None:
    link = f"http://localhost:8000/documents/full-report#p-{key_of(FULL, RECURRING)}"
    assert make(client, examples=link) == (302, "/themes/own:lone-working")
    html = client.get("/themes/own:lone-working").text
    assert "<h1>Lone &lt;working&gt; (own theme)" in html
    assert "Unmeasured until labelled" in html and "not of the codebook" in html
    assert "full-report ¶6" in html
    for path in ("/themes", "/across", "/search?theme=own:lone-working", PAGE):
        assert "Lone &lt;working&gt; (own theme)" in client.get(path).text, path
    assert "Lone <working> (own theme)" in client.get("/across.csv").text
    assert "Lone <working> (own theme)" in client.get("/search.csv?q=nurse").text


def test_an_own_theme_shows_its_precision_once_tags_are_judged(editor: FlaskClient) -> None:
    make(editor, cues="coordinator\none nurse")
    say(editor, "confirm own:lone-working")
    shown = " ".join(editor.get("/themes/own:lone-working").text.split())
    assert "Of 1 tag that editors judged, 1 was confirmed and 0 rejected: precision 1.00" in shown


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"name": ""}, 400, "needs a name"),
        ({"cues": "*"}, 400, "too short"),
        ({"examples": "0" * 12}, 404, "no passage"),
        ({"examples": "<script>"}, 400, "not the key of a passage"),
    ],
)
def test_a_form_that_cannot_be_keeps_what_was_typed(
    client: FlaskClient, values: dict[str, str], status: int, words: str
) -> None:
    got, page = make(client, definition="Kept words", **values)
    assert got == status and words in page and "Kept words" in page and "<script" not in page


def test_an_own_theme_can_be_removed(client: FlaskClient) -> None:
    make(client)
    form = {"csrf": token(client), "key": "own:lone-working"}
    assert client.post("/themes/own/remove", data=form).status_code == 302
    assert client.get("/themes/own:lone-working").status_code == 404
    assert client.get("/search?theme=own:lone-working").status_code == 400


def test_readers_elsewhere_make_no_themes(client: FlaskClient) -> None:
    form = {"csrf": token(client), "name": "Mine", "cues": "nurse"}
    answer = client.post("/themes/own/new", data=form, environ_base=ELSEWHERE)
    assert answer.status_code == 403
    page = client.get("/themes/own/new", environ_base=ELSEWHERE).text
    assert "served to be read" in page and "<textarea" not in page

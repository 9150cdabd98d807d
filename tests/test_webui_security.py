"""What keeps the pages closed: headers, tokens, hosts, and nothing from elsewhere."""

import re
import stat
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.settings import Home
from tests.library_for_tests import COORDINATOR, EVERY, FULL, app_over, key_of, token, write_library
from webui.security import limit_hosts

PAGES = (
    "/",
    "/search?q=coordinator",
    "/search",
    "/documents/full-report",
    "/themes",
    "/themes/care_coordination",
    "/clusters",
    "/organisations",
    "/across",
    "/across?by=year",
    "/across/compare",
    "/across/passages?by=year&row=2099&theme=staffing",
    "/learning",
    "/learning/care_coordination",
    "/case",
    "/library",
    "/nothing-here",
)


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


@pytest.mark.parametrize("path", [*PAGES, "/health", "/static/style.css", "/api/search?q=plan"])
def test_the_policy_forbids_scripts_and_inline_styles(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy and "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_anything_from_elsewhere(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    loaded = re.findall(r"<(?:link|script|img|iframe|source|video|object)\b[^>]*>", html)
    assert loaded, "the page has a style sheet of its own"
    for tag in loaded:
        assert re.search(r'href="/static/', tag), tag
    assert "<script" not in html
    assert not re.search(r"\sstyle\s*=", html)
    assert not re.search(r"\son\w+\s*=", html)


def test_the_style_sheet_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    css = client.get("/static/style.css").text
    assert "url(" not in css and "@import" not in css and "http" not in css


def test_pages_are_not_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/search").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("sent", ["", "wrong", "é"])
def test_a_form_without_this_session_s_token_is_refused(client: FlaskClient, sent: str) -> None:
    token(client)
    answer = client.post("/case/add", data={"key": key_of(FULL, COORDINATOR), "csrf": sent})
    assert answer.status_code == 400
    assert "reload the page" in answer.text
    assert "Case list (0)" in client.get("/").text


def test_a_form_of_someone_without_a_session_is_refused(client: FlaskClient) -> None:
    assert client.post("/case/clear", data={"csrf": ""}).status_code == 400


def test_the_session_s_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/search?q=plan").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_only_its_own_host_names_are_answered_once_limited(home: Home) -> None:
    write_library(home, FULL)
    app = app_over(home)
    limit_hosts(app, ["127.0.0.1", "localhost", "::1"])
    client = app.test_client()
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert client.get("/search", headers={"Host": host}).status_code == 200
    for host in ("rebound.invalid", "127.0.0.1.rebound.invalid:8000"):
        answer = client.get("/search", headers={"Host": host})
        assert answer.status_code == 400
        assert "under its own address" in answer.text


def test_the_key_that_signs_cookies_is_kept_and_closed_to_others(home: Home) -> None:
    write_library(home, FULL)
    first = app_over(home).secret_key
    file = home.root / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert app_over(home).secret_key == first == file.read_text()


def test_a_damaged_key_is_made_anew(home: Home) -> None:
    write_library(home, FULL)
    (home.root / "secret.key").write_text("short")
    assert len(str(app_over(home).secret_key)) == 64


def test_serving_a_missing_library_makes_no_folder(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    assert app_over(home).test_client().get("/").status_code == 503
    assert not home.root.exists()

"""Text as HTML: nothing of a document ever becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from webui.render import markdown, marked


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("care plan", [(0, 4)], "<mark>care</mark> plan"),
        ("a<b>c", [(1, 4)], "a<mark>&lt;b&gt;</mark>c"),
        ("plan", [], "plan"),
        ("plan", [(0, 2), (1, 4)], "<mark>plan</mark>"),  # overlapping
        ("plan", [(2, 4), (0, 2)], "<mark>plan</mark>"),  # touching, out of order
        ("plan", [(2, 99), (50, 60), (3, 3)], "pl<mark>an</mark>"),  # past the end, empty
        ("{0} %s {x}", [(0, 3)], "<mark>{0}</mark> %s {x}"),  # no formatting of the text
    ],
)
def test_words_are_marked_by_offset(text: str, spans: list[tuple[int, int]], expected: str) -> None:
    assert marked(text, spans) == expected


def test_text_may_begin_later_and_its_marks_still_fit() -> None:
    assert marked("## Plan\n\ncare plan", [(3, 7), (9, 13)], begin=9) == "<mark>care</mark> plan"


@given(st.text(), st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80))))
def test_marking_loses_no_text_and_lets_no_markup_through(
    text: str, spans: list[tuple[int, int]]
) -> None:
    html = str(marked(text, spans))
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert Markup(bare).unescape() == text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[link](javascript:alert(1))",
        "![picture](https://elsewhere.invalid/x.png)",
        '<a href="/x" style="color:red" onclick="x()">a</a>',
        "<style>body{display:none}</style>",
        "<iframe src='https://elsewhere.invalid'></iframe>",
    ],
)
def test_markdown_cannot_bring_in_anything_active(hostile: str) -> None:
    html = markdown(f"Words\n\n{hostile}")
    for word in ("<script", "onerror", "javascript:", "<img", "style", "onclick", "<iframe"):
        assert word not in html


def test_headings_fit_under_the_page_they_stand_on() -> None:
    assert "<h3>Summary</h3>" in markdown("## Summary", top=2)
    assert "<h2>Summary</h2>" in markdown("## Summary")

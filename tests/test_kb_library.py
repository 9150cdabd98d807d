"""Learning pages, citations and case packs."""

from pathlib import Path

import pytest

from kb.citations import after_heading, date_words, section_name
from kb.documents import SectionKind
from kb.errors import Unreadable
from kb.library import (
    CasePack,
    Directive,
    case_entries,
    case_markdown,
    learning_pages,
    read_learning_page,
)
from kb.settings import Home
from kb.store import Store
from kb.themes import themes
from tests.library_for_tests import (
    COORDINATOR,
    DECEASED,
    DIGEST,
    FULL,
    HOSTILE,
    SITE,
    key_of,
    write_library,
)

FRONT = "---\ntheme: staffing\ntitle: Too few\n---\n"


@pytest.fixture
def pack(home: Home) -> CasePack:
    """A passage of a report, one that is not held, one of a digest, and a hostile one."""
    write_library(home, FULL, DIGEST)
    keys = [
        key_of(FULL, COORDINATOR),
        "0123456789ab",
        key_of(DIGEST, "No key worker was named."),
        key_of(FULL, HOSTILE),
    ]
    with Store.reading(home) as store:
        return CasePack(
            title="Plans *and* people", entries=case_entries(store, keys), accessed="2099-11-22"
        )


def test_a_directive_stands_alone_on_its_line(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        FRONT + "Words [[count: staffing]] in a line.\n\n[[passages: staffing, 3]]\n\nEnd"
    )
    assert read_learning_page(file).blocks == (
        "Words [[count: staffing]] in a line.",
        Directive("passages", ("staffing", "3"), "[[passages: staffing, 3]]"),
        "End",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No front matter.", "no_front_matter"),
        ("---\ntheme: staffing\n---\nNo title.", "no_front_matter"),
        ("---\n- a list\n---\n", "no_front_matter"),
        ("---\ntheme: weather\ntitle: Rain\n---\n", "unknown_theme"),
    ],
)
def test_a_page_without_theme_and_title_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "page.md"
    file.write_text(text)
    with pytest.raises(Unreadable) as caught:
        read_learning_page(file)
    assert caught.value.reason == reason
    assert "page.md" in caught.value.sentence


def test_every_starred_theme_has_a_learning_page_with_known_directives() -> None:
    pages = learning_pages()
    assert set(pages) == {theme.key for theme in themes().values() if theme.starred}
    for page in pages.values():
        directives = [block for block in page.blocks if isinstance(block, Directive)]
        assert {d.name for d in directives} == {"count", "years", "passages"}
        assert {d.arguments[0] for d in directives} == {page.theme}


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2099-09-01", "1 September 2099"),
        ("2099-09", "September 2099"),
        ("2099", "2099"),
        (None, "date not stated"),
        ("spring", "spring"),
    ],
)
def test_a_partial_date_stays_partial_in_words(date: str | None, words: str) -> None:
    assert date_words(date) == words


@pytest.mark.parametrize(
    ("kind", "heading", "name"),
    [
        (SectionKind.CONCERNS, "5 CORONERS CONCERNS", "Coroner's concerns"),
        (SectionKind.ANSWER, "Staffing of the team", "Staffing of the team"),
        (SectionKind.BODY, "  ", "Text"),
    ],
)
def test_a_part_of_the_form_goes_by_one_name(kind: SectionKind, heading: str, name: str) -> None:
    assert section_name(kind, heading) == name


@pytest.mark.parametrize(
    ("text", "heading", "words"),
    [
        ("## **Foreword**\n\nIt was a year.", "Foreword", "It was a year."),
        ("5 CONCERNS\nNobody came.", "5 CONCERNS", "Nobody came."),
        ("Foreword to it\nIt was.", "Foreword", "Foreword to it\nIt was."),
        ("## Foreword", "Foreword", "## Foreword"),  # nothing else: keep it
        ("Foreword", "Foreword", "Foreword"),
        ("", "", ""),
    ],
)
def test_a_first_line_that_only_repeats_the_heading_is_not_quoted(
    text: str, heading: str, words: str
) -> None:
    assert text[after_heading(text, heading) :] == words


def test_a_citation_names_everything_but_the_dead(pack: CasePack) -> None:
    quoted = pack.entries[0].quotation
    assert quoted is not None
    citation = quoted.citation(accessed=pack.accessed)
    assert citation == (
        "Coroner area: Northmoor, “Nobody held the plan”, PFD report 2099-0001, sent to Northmoor "
        "Partnership NHS Foundation Trust; Westerby County Council, 3 March 2099, Coroner's "
        f"concerns, no. 1, page 2. {SITE}/full-report/ (as held in pfd-kb on 22 November 2099)."
    )
    assert DECEASED not in case_markdown(pack)


def test_the_citation_of_a_digest_says_that_it_is_one(pack: CasePack) -> None:
    quoted = pack.entries[2].quotation
    assert quoted is not None
    assert "Digest in our own words." in quoted.citation(accessed=pack.accessed)


def test_a_pack_keeps_its_order_and_says_what_is_gone(pack: CasePack) -> None:
    lines = case_markdown(pack).splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        "## 1. Nobody held the plan",
        "## 2. No longer held",
        "## 3. A digest of nobody's plan",
        "## 4. Nobody held the plan",
    ]
    assert any("0123456789ab" in line and "no longer held" in line for line in lines)


def test_only_quotations_stand_as_quotations(pack: CasePack) -> None:
    quoted = [line for line in case_markdown(pack).splitlines() if line.startswith("> ")]
    assert quoted == [
        f"> {COORDINATOR}",
        "> No key worker was named.",
        "> " + HOSTILE.replace("<", r"\<"),
    ]


def test_a_title_cannot_become_markup(pack: CasePack) -> None:
    assert case_markdown(pack).splitlines()[0] == r"# Plans \*and\* people"

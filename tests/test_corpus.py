"""The starter library: enough, spread widely, in our own words, naming no dead."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from kb.settings import Home
from kb.store import Store
from kb.themes import themes
from tests.invented import read_in

ROOT = Path(__file__).resolve().parents[1]
STARTER = sorted((ROOT / "corpus" / "starter").glob("*.md"))
LEARNING = sorted((ROOT / "corpus" / "learning").glob("*.md"))


def front_matter(file: Path) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(file.read_text(encoding="utf-8").split("---\n")[1])
    return found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("starter") / "home")
    outcome = read_in(home, ROOT / "corpus" / "starter")
    assert outcome.failed == []
    return home


@pytest.mark.parametrize("file", STARTER, ids=lambda file: file.stem)
def test_a_digest_says_what_it_is_and_where_it_comes_from(file: Path) -> None:
    facts = front_matter(file)
    assert facts["verbatim"] is False
    assert facts["kind"] in {"report", "response", "action_plan", "annual_report"}
    assert facts["title"] and facts["licence"]
    assert ("url" in facts) != ("source_file" in facts)


def test_the_starter_library_holds_at_least_forty_digests_and_thirty_five_reports() -> None:
    kinds = Counter(str(front_matter(file)["kind"]) for file in STARTER)
    assert kinds.total() >= 40
    assert kinds["report"] >= 35
    assert {"response", "action_plan", "annual_report"} <= set(kinds)


def test_every_theme_is_present_and_the_starred_ones_six_times(library: Home) -> None:
    with Store.reading(library) as store:
        rows = store.db.execute(
            "SELECT t.theme, count(DISTINCT p.document_id) FROM tags t"
            " JOIN passages p ON p.id = t.passage_id GROUP BY 1"
        )
        held = dict(rows.fetchall())
    assert set(held) == set(themes())
    assert min(held[key] for key, theme in themes().items() if theme.starred) >= 6


def test_at_least_fifteen_organisations_and_eight_years_are_present(library: Home) -> None:
    with Store.reading(library) as store:
        bodies = store.db.execute("SELECT count(*) FROM organisations").fetchone()[0]
        years = store.db.execute("SELECT count(DISTINCT substr(date, 1, 4)) FROM documents")
        assert bodies >= 15
        assert years.fetchone()[0] >= 8


def test_each_starred_theme_has_a_learning_page() -> None:
    told = {front_matter(file)["theme"] for file in LEARNING}
    assert told == {key for key, theme in themes().items() if theme.starred}


@pytest.mark.real_data
def test_no_digest_copies_its_source_names_the_dead_or_states_a_wrong_fact(shared: Path) -> None:
    check = [sys.executable, str(shared / "checks" / "check_digests.py"), "corpus"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

"""What the tests share: where the public data lie, and a home of its own for every test."""

from pathlib import Path

import pytest

from kb.settings import Home

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests of the public data, with a reason, where the data are not there."""
    if (SHARED / "data").is_dir():
        return
    skip = pytest.mark.skip(reason="the public documents and exports are not beside the checkout")
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    return Home(tmp_path / "home")


@pytest.fixture
def shared() -> Path:
    """The folder of public data."""
    return SHARED

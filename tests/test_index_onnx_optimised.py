"""A network's optimised form: the same vectors, and never trusted when it is not what was made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import model_folder
from index.failings import FOLDER, NETWORK, FailingModel, keep_optimised_network
from index.onnx_model import TokenModel
from index.onnx_optimised import keep_optimised, optimised_form
from kb.cli.base import failing_model, tagger
from kb.refs import file_hash
from kb.settings import DEFAULT_MODEL, Home
from tests import invented
from tests.damage import cut, flip

pytestmark = pytest.mark.model

TEXTS = ["care", invented.COORDINATOR, invented.report(), "The lorry did not stop. " * 400]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("none"))
    return model_folder(DEFAULT_MODEL, home) / "tokenizer.json"


@pytest.fixture(scope="module")
def sha256() -> str:
    return file_hash(FOLDER / NETWORK)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, tokenizer: Path) -> Path:
    """A folder of models in which the optimised form of the failings' network is kept."""
    folder = tmp_path_factory.mktemp("models")
    keep_optimised_network(tokenizer, folder)
    return folder


def test_it_makes_the_network_s_own_vectors(models: Path, tokenizer: Path, sha256: str) -> None:
    form = optimised_form(sha256, models)
    assert form is not None
    quick = TokenModel(form, tokenizer, batch=1, optimised=True)
    whole = TokenModel(FOLDER / NETWORK, tokenizer, batch=1)
    one, other = (model.means(TEXTS, dimension=384) for model in (quick, whole))
    assert np.sum(one * other, axis=1).min() >= 0.9999


def test_a_model_that_finds_one_takes_it_and_keeps_its_fingerprint(
    models: Path, tokenizer: Path
) -> None:
    quick, whole = FailingModel.load(tokenizer, models=models), FailingModel.load(tokenizer)
    assert quick.fingerprint == whole.fingerprint
    cosines = np.sum(quick.vectors(TEXTS) * whole.vectors(TEXTS), axis=1)
    assert cosines.min() >= 0.9999


def test_an_ingest_has_one_of_each_network(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PFDKB_MODEL", raising=False)
    monkeypatch.delenv("PFDKB_TAGGER", raising=False)
    home.create()
    for made_by in (failing_model, tagger):
        before = list(home.models.rglob("network-*.onnx"))
        made_by(home)
        assert list(home.models.rglob("network-*.onnx")) == before
        made_by(home, prepare=True)
        assert len(list(home.models.rglob("network-*.onnx"))) == len(before) + 1


@pytest.mark.parametrize("suffix", [".onnx", ".bin", ".json"])
@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_a_damaged_one_is_not_used_and_is_made_again(
    models: Path,
    tokenizer: Path,
    sha256: str,
    tmp_path: Path,
    suffix: str,
    damage: Callable[[Path], None],
) -> None:
    copy = shutil.copytree(models, tmp_path / "models")
    form = optimised_form(sha256, copy)
    assert form is not None
    damage(form.with_suffix(suffix))
    assert optimised_form(sha256, copy) is None
    assert FailingModel.load(tokenizer, models=copy).vectors(["care"]).shape == (1, 384)
    keep_optimised_network(tokenizer, copy)
    assert optimised_form(sha256, copy) == form


def test_none_is_made_of_a_network_that_was_changed(
    tokenizer: Path, sha256: str, tmp_path: Path
) -> None:
    network = tmp_path / NETWORK
    shutil.copy(FOLDER / NETWORK, network)
    flip(network)
    keep_optimised(network, sha256, tmp_path / "models", tokenizer=tokenizer)
    assert not (tmp_path / "models").exists()

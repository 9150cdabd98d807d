"""Charts with their tables, and files that a spreadsheet opens safely."""

import csv
import io

import pytest

from kb.settings import Home
from tests.library_for_tests import app_over
from webui.charts import bar_chart, every_year
from webui.csvs import Cell, cell, csv_answer


def test_a_chart_stands_beside_the_table_of_its_figures(home: Home) -> None:
    with app_over(home).test_request_context():
        html = bar_chart({"2098": 3, "2099": 1_200}, title="Reports <by> year")
    assert html.count("<rect") == 2
    assert "<title" in html and "<desc" in html and 'role="img"' in html
    assert '<th scope="row">2099</th><td class="num">1,200</td>' in html
    assert "Reports &lt;by&gt; year" in html and "<by>" not in html
    assert "style=" not in html


def test_the_longest_bar_is_the_largest_number(home: Home) -> None:
    with app_over(home).test_request_context():
        html = bar_chart({"a": 1, "b": 4}, title="T")
    assert 'width="75.0"' in html and 'width="300.0"' in html


def test_a_chart_of_nothing_is_a_sentence(home: Home) -> None:
    with app_over(home).test_request_context():
        assert "<svg" not in bar_chart({}, title="Reports by year")


def test_years_without_reports_are_not_left_out() -> None:
    assert every_year({"2099": 2, "2096": 1}) == {"2096": 1, "2097": 0, "2098": 0, "2099": 2}
    assert every_year({}) == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),  # a leading space does not stop a spreadsheet
        ("plan", "plan"),
        ("a=b", "a=b"),
        (-2, -2),  # a number is a number
        (None, ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(value: Cell, expected: str | int) -> None:
    assert cell(value) == expected


def test_a_file_tells_about_itself_before_its_rows(home: Home) -> None:
    with app_over(home).test_request_context():
        answer = csv_answer("x.csv", about=[("Search", "=cmd")], rows=[("a", "b"), (1, "é")])
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert lines == [["Search", "'=cmd"], [], ["a", "b"], ["1", "é"]]

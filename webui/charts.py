"""Small charts drawn here, as SVG without scripts or styles, each with its table of figures."""

import hashlib
from collections.abc import Mapping

from flask import render_template
from markupsafe import Markup

_ROW = 26
_LABEL_WIDTH = 56
_CHARACTER = 8.5
_BARS_WIDTH = 300
_VALUE_WIDTH = 56
_OF_WIDTH = 90


def bar_chart(
    values: Mapping[str, int],
    *,
    title: str,
    unit: str = "report",
    of: Mapping[str, int] | None = None,
) -> Markup:
    """Return a bar a value, top to bottom in the order given, beside the table of the figures.

    `unit` is what is counted, in the singular. `of` tells how many are held with text for each
    value, beside its bar and in the table; None leaves it out. Nothing to show gives a sentence
    instead.
    """
    widest = max(values.values(), default=0)
    label_width = max(
        _LABEL_WIDTH, int(_CHARACTER * max((len(label) for label in values), default=0)) + 8
    )
    rows = [
        {
            "label": label,
            "count": count,
            "y": _ROW * at,
            "width": round(_BARS_WIDTH * count / widest, 1) if widest else 0,
        }
        for at, (label, count) in enumerate(values.items())
    ]
    return Markup(
        render_template(
            "charts/bars.html",
            title=title,
            id="chart-" + hashlib.sha256(title.encode()).hexdigest()[:8],
            unit=unit,
            rows=rows,
            left=label_width,
            width=label_width + _BARS_WIDTH + _VALUE_WIDTH + (0 if of is None else _OF_WIDTH),
            height=_ROW * len(rows),
            peak=max(values, key=lambda label: values[label]) if widest else None,
            widest=widest,
            of=of,
        )
    )


def every_year(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts by year with the years between that have none, oldest first."""
    years = sorted(int(year) for year in counts if year.isdigit())
    if not years:
        return {}
    return {str(year): counts.get(str(year), 0) for year in range(years[0], years[-1] + 1)}

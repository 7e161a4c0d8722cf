"""Charts as they stand in a report: laid out by the letters it ships, the same on any machine."""

import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path

from arlib.export.report.values import Drawn
from arlib.show.vega import drawing

_OF_MARKS = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_NUMBERED = re.compile(r"[0-9a-f]{8}-(?:gradient_|clip)\d+")  # Vega counts on from chart to chart
_PART = "part\u2060"  # as nothing else in a chart begins
FONTS = Path(__file__).with_name("fonts")


def svg(drawn: Drawn) -> str:
    """A chart as an SVG element: one picture with its description; the same chart is the same text each time.

    What Vega says of each mark (names of columns, in English) is left out: the table beside it holds the figures.
    """
    _register_fonts()
    bare = _OF_MARKS.sub("", drawing(drawn.chart, width=drawn.width))
    names = {name: f"{place}" for place, name in enumerate(dict.fromkeys(_NUMBERED.findall(bare)))}
    numbered = _NUMBERED.sub(lambda found: f"{_PART}{names[found.group()]}", bare)
    mark = hashlib.sha256(numbered.encode()).hexdigest()[:8]  # other charts of the page count from 0 too
    told = escape(described(drawn))
    return numbered.replace(_PART, f"p{mark}-").replace("<svg ", f'<svg role="img" aria-label="{told}" ', 1)


def described(drawn: Drawn) -> str:
    """What a chart shows, for those who do not see it."""
    description = drawn.chart.description
    return description if isinstance(description, str) else ""


@cache
def _register_fonts() -> None:
    import vl_convert  # noqa: PLC0415 - 80 MB, needed only by whoever draws without a browser

    vl_convert.register_font_directory(str(FONTS))

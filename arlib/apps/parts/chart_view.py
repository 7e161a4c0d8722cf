"""Charts in a page that fetches nothing: Vega comes from the kernel once a page, and every chart view shares it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from arlib.show.look import Drawing
from arlib.show.vega import vega_bundle

_HERE = Path(__file__).parent

Datum = Mapping[str, str | float | bool]


class ChartEngine(anywidget.AnyWidget):
    """Brings Vega to the page, 0.9 MB once; altair's own widget would bring it with each chart.

    Put one in the page; it shows nothing.
    """

    _esm = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_esm")
    def _bundled(self) -> str:
        return vega_bundle((_HERE / "engine.js").read_text(encoding="utf-8"))


class ChartView(anywidget.AnyWidget):
    """A place in the page that shows one chart at a time, as SVG, as wide as it is.

    Attributes:
        spec: the Vega-Lite chart shown; an empty one leaves the place empty.
        name: what tests and stylesheets call it.
        opens: whether its marks can be clicked, or chosen with the arrows and Enter.
    """

    _esm = _HERE / "chart_view.js"

    spec: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    opens = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, *, name: str, on_click: Callable[[Datum], None] | None = None) -> None:
        """An empty place.

        Args:
            name: what tests and stylesheets call it.
            on_click: called with what the mark stands for: the columns of its row that are texts, numbers or flags,
                days as `2024-01-31`. Guarded by the page, by `visit.doing`. Lines and areas are no such marks.
        """
        super().__init__(name=name, opens=on_click is not None)
        self._on_click = on_click
        self.on_msg(self._on_message)

    def show(self, chart: Drawing) -> None:
        """Draw a chart in the place of the one before, without the page moving."""
        self.spec = chart.to_dict(validate=False)  # charts of the house; their tests look at each

    def _on_message(self, _: object, content: Mapping[str, Any], __: object) -> None:
        datum = content.get("datum")
        if content.get("kind") == "click" and isinstance(datum, Mapping) and self._on_click is not None:
            self._on_click({str(name): value for name, value in datum.items() if isinstance(value, str | int | float)})

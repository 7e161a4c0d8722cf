"""Charts in a page that fetches nothing: Vega comes from the kernel once a page, and every chart view shares it."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from arlib.show.look import Drawing
from arlib.show.vega import vega_bundle

_HERE = Path(__file__).parent


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
    """

    _esm = _HERE / "chart.js"

    spec: "traitlets.Dict[str, Any]" = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)

    def show(self, chart: Drawing) -> None:
        """Draw a chart in the place of the one before, without the page moving."""
        self.spec = chart.to_dict(validate=False)  # charts of the house; their tests look at each

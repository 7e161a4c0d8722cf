"""Altair for pages that fetch nothing: imported fast, its JavaScript bundled once and kept in the user's cache."""

import hashlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs

# jsonschema compiles an Earley grammar (rfc3987_syntax) to check IRIs, which no chart holds: 1.2 to 1.6 s of every
# start. While altair is imported the package is declared absent, which jsonschema foresees; afterwards it is free
# again for whoever needs it. This is the one place where arlib imports altair first.
_GRAMMAR = "rfc3987_syntax"
_was_absent = sys.modules.setdefault(_GRAMMAR, None) is None  # type: ignore[arg-type]
import altair as alt  # noqa: E402

if _was_absent:
    del sys.modules[_GRAMMAR]

__all__ = ["alt", "drawing", "offline", "picture", "vega_bundle"]

_FULL_WIDTH = "\n.vega-embed { width: 100%; display: flex; }\n"

# A chart as wide as its cell measures it once: drawn before JupyterLab has put its place into the page, which happens
# on a busy machine, it would stay 0 pixels wide.
_IN_PLACE = """
const placed = element => element.clientWidth ? null : new Promise(ready => {
  new ResizeObserver((_, seen) => element.clientWidth && (seen.disconnect(), ready())).observe(element);
});
const placedChart = { ...CHART, render: async given => {
  given.el.classList.add("vega-embed");
  await placed(given.el);
  return CHART.render(given);
} };
export { placedChart as default };
"""
_DEFAULT = re.compile(r"export\s*\{\s*(\w+) as default\s*\};?")

_RENDERER = "arlib"
_PICTURE_WIDTH = 800
_ROOM = 24  # pixels at either side: another machine may write labels with a wider typeface than they were laid out in

_log = logging.getLogger(__name__)


def offline() -> None:
    """Draw the charts of this notebook with nothing fetched: `charts.offline()` once, at its top.

    Altair's own way bundles a megabyte of JavaScript in every kernel (2 s); here the bundle is read from the user's
    cache after the first time. Where Altair has changed inside, its own way is taken.

    Beside the chart that answers to the pointer, each cell keeps its picture: a saved notebook shows its charts where
    no kernel runs, as on GitHub or as a page of nbconvert.
    """
    _bundle_jupyter_chart()
    _fill_the_cell()
    alt.renderers.enable("jupyter", offline=True)
    alt.renderers.register(_RENDERER, partial(_with_picture, alive=alt.renderers.get()))
    alt.renderers.enable(_RENDERER)


def _with_picture(spec: Mapping[str, Any], *, alive: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - Altair's own renderer
    """What a cell holds of a chart: the widget, its picture, its description; whoever shows it takes the first it can.

    The picture has a white ground and dark ink: where it ends up, the page around may be dark and gives it no ink.
    """
    shown, about_shown = alive(spec)
    ground = '<svg style="background:white;color:#24292f;max-width:100%;height:auto" '
    roomy = {**spec, "padding": {"left": _ROOM, "right": _ROOM, "top": 5, "bottom": 5}}
    drawn = _svg(roomy, _PICTURE_WIDTH).replace("<svg ", ground, 1)
    return {**shown, "image/svg+xml": drawn, "text/plain": spec.get("description", "")}, about_shown


def _bundle_jupyter_chart() -> None:
    chart = alt.JupyterChart
    if getattr(chart, "_is_offline", None) is not False or not isinstance(getattr(chart, "_esm", None), str):
        return  # done already, or no longer the class we know: enable_offline() is left to do it
    path = _cache_path("jupyter-chart", _IN_PLACE)
    bundle = _kept(path)
    if not bundle:
        chart.enable_offline()
        bundle = _DEFAULT.sub(lambda default: _IN_PLACE.replace("CHART", default[1]), chart._esm)  # noqa: SLF001
        _keep(path, bundle)
    chart._esm = bundle  # noqa: SLF001 - covered by a test; enable_offline() is behind it
    chart._is_offline = True  # noqa: SLF001


def _fill_the_cell() -> None:
    """JupyterLab shrinks a chart to its content, and a chart as wide as its cell has none: it would be drawn 0 wide."""
    style = getattr(alt.JupyterChart, "_css", "")
    if isinstance(style, str) and _FULL_WIDTH not in style:
        alt.JupyterChart._css = style + _FULL_WIDTH  # noqa: SLF001 - a class without it keeps its own style


def picture(chart: alt.Chart | alt.LayerChart, *, width: int = 800) -> bytes:
    """A chart as a PNG on white, for a document or a message: figures and dates stay in the chart's language.

    Args:
        chart: any chart of the house.
        width: in pixels; it is drawn twice as fine.
    """
    import vl_convert  # noqa: PLC0415 - 80 MB, needed only by whoever saves a picture

    spec = {**chart.to_dict(), "width": width, "background": "white"}
    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=2)
    return drawn


def drawing(chart: alt.Chart | alt.LayerChart, *, width: int = 400) -> str:
    """A chart as an SVG element for a page that runs no script; its ink is that of the page around, also in the dark.

    Args:
        chart: any chart of the house.
        width: in pixels; the page may draw it smaller.
    """
    return _svg(chart.to_dict(), width)


def _svg(spec: Mapping[str, Any], width: int) -> str:
    import vl_convert  # noqa: PLC0415 - 80 MB, needed only by whoever draws without a browser

    drawn: str = vl_convert.vegalite_to_svg({**spec, "width": width})
    mark = hashlib.sha256(drawn.encode()).hexdigest()[:8]  # several charts of one page count their clips from 0
    return re.sub(r'(\bid="|url\(#)', rf"\g<1>{mark}-", drawn)


def vega_bundle(script: str) -> str:
    """An ES module holding Vega, Vega-Lite, Vega-Embed and `script`, which may name `vegaEmbed` and imports nothing.

    Made by vl-convert in about 2 s, then read from the user's cache folder.
    """
    path = _cache_path("vega", script)
    kept = _kept(path)
    if kept:
        return kept
    import vl_convert  # noqa: PLC0415 - 80 MB, needed only when nothing is cached yet

    vega_lite = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle: str = vl_convert.javascript_bundle(script, vl_version=vega_lite)
    _keep(path, bundle)
    return bundle


def _cache_path(name: str, script: str) -> Path:
    """Where a bundle is kept: another Altair, Vega or script has another file."""
    from importlib.metadata import version  # noqa: PLC0415 - reads the disk; not needed to draw

    versions = f"{alt.__version__}-{version('vl-convert-python')}"
    mark = hashlib.sha256(script.encode()).hexdigest()[:12]
    return Path(platformdirs.user_cache_dir("arlib", appauthor=False)) / f"{name}-{versions}-{mark}.js"


def _kept(path: Path) -> str | None:
    """What was kept there; none where nothing was, or a folder of somebody else's cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _keep(path: Path, bundle: str) -> None:
    """Write whole or not at all: kernels starting together may read while another writes, and a disk may be full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(bundle)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as refused:  # a read-only home only costs the two seconds each time
        _log.info("the Vega bundle could not be kept in %s: %s", path.parent, refused)

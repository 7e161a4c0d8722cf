"""The look of cells: one typeface, the colours of the house, the formats of figures and dates of a language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from arlib.show.look import ACCENT
from arlib.words import Language

INK, MUTED, LINE, SOFT, NAVY = "#1C2128", "#5B6470", "#C9CCC6", "#E8F1F8", "#1F3A5F"
HEADING_LINES = 15  # points of a line of text

_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "money": '#,##0.00;[Red]-#,##0.00;"–"',
        "days": "#,##0.0",
        "percent": "0.0%",
        "rate": "0.00%",
        "index": "0.0000",
        "count": "#,##0",
        "date": "yyyy-mm-dd",
        "day": "yyyy-mm-dd",  # a date that names its row, flush left
    }
)
_FRENCH: Mapping[str, str] = MappingProxyType(
    {"percent": '0.0"\u00a0"%', "rate": '0.00"\u00a0"%', "date": "dd/mm/yyyy", "day": "dd/mm/yyyy"}
)
FIGURES = frozenset(_FORMATS)  # the kinds of cells that are flush right

_BASE: Mapping[str, Any] = MappingProxyType({"font_name": "Calibri", "font_size": 11, "font_color": INK})
_TEXT: Mapping[str, Any] = MappingProxyType({"align": "left", "indent": 1, "valign": "top"})
_ROLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "title": {"bold": True, "font_size": 16, "font_color": NAVY, "indent": 0, "valign": "vcenter"},
        "section": {"bold": True, "font_size": 12, "font_color": NAVY, "indent": 0, "bottom": 1, "bottom_color": LINE},
        "note": {"italic": True, "font_color": MUTED, "indent": 0},
        "finding": {"bold": True, "indent": 0, "text_wrap": True},
        "missing": {"font_color": "#9A3D00", "bg_color": "#FDF1E7", "indent": 1, "text_wrap": True, "border": 0},
        "head": {
            "num_format": "General",
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": NAVY,
            "text_wrap": True,
            "valign": "vcenter",
        },
        "total": {"bold": True, "top": 1},
        "strong": {"bold": True},
        "given": {"font_color": ACCENT},  # a figure from the ledger that formulas start from
        "link": {"font_color": ACCENT, "underline": 1},
        "wrapped": {"text_wrap": True},
        "middle": {"valign": "vcenter"},
        "centred": {"align": "center", "valign": "vcenter", "text_wrap": True, "indent": 0},
        "left": {"align": "left", "indent": 1},
        "boxed": {"border": 1, "border_color": "#7F7F7F", "valign": "vcenter"},
        "greyed": {"bg_color": "#BFBFBF"},
        "part": {"bold": True, "bg_color": "#DCE6F1"},
        "quoted": {"quote_prefix": True},  # stays a text where a person edits it
    }
)


def number_format(kind: str, language: Language) -> str:
    """How Excel writes the figures of a kind; a program that reads them puts its own marks for `,` and `.`."""
    return _FRENCH[kind] if language == "fr" and kind in _FRENCH else _FORMATS[kind]


def properties(kind: str, roles: tuple[str, ...], language: Language) -> dict[str, Any]:
    """Everything the look of a cell is made of: its kind, then its roles, the last of which counts."""
    looks = dict(_BASE)
    if kind in FIGURES:
        side = {"align": "left", "indent": 1} if kind == "day" else {"align": "right"}
        looks |= {"num_format": number_format(kind, language), "valign": "top"} | side
    else:
        looks |= dict(_TEXT) | ({"text_wrap": True} if kind == "prose" else {})
    for role in roles:
        looks |= _ROLES[role]
    if looks["align"] == "right":
        looks.pop("indent", None)
    return looks

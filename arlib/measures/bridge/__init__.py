"""Why DSO moved between two days: effects that add up to the change, down to the customer."""

from arlib.measures.bridge.bridge import Bridge, dso_bridge
from arlib.measures.bridge.causes import cause_of, leading, part_made, written_change
from arlib.measures.bridge.effects import EFFECTS, PARTS, Snapshot, bridge_effects, drill_column, volume_amount

__all__ = [
    "EFFECTS",
    "PARTS",
    "Bridge",
    "Snapshot",
    "bridge_effects",
    "cause_of",
    "drill_column",
    "dso_bridge",
    "leading",
    "part_made",
    "volume_amount",
    "written_change",
]

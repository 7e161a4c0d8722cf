"""Why DSO moved between two days: effects that add up to the change, down to the customer."""

from arlib.measures.bridge.bridge import Bridge, dso_bridge
from arlib.measures.bridge.effects import EFFECTS, PARTS, Snapshot, bridge_effects, volume_amount

__all__ = ["EFFECTS", "PARTS", "Bridge", "Snapshot", "bridge_effects", "dso_bridge", "volume_amount"]

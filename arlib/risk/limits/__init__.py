"""How much credit each customer can have, what it uses of it, and whether the next order fits."""

from arlib.risk.limits.credit import credit_limits
from arlib.risk.limits.decision import OrderDecision, decide_order
from arlib.risk.limits.exposure import credit_exposure
from arlib.risk.limits.groups import group_exposure
from arlib.risk.limits.orders import Orders, read_orders
from arlib.risk.limits.policy import LimitPolicy, read_limit_policy

__all__ = [
    "LimitPolicy",
    "OrderDecision",
    "Orders",
    "credit_exposure",
    "credit_limits",
    "decide_order",
    "group_exposure",
    "read_limit_policy",
    "read_orders",
]

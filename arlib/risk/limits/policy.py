"""The constants of credit limits and orders, read from a small table anybody may edit."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from arlib.behaviour.survival import LAST_DAY
from arlib.errors import ArlibError
from arlib.words import say

STANDARD = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True)
class LimitPolicy:
    """How limits are suggested and orders decided; the fields are those of `limits.toml`, where each is explained.

    Raises:
        ArlibError: a share outside 0 to 1, an amount or a count below what it can be.
    """

    paid_share: float
    longest_delay: float
    days_late: int
    equity_share: float
    loss_share: float
    least_unpaid_share: float
    insured_amount_is_indemnity: bool
    cover_notice_days: int
    figures: int
    deposit_step: float
    grades: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shares = ("paid_share", "equity_share", "loss_share", "least_unpaid_share")
        wrong = [name for name in shares if not 0 < getattr(self, name) <= 1]
        wrong += [name for name in ("longest_delay", "cover_notice_days") if getattr(self, name) < 0]
        wrong += [] if 0 <= self.days_late <= LAST_DAY else ["days_late"]
        wrong += ["figures"] if self.figures < 1 else []
        wrong += ["deposit_step"] if round(self.deposit_step * 100) < 1 else []
        wrong += [f"grades.{name}" for name, worth in self.grades.items() if not 0 <= worth <= 1]
        if wrong:
            raise ArlibError(say("risk.limit.policy", names=", ".join(wrong)))


def read_limit_policy(path: Path = STANDARD) -> LimitPolicy:
    """The constants in a TOML file; those arlib comes with by default."""
    with path.open("rb") as table:
        return LimitPolicy(**tomllib.load(table))

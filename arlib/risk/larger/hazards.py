"""Gradient-boosted trees that say how likely a payment is in a step: the only part that needs scikit-learn."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from arlib.errors import ArlibError
from arlib.risk.larger.features import Table
from arlib.schema import Flags, Floats
from arlib.words import say

_SEED = 1


@dataclass(frozen=True, eq=False)
class Hazards:
    """What trees learnt of the probability of being paid in a step, given unpaid before it."""

    trees: Any

    @classmethod
    def learnt(cls, rows: Table, paid: Flags, weight: Floats, trees: int) -> "Hazards":
        """Learn from rows (`Followed.rows`), whether each ended in a payment, and what each weighs.

        Few leaves, many rows a leaf and a slow rate, fixed once for all ledgers: nothing is tuned on the one at hand.

        Raises:
            ArlibError: scikit-learn is not installed.
        """
        require_trees()
        from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - optional

        classifier = HistGradientBoostingClassifier(
            max_iter=trees,
            learning_rate=0.06,
            max_leaf_nodes=15,
            min_samples_leaf=200,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=_SEED,
        )
        with _one_thread():
            return cls(classifier.fit(rows, paid, weight))

    def of(self, rows: Table) -> Floats:
        """(rows,) the probability of being paid in the step of each."""
        paid = int(np.argmax(self.trees.classes_))  # the only class where every step seen ended in a payment
        with _one_thread():
            return np.asarray(self.trees.predict_proba(rows)[:, paid])


def require_trees() -> None:
    """Refuse where scikit-learn is not installed.

    Raises:
        ArlibError: it is not.
    """
    try:
        import sklearn.ensemble  # noqa: F401, PLC0415 - optional
    except ImportError as missing:
        raise ArlibError(say("risk.larger.not_installed")) from missing


def _one_thread() -> "AbstractContextManager[Any]":
    """Sums of several threads differ in their last bit from run to run, and threads wait for each other by spinning.

    On two cores that others use, one thread took 2 seconds where two took 18; with both to itself, 0.8 against 0.4.
    Only libraries already loaded are held.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415 - with scikit-learn

    limits: AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="openmp")
    return limits

"""Promises read from a file: they belong to the ledger they were read for, and to no address."""

from dataclasses import dataclass, field

import pandas as pd

from arlib.apps.pages.forecast import panels
from arlib.ledger import Ledger
from arlib.show.tables import Html
from arlib.simulation import CashForecast, Promises, forecast_cash
from arlib.simulation.forecast.promised_file import read_promises
from arlib.words import Language

_Asked = tuple[pd.Timestamp, int, bool]


@dataclass(frozen=True, eq=False)
class Promised:
    """The promises of a file, and what is forecast with them.

    Attributes:
        ledger: whose customers promised.
        file: its name.
        promises: what they promised.
    """

    ledger: Ledger
    file: str
    promises: Promises
    _forecasts: dict[_Asked, CashForecast] = field(default_factory=dict, repr=False)

    @classmethod
    def of_file(cls, ledger: Ledger, name: str, content: bytes) -> "Promised":
        """Those of a file a visitor has sent.

        Raises:
            ArlibError: as `read_promises`.
        """
        return cls(ledger, name, read_promises((name, content), ledger))

    def forecast(self, as_of: pd.Timestamp, weeks: int, *, future_sales: bool) -> CashForecast:
        """The cash of the next weeks, promises counted; made once.

        Raises:
            ArlibError: as `forecast_cash`.
        """
        asked = (as_of, weeks, future_sales)
        if asked not in self._forecasts:
            self._forecasts[asked] = forecast_cash(
                self.ledger, as_of, weeks=weeks, promises=self.promises, future_sales=future_sales
            )
        return self._forecasts[asked]

    def told(self, language: Language) -> Html:
        """Which file counts."""
        return panels.promised(self.file, len(self.promises.table), language)

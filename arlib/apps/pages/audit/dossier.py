"""What a visitor brings to a ledger besides choices: facts from outside, and an earlier export of the same books."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from arlib.ledger import Ledger
from arlib.risk import Facts


@dataclass(frozen=True, eq=False)
class Dossier:
    """What lies beside one ledger; each change makes another one.

    Attributes:
        facts_file: the file of facts, if any was given.
        facts: procedures, ratings, covers it tells of; none for those of the customers' file.
        before_file: the earlier export, if any was given.
        before: what was read of it.
    """

    facts_file: str = ""
    facts: Facts | None = None
    before_file: str = ""
    before: Ledger | None = None


class Dossiers:
    """The dossier beside each ledger of the visit, kept as long as the visit can go back to the ledger."""

    def __init__(self) -> None:
        self._dossiers: WeakKeyDictionary[Ledger, Dossier] = WeakKeyDictionary()

    def beside(self, ledger: Ledger) -> Dossier:
        """The dossier beside a ledger; an empty one where nothing was brought."""
        return self._dossiers.setdefault(ledger, Dossier())

    def put(self, ledger: Ledger, dossier: Dossier) -> None:
        """Have this dossier beside a ledger."""
        self._dossiers[ledger] = dossier

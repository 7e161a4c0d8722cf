"""What the audit was asked, from the address: whatever it does not understand is as usual."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from arlib.apps.parts.table_view import TableState
from arlib.apps.visit.choices import Asked
from arlib.export.workbook import SECTIONS
from arlib.law.delay_table.result import Basis

PartName = Literal["books", "findings", "law", "doubtful", "compared", "handover"]
PARTS: tuple[PartName, ...] = ("books", "findings", "law", "doubtful", "compared", "handover")
USUAL: PartName = "books"
# Before what is said of each table, in an address.
CHECKS, ROWS, PENALTIES, LIMITATION, CHANGES = "", "r.", "p.", "l.", "c."
LONGEST_NAME = 80  # characters of who hands over, and to whom


@dataclass(frozen=True)
class AuditAsked:
    """How a visitor looks at the audit.

    Attributes:
        part: the one shown.
        check: whose findings are listed; empty for the list of checks.
        basis: of the statutory table.
        client: whose books these are, for what is handed over.
        author: who hands it over.
        without: the sections left out of the workbook.
        tables: how each table is looked at, by what stands before it in the address.
    """

    part: PartName
    check: str
    basis: Basis
    client: str
    author: str
    without: frozenset[str]
    tables: dict[str, TableState]

    @classmethod
    def of(cls, asked: Asked) -> "AuditAsked":
        """What the texts of an address stand for; one that names a check and no part is about findings."""
        check = asked.get("check", "")
        usual: PartName = "findings" if check else USUAL
        left_out = frozenset(asked.get("without", "").split(",")) & set(SECTIONS)
        return cls(
            part=next((part for part in PARTS if part == asked.get("part")), usual),
            check=check,
            basis="net" if asked.get("basis") == "net" else "gross",
            client=asked.get("client", "")[:LONGEST_NAME],
            author=asked.get("author", "")[:LONGEST_NAME],
            without=left_out if len(left_out) < len(SECTIONS) else frozenset(),
            tables={name: TableState.of(asked, name) for name in (CHECKS, ROWS, PENALTIES, LIMITATION, CHANGES)},
        )

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the workbook, in its order."""
        return tuple(section for section in SECTIONS if section not in self.without)


def left_out(sections: Collection[str]) -> str | None:
    """What an address says of the sections left out; none where there is none."""
    return ",".join(section for section in SECTIONS if section in sections) or None

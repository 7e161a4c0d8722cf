"""What a table of payment delays is: its cells, the invoices behind each, and the proof that they tie."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from arlib.words import Sentence

Basis = Literal["gross", "net"]


@dataclass(frozen=True, eq=False)
class PaymentDelayTable:
    """The table of payment delays of a fiscal year, customers' side.

    Shares are from 0 to 1, amounts and turnover on one basis. Bands are `0`, `1-30`, `31-60`, `61-90`, `91+` and, as
    the last row, `total`, of 1 day and more.

    Attributes:
        opening: first day of the year.
        closing: its last day, that of the table.
        basis: `gross`, tax included, or `net`: of every amount here but those of the proof.
        currency: of the amounts.
        turnover: invoices less credit notes of the year, or as given; nan where the ledger does not tell it.
        turnover_given: whether it was given.
        unpaid: table I, a row a band: `band`, `number`, `amount`, `turnover_share`; and `foreign_number`,
            `foreign_amount`, of these of customers in other countries, where one's own was given.
        unpaid_excluded: its part (B), a row a reason: `why` (disputed, not_accounted, total), `number`, `amount`.
        late: table II, a row a band: `band`, `number`, `amount`, `number_share`, `amount_share` of all invoices issued
            in the year; and the foreign ones likewise.
        late_excluded: its part (B).
        issued_number: invoices issued in the year, the instalments of one counted once.
        issued_amount: of these, less what credit notes took off them; nan as the turnover.
        unpaid_reference: its part (C), a row each: `terms` (contractual, legal), `due_dates`, how many of those behind
            it are so, and `amount`, what was still owed of them, tax included.
        late_reference: part (C) of table II, its amounts being what was late.
        invoices: the invoices behind the cells of table I, a row each (an instalment each): `item_id`,
            `document_id`, `customer_id`, `name`, `country`, `reference`, `kind`, `issued_on`, `due_on`, `terms`,
            `days_late`, `band`, `part` (A or B), `why` (late, zero_day, disputed, not_accounted), `foreign`, `amount`
            (of the document), `open_amount` (still owed, tax included), `counted` (on the basis of the table) and
            `number` (1 in the row where its invoice counts, 0 in those of its other instalments).
        late_invoices: the same behind table II, a row a payment: `amount` is that of the document, `open_amount` what
            was paid or stayed unpaid that late, `ended_on` the day of that payment, missing while unpaid.
        apart: the other open items of the day, with the same columns as `invoices`: not due, credits that no invoice
            has taken up, debits that are no invoice or never fall due; `counted` is nan.
        proof: the tie-out, tax included: `line`, `role` (part or total), `amount`, `difference`, `ties`.
        notes: the layout followed, the choices made, and what to mind.
    """

    opening: pd.Timestamp
    closing: pd.Timestamp
    basis: Basis
    currency: str
    turnover: float
    turnover_given: bool
    unpaid: pd.DataFrame
    unpaid_excluded: pd.DataFrame
    late: pd.DataFrame
    late_excluded: pd.DataFrame
    issued_number: int
    issued_amount: float
    unpaid_reference: pd.DataFrame
    late_reference: pd.DataFrame
    invoices: pd.DataFrame
    late_invoices: pd.DataFrame
    apart: pd.DataFrame
    proof: pd.DataFrame
    notes: tuple[Sentence, ...]

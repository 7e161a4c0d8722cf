"""The three provisions side by side, a customer a row: IFRS 9, French accounts, what tax allows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.ledger import By, Day, Ledger, group_codes, names_of
from arlib.measures.aging import NO_DUE_DATE
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.risk.facts import Facts
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.individual import impairments, individual_provisions
from arlib.risk.provisions.matrix import Rates, expected_losses, provision_matrix
from arlib.risk.provisions.rates import MONTHS
from arlib.risk.provisions.standing import Insolvent, cover_of_customers
from arlib.schema import Floats, sum_by_code


def provisions_compared(  # noqa: PLR0913 - what each of the three is asked by
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    rates: Rates = None,
    factor: float = 1.0,
    bounds: Sequence[int] | int = BOUNDS,
    months: int = MONTHS,
    doubtful: pd.DataFrame | None = None,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    vat_rate: float | None = None,
) -> pd.DataFrame:
    """What each customer's debts are provided for by IFRS 9, by French accounts, and of it by tax.

    One row a customer that owes something, the largest `ifrs_9` first: `customer_id`, `name`, `gross` (open, tax
    included), `exposure` (credits, VAT and cover taken off), `ifrs_9`, `statutory`, `tax_deductible`.

    `ifrs_9` is the matrix by bucket, and of the doubtful debts one by one the rate of the list on what is not insured.
    `statutory` and `tax_deductible` are the impairment of the list, on the whole net amount, and what tax allows of it:
    0 for debts that are merely late. An amount is nan where one of its debts has no rate. Each is rounded to cents, of
    the debts of the list one by one, so that the same rate of the same debt is the same amount; the sum may be some
    cents off that of the matrix, whose buckets are rounded.

    Source: handbook, risk scoring 6.4. Arguments and errors are those of `provision_matrix` and
    `individual_provisions`.
    """
    day, ages = ledger.day(as_of), Ages.of("due", bounds)
    matrix = provision_matrix(
        ledger,
        day,
        by=by,
        rates=rates,
        factor=factor,
        bounds=bounds,
        months=months,
        facts=facts,
        insolvent=insolvent,
        vat_rate=vat_rate,
    )
    listed = individual_provisions(
        ledger, day, doubtful=doubtful, facts=facts, insolvent=insolvent, vat_rate=vat_rate
    ).dropna(subset="item_id")
    owed = exposures(ledger, day, ages, vat_rate=vat_rate, cover=cover_of_customers(ledger, day, facts))
    known = listed.astype({"item_id": "int64"}).set_index("item_id").reindex(ledger.items["item_id"].take(owed.item))
    apart = known["net"].notna().to_numpy()
    share = known["rate"].mask(known["lost"].eq(True), 1.0).to_numpy(dtype=np.float64)  # noqa: FBT003
    net = known["net"].to_numpy(dtype=np.float64)
    one_by_one = impairments(net - owed.covered, share, np.zeros_like(share))[0]
    late = expected_losses(owed.amount, _rates(ledger, owed, ages, by, matrix))
    stated = (known[name].where(apart, 0.0).to_numpy() for name in ("impairment", "deductible"))
    columns = (owed.gross, owed.amount, np.where(apart, one_by_one, late), *stated)
    return _by_customer(ledger, owed, dict(zip(_AMOUNTS, columns, strict=True)))


_AMOUNTS = ("gross", "exposure", "ifrs_9", "statutory", "tax_deductible")


def _rates(ledger: Ledger, owed: Exposures, ages: Ages, by: By, matrix: pd.DataFrame) -> Floats:
    """The applied rate of the matrix for each debt."""
    codes, groups = group_codes(ledger, by)
    keys = groups.take(codes[owed.item]).reset_index(drop=True)
    keys["bucket"] = pd.Series(np.array([*ages.names, NO_DUE_DATE])[owed.bucket], dtype="str")
    names = [*names_of(by), "bucket"]
    found = keys.merge(matrix[[*names, "applied_rate"]], on=names, how="left")["applied_rate"]
    return found.to_numpy(dtype=np.float64)


def _by_customer(ledger: Ledger, owed: Exposures, columns: dict[str, Floats]) -> pd.DataFrame:
    size = len(owed.customers)
    table = pd.DataFrame({"customer_id": pd.Series(owed.customers, dtype="str")})
    table["name"] = table["customer_id"].map(ledger.customers.set_index("customer_id")["name"])
    for name, values in columns.items():
        table[name] = sum_by_code(owed.customer, values, size).round(2) + 0.0
    owing = np.bincount(owed.customer, minlength=size) > 0
    return table[owing].sort_values("ifrs_9", ascending=False, kind="stable", ignore_index=True)

"""The provision matrix of IFRS 9, simplified approach: what can be lost of each age, times its loss rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import By, Day, Ledger, names_of
from arlib.measures.aging import NO_DUE_DATE, UNAPPLIED
from arlib.measures.aging.ages import BOUNDS, Ages
from arlib.measures.figure import Figure
from arlib.measures.flows.grouped import grouped
from arlib.risk.facts import Facts
from arlib.risk.provisions.exposure import Exposures, exposures
from arlib.risk.provisions.rates import MONTHS, RATE_COLUMNS, loss_rates
from arlib.risk.provisions.standing import Insolvent, cover_of_customers, insolvent_customers, numbers_written
from arlib.schema import HALF_CENT, Codes, Flags, Floats, sum_by_code
from arlib.words import Language, Sentence, say

INSOLVENT = "insolvent"
Rates = Mapping[str, float] | pd.DataFrame | None

_AMOUNTS = ("gross", "credits", "tax", "covered", "exposure")
_COLUMNS = (
    *("bucket", *_AMOUNTS, "loss_rate", "factor", "applied_rate", "provision_uncovered", "provision"),
    *("tax_unknown", "note"),
)


def expected_losses(exposure: Sequence[float] | Floats, rates: Sequence[float] | Floats, factor: float = 1.0) -> Floats:
    """What is expected to be lost of each bucket: `exposure × min(1, rate × factor)`, (buckets,), not rounded.

    nan where the rate of a bucket with an exposure is; 0 where there is nothing to lose.

    Source: IFRS 9 B5.5.35 and its illustrative example 12; handbook, risk scoring 6.1.

    Args:
        exposure: what can be lost of each bucket.
        rates: loss rate of each, 0 to 1.
        factor: what the future is expected to change in rates of the past, 1 for nothing.

    Raises:
        ArlibError: lengths differ, a rate is not between 0 and 1, or the factor is below 0.
    """
    amounts, shares = np.asarray(exposure, dtype=np.float64), np.asarray(rates, dtype=np.float64)
    if amounts.shape != shares.shape:
        raise ArlibError(say("risk.provision.lengths", buckets=amounts.size, rates=shares.size))
    _check(shares, factor)
    return np.where(np.abs(amounts) < HALF_CENT, 0.0, amounts * np.minimum(1.0, shares * factor))


def provision_matrix(  # noqa: PLR0913 - each says what is provided for and how, and most are left as they are
    ledger: Ledger,
    as_of: Day | None = None,
    *,
    by: By = None,
    rates: Rates = None,
    factor: float = 1.0,
    bounds: Sequence[int] | int = BOUNDS,
    months: int = MONTHS,
    facts: Facts | None = None,
    insolvent: Insolvent = None,
    vat_rate: float | None = None,
    language: Language = "en",
) -> pd.DataFrame:
    """The expected credit loss of each bucket of the ageing, from the company's own loss rates or from given ones.

    One row a group and a bucket (`not_due`, `1-30`, …), sorted; then, where there are any, `no_due_date`, `insolvent`
    (debts of insolvent customers, provided for one by one: `individual_provisions`) and `unapplied` (credits above all
    a customer owes). Columns after those of `by`:

    - gross: open debts, tax included; credits: what the customer's unmatched credits pay of them, oldest first,
      negative; tax: VAT in what is left, negative; covered: its insured part, negative; exposure: what can be lost,
      the sum of the four. Gross and credits of all rows add up to the balance of the accounts;
    - loss_rate (0 to 1), factor, applied_rate = min(1, loss_rate × factor);
    - provision_uncovered, as if nothing were insured; provision = exposure × applied_rate;
    - tax_unknown: what of gross less credits has no known VAT, which is then not taken off, unless `vat_rate` says it;
    - note: why a figure is missing, or what to mind, in `language`; also that the day is later than the ledger's last.

    A provision is nan where a rate is missing, which `provision_total` counts, and never 0 for want of a rate. Cover is
    `min(owed, insured amount) × quota` of each customer, over all its debts alike; the usual quota of `opinion.toml`
    where nobody said one. Customers' segments, limits and status are those of the file, whatever the day.

    Source: IFRS 9 5.5.15 and B5.5.35; handbook, risk scoring 6.1.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last one by default.
        by: the columns to group by; none for the whole ledger.
        rates: loss rates instead of the company's own: by bucket, or a frame as `loss_rates` gives (asked otherwise, or
            edited), with the columns of `by` or for all groups alike. Buckets it leaves out or empty keep their own.
        factor: what the future is expected to change in rates of the past.
        bounds: last day of each bucket, increasing.
        months: how far back one's own rates look.
        facts: external facts, for insolvency and insurance; those of the customers file by default.
        insolvent: other insolvent customers: identifiers, or a frame with `customer_id` and perhaps `known_on`.
        vat_rate: assumed of debts whose VAT is not known (0.2 for 20 %).
        language: of the notes.

    Raises:
        ArlibError: bounds, rates, factor or VAT rate that cannot be, an unknown customer, or no such column to group
            by.
    """
    day, ages = ledger.day(as_of), Ages.of("due", bounds)
    codes, groups = grouped(ledger, by, _COLUMNS)
    owed = exposures(ledger, day, ages, vat_rate=vat_rate, cover=cover_of_customers(ledger, day, facts))
    apart = insolvent_customers(ledger, day, facts, insolvent, language)["customer_id"]
    names = (*ages.names, NO_DUE_DATE, INSOLVENT, UNAPPLIED)
    cells = _Cells.of(owed, codes, len(names), owed.customers.isin(apart)[owed.customer])
    rows = groups.loc[np.repeat(groups.index, len(names))].reset_index(drop=True)
    rows["bucket"] = pd.Series(np.tile(names, len(groups)), dtype="str")
    rows = rows.assign(**cells.columns(rows["bucket"], len(groups)))
    told = loss_rates(ledger, day, by=by, bounds=bounds, months=months, language=language)
    rows = _with_rates(rows[_shown(rows, names_of(by), ages)], told, rates, ages)
    last = ledger.covers[1]
    return _provided(rows, factor, language, None if day <= last else say("flows.stops", last=last, day=day))


def provision_total(matrix: pd.DataFrame) -> Figure:
    """The provision of a matrix, all buckets together; its note says what has no provision yet, or a rate of 0.

    nan where nothing that can be lost has a rate. `inputs`: provision, the exposure it is of, missing, at_zero (the
    exposure without a rate, and at a rate of 0).
    """
    exposure, provision = matrix["exposure"], matrix["provision"]
    missing = round(float(exposure[provision.isna()].sum()), 2)
    at_zero = round(float(exposure[matrix["loss_rate"] == 0].sum()), 2)
    total = round(float(provision.sum()), 2)
    inputs = {"provision": total, "exposure": round(float(exposure.sum()) - missing, 2)}
    inputs |= {"missing": missing, "at_zero": at_zero}
    formula = say("risk.provision.total", **inputs)
    if missing >= HALF_CENT:
        note = say("risk.provision.missing", amount=missing)
        made = Figure.missing if inputs["exposure"] < HALF_CENT else partial(Figure, total)
        return made(formula, inputs, note)
    return Figure(
        total, formula, inputs, say("risk.provision.at_zero", amount=at_zero) if at_zero >= HALF_CENT else None
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    """Where each debt and each credit left over stands: group × rows + row."""

    owed: Exposures
    debt: Codes
    in_credit: Codes
    rows: int

    @classmethod
    def of(cls, owed: Exposures, codes: Codes, rows: int, insolvent: Flags) -> "_Cells":
        bucket = np.where(insolvent, rows - 2, owed.bucket)
        return cls(owed, codes[owed.item] * rows + bucket, codes * rows + rows - 1, rows)

    def columns(self, bucket: "pd.Series[str]", groups: int) -> dict[str, Floats]:
        """The amounts of every row."""
        owed, size = self.owed, groups * self.rows
        summed = {
            "gross": owed.gross,
            "credits": -owed.credits,
            "tax": -owed.tax,
            "covered": -owed.covered,
            "tax_unknown": owed.tax_unknown,
        }
        found = {name: sum_by_code(self.debt, values, size).round(2) + 0.0 for name, values in summed.items()}
        left = sum_by_code(self.in_credit, owed.in_credit, size).round(2)
        found["gross"] = np.where(bucket == UNAPPLIED, left, found["gross"]) + 0.0
        found["exposure"] = (
            np.where(bucket == UNAPPLIED, 0.0, sum(found[name] for name in _AMOUNTS[:-1])).round(2) + 0.0
        )
        return found


def _shown(rows: pd.DataFrame, names: list[str], ages: Ages) -> Flags:
    """Rows of groups that hold something; of what is apart, those that do themselves."""
    held = rows["gross"].abs() >= HALF_CENT
    group = held.groupby([rows[name] for name in names]).transform("any") if names else True
    return np.asarray(held | (group & rows["bucket"].isin(ages.names)))


def _with_rates(rows: pd.DataFrame, told: pd.DataFrame, rates: Rates, ages: Ages) -> pd.DataFrame:
    """The rows with the `loss_rate` and the `note` of their bucket: given ones where there are any, else one's own.

    Raises:
        ArlibError: given rates are not between 0 and 1, name a bucket twice or one that is not there.
    """
    keys = [str(name) for name in told if name not in RATE_COLUMNS or name == "bucket"]
    own = rows.merge(told[[*keys, "loss_rate", "note"]], on=keys, how="left")
    if rates is None:
        return own
    given = _given(rates, keys, [*ages.names, NO_DUE_DATE])
    found = rows.merge(given, on=[name for name in keys if name in given], how="left")["loss_rate"]
    use = found.notna() & (own["bucket"] != INSOLVENT)
    return own.assign(loss_rate=own["loss_rate"].mask(use, found), note=own["note"].mask(use))


def _given(rates: Mapping[str, float] | pd.DataFrame, keys: list[str], buckets: list[str]) -> pd.DataFrame:
    given = (
        rates if isinstance(rates, pd.DataFrame) else pd.DataFrame({"bucket": [*rates], "loss_rate": [*rates.values()]})
    )
    for column in ("bucket", "loss_rate"):
        if column not in given:
            raise ArlibError(say("risk.provision.no_column", column=column, columns=", ".join(map(str, given))))
    keys = [name for name in keys if name in given]
    given = given[keys].astype("str").join(numbers_written(given, ["loss_rate"]))
    unknown = sorted(set(given["bucket"]) - set(buckets))
    if unknown or given.duplicated(keys).any():
        raise ArlibError(say("risk.provision.buckets", unknown=", ".join(unknown), buckets=", ".join(buckets)))
    _check(given["loss_rate"].to_numpy(), 1.0)
    return given


def _check(rates: Floats, factor: float) -> None:
    wrong = rates[(rates < 0) | (rates > 1)]
    if len(wrong):
        raise ArlibError(say("risk.provision.rates", rates=", ".join(f"{rate:g}" for rate in wrong)))
    if not 0 <= factor < np.inf:
        raise ArlibError(say("risk.provision.factor", factor=f"{factor:g}"))


def _provided(rows: pd.DataFrame, factor: float, language: Language, beyond: Sentence | None) -> pd.DataFrame:
    """The provisions of rows that have their rates, with what to mind of each: `beyond` where anything is owed."""
    rate = rows["loss_rate"].to_numpy()
    _check(rate, factor)
    rate = np.where(rows["bucket"] == UNAPPLIED, 0.0, rate)
    before = (rows["exposure"] - rows["covered"]).to_numpy()
    told = rows[["bucket", "exposure", "tax_unknown", "note"]].itertuples(index=False)
    notes = [_row_note(row, language, beyond) for row in told]
    done = rows.assign(
        factor=factor,
        applied_rate=np.minimum(1.0, rows["loss_rate"] * factor),
        provision_uncovered=expected_losses(before, rate, factor).round(2),
        provision=expected_losses(rows["exposure"].to_numpy(), rate, factor).round(2),
        note=pd.Series(notes, dtype="str"),
    )
    return done[[*(name for name in done if name not in _COLUMNS), *_COLUMNS]]


def _row_note(row: "tuple[str, float, float, str]", language: Language, beyond: Sentence | None) -> str | None:
    """What to mind of a row, sentence after sentence."""
    bucket, exposure, tax_unknown, note = row
    said = [] if beyond is None or abs(exposure) < HALF_CENT else [beyond]
    if bucket in (INSOLVENT, NO_DUE_DATE, UNAPPLIED):
        said.append(say(f"risk.provision.{bucket}"))
    if tax_unknown >= HALF_CENT and bucket != INSOLVENT:
        said.append(say("risk.provision.tax_unknown", amount=tax_unknown))
    texts = [sentence.text(language) for sentence in said]
    if isinstance(note, str) and abs(exposure) >= HALF_CENT:
        texts.insert(0, note)
    return " ".join(texts) or None

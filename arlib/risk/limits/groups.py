"""The exposure of groups: customers of one group, or accounts of one company, against one limit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import Codes, Floats, sum_by_code
from arlib.words import Language, Sentence, say


def group_columns(ledger: Ledger, limits: pd.DataFrame, group_limits: Mapping[str, float] | None) -> pd.DataFrame:
    """group, group_exposure, group_limit and group_over of each customer, aligned with `limits`.

    Customers of one `group`, or without one, of one SIREN, are one debtor; a customer alone has "" and nan. A member
    in credit does not pay for the others: exposure adds up what is above zero. The limit is the one given, else the
    sum of the members' limits in force, nan where none of them has any.

    Raises:
        ArlibError: `group_limits` names a group that no customer has, or a limit below 0.
    """
    names = _group_names(ledger, pd.Index(limits["customer_id"]))
    given = pd.Series(dict(group_limits or {}), dtype="float64")
    if not (given >= 0).all():
        raise ArlibError(say("risk.limit.group_limit", groups=", ".join(given.index[~(given >= 0)])))
    unknown = sorted(set(given.index) - set(names))
    if unknown:
        raise ArlibError(say("risk.limit.unknown_group", groups=", ".join(unknown)))
    codes, groups = pd.factorize(names)
    size, members = len(groups), np.bincount(codes, minlength=len(groups))
    alone = ((members == 1) & ~groups.isin(given.index)) | (groups == "")
    exposure = sum_by_code(codes, limits["exposure"].clip(lower=0).to_numpy(), size)
    limit = pd.Series(_summed_limits(limits, codes, size), index=groups)
    limit.update(given)
    told = np.where(alone, np.nan, exposure)[codes].round(2)
    bound = np.where(alone, np.nan, limit.to_numpy())[codes]
    over = np.maximum(told - bound, 0.0).round(2)
    named = np.where(alone[codes], "", names.to_numpy())
    return pd.DataFrame({"group": named, "group_exposure": told, "group_limit": bound, "group_over": over})


def group_exposure(limits: pd.DataFrame, *, language: Language = "en") -> pd.DataFrame:
    """The groups in `credit_limits`, those furthest over their limit first, then the largest exposure.

    One row a group of several customers, or with a limit of its own: group, customers, without_limit (how many of
    them have none in force: where the group's limit is a sum, they add nothing to it), receivable, orders, exposure
    (what members owe above zero: a member in credit does not pay for the others), insured, uninsured, limit, over
    (nan without a limit), reason, a sentence in `language`.
    """
    members = limits[limits["group"] != ""].assign(without_limit=limits["credit_limit"].isna(), customers=1)
    summed = ["customers", "without_limit", "receivable", "orders", "insured", "uninsured"]
    grouped = members.groupby("group", sort=True)
    groups = grouped[summed].sum().round(2)
    firsts = grouped[["group_exposure", "group_limit", "group_over"]].first()
    groups[["exposure", "limit", "over"]] = firsts.to_numpy()
    groups = groups.reset_index().astype({"without_limit": "int64"})
    order = groups.fillna({"over": 0.0}).sort_values(["over", "exposure"], ascending=False, kind="stable").index
    groups = groups.loc[order].reset_index(drop=True)
    told = [groups[name] for name in ("group", "customers", "exposure", "limit", "over")]
    reasons = [_reason(*row).text(language) for row in zip(*told, strict=True)]
    kept = ["group", "customers", "without_limit", "receivable", "orders", "exposure", "insured", "uninsured"]
    return groups[[*kept, "limit", "over"]].assign(reason=pd.Series(reasons, dtype="str"))


def _reason(group: str, customers: int, exposure: float, limit: float, over: float) -> Sentence:
    values = {"group": group, "customers": customers, "exposure": exposure, "limit": limit, "over": over}
    if np.isnan(limit):
        return say("risk.limit.group_unlimited", **values)
    return say("risk.limit.group_over" if over > 0 else "risk.limit.group_within", **values)


def _group_names(ledger: Ledger, customers: "pd.Index[str]") -> "pd.Series[str]":
    """The group of each customer, else its SIREN, "" without either."""
    known = ledger.customers.set_index("customer_id").reindex(customers)
    named = known["group"].fillna(known["siren"]).fillna("")
    return named.astype("str").str.strip().reset_index(drop=True)


def _summed_limits(limits: pd.DataFrame, codes: Codes, size: int) -> Floats:
    """The sum of the limits in force of each group's members; nan where none has any."""
    limit = limits["credit_limit"].to_numpy()
    known = sum_by_code(codes, (~np.isnan(limit)).astype(np.float64), size)
    return np.where(known > 0, sum_by_code(codes, np.nan_to_num(limit), size), np.nan)

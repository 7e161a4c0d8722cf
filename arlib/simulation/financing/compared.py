"""Offers of financing side by side: the same amount, the same real days, in money and in percent a year."""

from collections.abc import Iterable

import pandas as pd

from arlib.errors import ArlibError
from arlib.schema import HALF_CENT
from arlib.simulation.base import LONGEST_HORIZON
from arlib.simulation.financing.cost import FinancingCost
from arlib.simulation.financing.offers import Offer
from arlib.words import Sentence, say


def financing_compared(amount: float, days: float, offers: Iterable[Offer]) -> pd.DataFrame:
    """What each offer brings and costs for an amount that customers would really pay in so many days.

    One row an offer, the cheapest a year first, those that bring nothing earlier last:

    - offer, its name or kind; kind;
    - yearly_rate, cost / cash × 365 / days_gained, without compounding; nan where no cash comes earlier;
    - cost, in money, the sum of discount, interest, commission, fees and avoided (costs no longer borne, negative);
    - cash, received when the offer pays; days_gained, before the customer's real payment; retained, kept until then
      and given back;
    - keeps_risk: whether the failure of a customer stays the seller's loss;
    - sentence.

    The days are those customers really take, not those of the contract: a discount on 30 days that would have been
    paid after 45 buys 15 days more.

    Args:
        amount: tax included; one invoice, or a year's sales where fees are those of a year.
        days: from the invoice to the real payment.
        offers: what to compare.

    Raises:
        ArlibError: the amount is not above 0, the days are not from 1 to three years, there is no offer, or two have
            one name.

    Source: handbook, metrics 3.5 and worked examples I1 to I5.
    """
    offered = list(offers)
    names = [offer.name or offer.KIND for offer in offered]
    if not amount > 0 or not 1 <= days <= LONGEST_HORIZON:
        raise ArlibError(say("simulation.financing.asked", amount=amount, days=days, longest=LONGEST_HORIZON))
    if not offered or len(set(names)) < len(names):
        raise ArlibError(say("simulation.financing.names"))
    costs = [offer.cost(amount, days) for offer in offered]
    compared = pd.DataFrame(
        {
            "offer": names,
            "kind": [offer.KIND for offer in offered],
            "yearly_rate": [cost.yearly_rate for cost in costs],
            "cost": [cost.total for cost in costs],
            "cash": [cost.cash for cost in costs],
            "days_gained": [cost.days for cost in costs],
            **{name: [getattr(cost, name) for cost in costs] for name in FinancingCost.TERMS},
            "retained": [cost.retained for cost in costs],
            "keeps_risk": [offer.keeps_risk for offer in offered],
            "sentence": [_sentence(offer, cost) for offer, cost in zip(offered, costs, strict=True)],
        }
    )
    return compared.sort_values(["yearly_rate", "cost"], kind="stable", ignore_index=True)


def _sentence(offer: Offer, cost: FinancingCost) -> Sentence:
    """What an offer comes to, term by term; or why it comes to nothing."""
    if cost.days <= 0:
        return say("simulation.financing.not_earlier", offer=offer.label, cost=cost.total)
    if cost.cash <= HALF_CENT:
        return say("simulation.financing.no_cash", offer=offer.label, cost=cost.total)
    if not any(getattr(cost, name) for name in FinancingCost.TERMS):
        return say("simulation.financing.free", offer=offer.label)
    terms = [say(f"simulation.financing.term.{name}", amount=getattr(cost, name)) for name in FinancingCost.TERMS
             if getattr(cost, name)]  # fmt: skip
    values = {"cash": cost.cash, "days": cost.days, "cost": cost.total, "rate": cost.yearly_rate, "terms": terms}
    key = "simulation.financing.risk" if offer.keeps_risk else "simulation.financing.no_risk"
    return say("simulation.financing.costs", offer=offer.label, risk=say(key), **values)

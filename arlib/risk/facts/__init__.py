"""What is known of customers from outside the ledger, and what it is worth.

`read_facts` reads it, `external_caps` says which grades it forbids, `insurance_cover` what an insurer bears,
`financial_scores` what accounts say, `expert_opinion` what to expect of a customer without history. Caps, points and
scales are opinions in a table anybody may edit, `opinion.toml`.
"""

from arlib.risk.facts.caps import every_cap, external_caps, insurance_cover
from arlib.risk.facts.card import OpinionCard, Scale, read_opinion_card
from arlib.risk.facts.facts import LINES, Facts, no_facts
from arlib.risk.facts.financial import financial_scores, latest_accounts
from arlib.risk.facts.opinion import expert_opinion, opinions_held
from arlib.risk.facts.reading import facts_about, facts_of_customers, read_facts

__all__ = [
    "LINES",
    "Facts",
    "OpinionCard",
    "Scale",
    "every_cap",
    "expert_opinion",
    "external_caps",
    "facts_about",
    "facts_of_customers",
    "financial_scores",
    "insurance_cover",
    "latest_accounts",
    "no_facts",
    "opinions_held",
    "read_facts",
    "read_opinion_card",
]

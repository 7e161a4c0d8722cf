"""What may never be paid: the provision matrix, roll rates, Markov chain, vintages, and the French list one by one."""

from arlib.risk.provisions.chain_ladder import ChainLadder, collection_triangle, vintages
from arlib.risk.provisions.compared import provisions_compared
from arlib.risk.provisions.individual import doubtful_journal, impairments, individual_provisions
from arlib.risk.provisions.markov import MarkovChain, account_markov_chain, markov_chain
from arlib.risk.provisions.matrix import expected_losses, provision_matrix, provision_total
from arlib.risk.provisions.rates import cohort_loss_rates, loss_rates

__all__ = [
    "ChainLadder",
    "MarkovChain",
    "account_markov_chain",
    "cohort_loss_rates",
    "collection_triangle",
    "doubtful_journal",
    "expected_losses",
    "impairments",
    "individual_provisions",
    "loss_rates",
    "markov_chain",
    "provision_matrix",
    "provision_total",
    "provisions_compared",
    "vintages",
]

"""Amounts that are odd in themselves: tax, round sums."""

import numpy as np
import pandas as pd

from arlib.checks.rule import Books, rule
from arlib.schema import HALF_CENT, INVOICE, SALES, Flags

# Rates of VAT in the European Union, Switzerland and the United Kingdom, reduced and past ones too (percent).
_RATES = (0, 2.1, 2.5, 2.6, 3, 3.7, 3.8, 4, 4.8, 5, 5.5, 6, 7, 7.7, 8, 8.1, 8.5, 9, 9.5, 10, 11, 12, 13, 13.5, 14)
_HIGHER_RATES = (15, 16, 17, 18, 19, 19.6, 20, 21, 22, 23, 24, 25, 25.5, 27)
_NEAR = 0.05  # money: a tax rounded line by line
_NEAR_SHARE = 0.0005  # of the net amount
_ONE_RATE = 0.95  # share of documents at one rate above which a mixture is odd
_KNOWN = 0.5  # share of sales with a net amount above which one without is odd
_ROUND, _LARGE = 1000_00, 10_000_00  # cents
_USUAL, _MANY = 0.2, 20  # share and number of round amounts above which they are the company's prices


@rule("warning", "net_amount")
def tax_odd(books: Books) -> pd.DataFrame:
    """The tax is at no rate of VAT in Europe, or above the highest one: net amount or tax may be mistyped.

    La taxe n'est à aucun taux de TVA d'Europe, ou dépasse le plus haut : montant HT ou taxe peut-être mal saisis.
    """
    gross, net = (books.items[name].abs().to_numpy() for name in ("amount", "net_amount"))
    sold = _with_net(books) & (net >= HALF_CENT)
    rates = np.array([*_RATES, *_HIGHER_RATES]) / 100
    share = np.where(sold, gross - net, 0.0) / np.where(sold, net, 1.0)
    place = np.clip(np.searchsorted(rates, share), 1, len(rates) - 1)
    gaps = np.minimum(np.abs(share - rates[place - 1]), np.abs(share - rates[place]))
    odd = sold & (share >= 0) & (gaps * net > np.maximum(_NEAR, _NEAR_SHARE * net))
    if odd.sum() > (1 - _ONE_RATE) * sold.sum():
        odd &= share > rates[-1]  # many invoices mix rates: one that lies between two says nothing
    found: pd.DataFrame = books.items[odd].assign(at_stake=(gross - net)[odd].round(2))
    return found


@rule("warning", "net_amount")
def net_above_gross(books: Books) -> pd.DataFrame:
    """The amount without tax is larger than the amount with tax.

    Le montant HT dépasse le montant TTC.
    """
    excess = (books.items["net_amount"].abs() - books.items["amount"].abs()).round(2)
    above = _with_net(books) & (excess >= HALF_CENT).to_numpy()
    return books.items[above].assign(at_stake=excess[above])


@rule("info", "net_amount")
def net_missing(books: Books) -> pd.DataFrame:
    """The amount without tax is missing, which most documents have.

    Le montant HT manque, alors que la plupart des pièces l'ont.
    """
    sold = books.of_kind(*SALES) & (books.items["cents"] > 0).to_numpy()
    missing = sold & ~_with_net(books)
    return books.items[missing if missing.sum() <= _KNOWN * sold.sum() else np.zeros_like(missing)]


def _with_net(books: Books) -> Flags:
    return np.asarray(books.of_kind(*SALES) & books.items["net_amount"].notna(), dtype=np.bool_)


@rule("info", "amount")
def round_amount(books: Books) -> pd.DataFrame:
    """A large invoice of whole thousands: an estimate, a down payment, or a price that was agreed?

    Une grosse facture en milliers ronds : une estimation, un acompte, ou un prix convenu ?
    """
    large = books.of_kind(INVOICE) & (books.items["cents"] >= _LARGE).to_numpy()
    whole = large & (books.items["cents"] % _ROUND == 0).to_numpy()
    usual = whole.sum() > max(_MANY, _USUAL * large.sum())
    return books.items[np.zeros_like(whole) if usual else whole]

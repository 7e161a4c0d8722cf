"""Receipts that name nothing: what of their customer's open items the amount goes with."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from arlib.collection.receipts.claims import Claims, own_cents
from arlib.collection.receipts.evidence import Evidence
from arlib.collection.receipts.keys import mixed, pairs
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.options import Options, all_of
from arlib.collection.receipts.sums import MANY, Found, Pools, couples, pools_of, runs, sets
from arlib.ledger import Ledger
from arlib.schema import Codes, Flags, Floats

_ONE, _RUN, _CREDIT, _DISCOUNT, _FEE, _SET = 0.997, 0.995, 0.99, 0.96, 0.97, 0.992
_UNSURE_OF_PAYER = 0.25  # of what a payer is short of sure, what is left once an amount agrees to the cent
_NAMELESS, _STRANGER, _REPEATED = 0.993, 0.9, 0.99  # an amount alone: nobody is named; a stranger is; once more
_DAYS = 1_000_000  # more than any day is numbered
_UNTOLD, _TENS = 0.5, 10_00  # of the sureness of an amount alone that is no evidence; cents of whole tens
_AGAIN, _MOSTLY = 2, 0.6  # receipts of a stranger that lead to one customer, and their share
_SAID_DISCOUNT = 0.99  # a discount that the text says, or that the payer takes again and again
_LONGEST_RUN, _SMALL = 10, 50_000  # items of a run sought in all the ledger, and items it may have for that
_OLDEST = 0.3
_ALIKE = 20  # items of one amount looked at


class _Asked:
    """Receipts asked about with each customer they may be of: (pairs,) columns."""

    def __init__(self, evidence: Evidence, asked: Flags) -> None:
        whose, lines = evidence.whose, evidence.lines
        kept = asked[whose.line] & (lines.cents[whose.line] > 0) & ~evidence.on_account[whose.line]
        self.line, self.sure = whose.line[kept], whose.sure[kept]
        self.owner = evidence.claims.owners_of(whose.customer[kept], lines.currency[self.line])
        self.cents, self.day = lines.cents[self.line], lines.day[self.line]
        self.trust: Floats = 1 - _UNSURE_OF_PAYER * (1 - np.minimum(self.sure, 1.0)) ** 1.5


def one_item(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """One open item of the payer is of exactly the amount."""
    pairs_ = _Asked(evidence, asked)
    place, claim = _priced(evidence, left, pairs_, pairs_.cents)
    parts = np.arange(len(place)), claim, left[claim]
    return Options.of(pairs_.line[place], "amount_one", _ONE * pairs_.trust[place], parts).counted()


def several_items(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """Items of the payer due one after the other add up; those in dispute left out where they do not with them."""
    pairs_ = _Asked(evidence, asked)
    pools = pools_of(evidence.claims, left, pairs_.owner, pairs_.day, MANY)
    found = [_of(pairs_, runs(pools, pairs_.cents), left, "amount_run", _RUN)]
    disputed = evidence.claims.disputed[pools.claim] & (pools.claim >= 0)
    if disputed.any():
        found.append(_of(pairs_, runs(_without(pools, disputed), pairs_.cents), left, "amount_run", _RUN))
    return all_of(found).counted()


def some_items(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """Any items of the payer add up, of a few that are open."""
    pairs_ = _Asked(evidence, asked)
    pools = pools_of(evidence.claims, left, pairs_.owner, pairs_.day, MANY)
    found = [couples(pools, pairs_.cents), sets(pools, pairs_.cents)]
    return all_of([_of(pairs_, each, left, "amount_set", _SET) for each in found]).counted()


def with_credits(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """One item or a run of the payer's, less one of its credits."""
    pairs_ = _Asked(evidence, asked)
    credits_ = np.flatnonzero(left < 0)
    place, at = pairs(pairs_.owner, evidence.claims.owner[credits_], most=8)
    credit = credits_[at]
    kept = evidence.claims.booked[credit] <= pairs_.day[place]
    place, credit = place[kept], credit[kept]
    cents = pairs_.cents[place] - left[credit]
    alive = np.flatnonzero(left > 0)
    asked_key = mixed(cents.astype(np.uint64), pairs_.owner[place])
    at_one, found = pairs(asked_key, mixed(left[alive].astype(np.uint64), evidence.claims.owner[alive]), most=5)
    known = evidence.claims.booked[alive[found]] <= pairs_.day[place[at_one]]
    at_one, claim = at_one[known], alive[found[known]]
    number = np.arange(len(at_one))
    parts = np.concatenate([number, number]), np.concatenate([claim, credit[at_one]])
    sure = _CREDIT * pairs_.trust[place[at_one]]
    one = Options.of(pairs_.line[place[at_one]], "amount_credit", sure, (*parts, left[parts[1]]))
    pools = pools_of(evidence.claims, left, pairs_.owner[place], pairs_.day[place], MANY)
    several = runs(pools, cents)
    owner = np.concatenate([several.owner, np.arange(len(several.target))])
    members = np.concatenate([several.claim, credit[several.target]])
    sure = _CREDIT * pairs_.trust[place[several.target]] / (1 + several.chance)
    run = Options.of(pairs_.line[place[several.target]], "amount_credit", sure, (owner, members, left[members]))
    return all_of([one, run]).counted()


def with_differences(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """One item of the payer, but for a known fee or discount."""
    pairs_, known = _Asked(evidence, asked), evidence.tolerances
    parts = []
    for fee in known.fees:
        place, claim = _priced(evidence, left, pairs_, pairs_.cents + fee)
        own = np.arange(len(place)), claim, pairs_.cents[place]
        parts.append(Options.of(pairs_.line[place], "amount_fee", _FEE * pairs_.trust[place], own, gap=fee))
    for share in known.discounts:
        less = np.where(left > 0, left - np.rint(left * share).astype(np.int64), 0)
        place, claim = _priced(evidence, less, pairs_, pairs_.cents)
        own = np.arange(len(place)), claim, less[claim]
        line, gap = pairs_.line[place], left[claim] - less[claim]
        base = np.where(_usually(evidence, line), _SAID_DISCOUNT, _DISCOUNT)
        parts.append(Options.of(line, "amount_discount", base * pairs_.trust[place], own, gap=gap))
    return all_of(parts).counted()


def _usually(evidence: Evidence, line: Codes) -> Flags:
    """Whether the text of a receipt says that a discount is taken, or several of its payer's fit the same one."""
    payer = pd.Series(evidence.lines.payer[line])
    several = pd.Series(line).groupby(payer).transform("nunique") >= _AGAIN
    return np.asarray(evidence.says_discount[line] | (several & (payer >= 0)), dtype=bool)


def amount_alone(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """One open item of anybody is of exactly the amount, or one run of a customer's, and chance is unlikely to do so.

    Of a payer whom nobody knows this is surer once two of its receipts lead to one customer.
    """
    lines, claims = evidence.lines, evidence.claims
    unknown = evidence.whose.count(len(lines.day)) == 0
    line = np.flatnonzero(asked & (lines.cents > 0) & ~evidence.on_account & unknown)
    alive = np.flatnonzero(left > 0)
    if not len(line) or not len(alive):
        return all_of([])
    begin, size, total = _all_runs(claims, left, alive)
    currency = claims.owner[alive[begin]] % claims.currencies
    wanted = mixed(lines.cents[line].astype(np.uint64), lines.currency[line])
    place, found = pairs(wanted, mixed(total.astype(np.uint64), currency), most=_ALIKE)
    line, begin, size = line[place], begin[found], size[found]
    option = np.repeat(np.arange(len(line)), size)
    claim = alive[np.repeat(begin, size) + np.arange(len(option)) - np.repeat(np.cumsum(size) - size, size)]
    late = np.bincount(option, claims.booked[claim] > lines.day[line[option]], len(line)) > 0
    chance = _near(total, lines.cents[line])
    known = np.where(lines.payer[line] < 0, _NAMELESS, _STRANGER) * np.where(_says_nothing(evidence, line), _UNTOLD, 1)
    options = Options.of(line, "amount_alone", known / (1 + chance / 3), (option, claim, left[claim])).taken(~late)
    return _of_the_usual(evidence, options).counted()


def _says_nothing(evidence: Evidence, line: Codes) -> Flags:
    """Receipts whose amount alone is no evidence: nobody and nothing is named, or many amounts are that one."""
    written = pc.binary_length(evidence.lines.text).to_numpy(zero_copy_only=False) > 0
    return np.asarray(evidence.heaped[line] | ((evidence.lines.payer[line] < 0) & ~written[line]), dtype=bool)


def heaped_amounts(ledger: Ledger, lines: Lines) -> Flags:
    """(receipts,) amounts that chance repeats: whole tens, and what several items of the ledger were of."""
    owed = (ledger.items["amount"] > 0).to_numpy()
    currency = ledger.items["currency"][owed].fillna(lines.home).str.upper()
    code = np.asarray(lines.currencies.get_indexer(pd.Index(currency)))
    keys, count = np.unique(mixed(own_cents(ledger, lines.home)[owed].astype(np.uint64), code), return_counts=True)
    often = keys[count > 1]
    asked = mixed(np.abs(lines.cents).astype(np.uint64), lines.currency)
    return np.asarray((lines.cents % _TENS == 0) | np.isin(asked, often), dtype=bool)


def exchangeable(evidence: Evidence, left: Codes, options: Options) -> Flags:
    """Options with an item of which their customer owes another one of the same amount, that is not among them."""
    claims = evidence.claims
    alive = np.flatnonzero(left != 0)
    keys, code = np.unique(mixed(left[alive].astype(np.uint64), claims.owner[alive]), return_inverse=True)
    dated = np.sort(code * _DAYS + claims.booked[alive])
    part = np.flatnonzero(options.cents == left[options.claim])
    option = options.option[part]
    at = np.searchsorted(keys, mixed(left[options.claim[part]].astype(np.uint64), claims.owner[options.claim[part]]))
    day = evidence.lines.day[options.line[option]]
    count = np.searchsorted(dated, at * _DAYS + day, "right") - np.searchsorted(dated, at * _DAYS, "left")
    inside = pd.DataFrame({"option": option, "at": at}).groupby(["option", "at"])["at"].transform("size")
    wanting = np.zeros(len(options.line), dtype=bool)
    wanting[option[count > inside.to_numpy()]] = True
    return wanting


def _all_runs(claims: Claims, left: Codes, alive: Codes) -> tuple[Codes, Codes, Codes]:
    """(runs,) every item, and every run of a few items of one owner due one after the other: begin, size, cents.

    In a large ledger only items: there chance would make runs fit anything.
    """
    longest = _LONGEST_RUN if len(alive) <= _SMALL else 1
    total = np.concatenate([[0], np.cumsum(left[alive])])
    owner, begins = claims.owner[alive], list[Codes]()
    for items in range(1, longest + 1):
        begin = np.arange(max(len(alive) - items + 1, 0))
        begins.append(begin[owner[begin] == owner[begin + items - 1]])
    first = np.concatenate(begins)
    size = np.repeat(np.arange(1, longest + 1), [len(begin) for begin in begins])
    return first, size, total[first + size] - total[first]


def _of_the_usual(evidence: Evidence, options: Options) -> Options:
    """Where receipts of an unknown payer lead to one customer again and again: only what is its, and surer."""
    first = np.full(len(options.line), -1)
    first[options.option] = evidence.claims.customer[options.claim]
    payer = evidence.lines.payer[options.line]
    frame = pd.DataFrame({"payer": payer, "line": options.line, "customer": first})
    often = frame.groupby(["payer", "customer"])["line"].transform("nunique")
    most = often.groupby(payer).transform("max").to_numpy()
    whole = frame.groupby("payer")["line"].transform("nunique").to_numpy()
    usual = (payer >= 0) & (most >= _AGAIN) & (most >= _MOSTLY * whole)
    own = often.to_numpy() == most
    sure = np.where(usual & own, options.sure * _REPEATED / _STRANGER, options.sure)
    return replace(options, sure=sure).taken(~usual | own)


def oldest_first(evidence: Evidence, left: Codes, asked: Flags) -> Options:
    """The last resort: what the payer owes, the first due first, as far as the money goes."""
    pairs_ = _Asked(evidence, asked)
    alone = np.isin(pairs_.line, evidence.whose.line[evidence.whose.alone])
    target = np.flatnonzero(alone)
    pools = pools_of(evidence.claims, left, pairs_.owner[target], pairs_.day[target], MANY)
    before = np.cumsum(pools.cents, axis=1) - pools.cents
    paid = np.clip(pairs_.cents[target][:, None] - before, 0, pools.cents)
    row, column = np.nonzero(paid)
    having = np.unique(row)
    parts = np.searchsorted(having, row), pools.claim[row, column], paid[row, column]
    gap = paid.sum(axis=1)[having] - pairs_.cents[target][having]
    return Options.of(pairs_.line[target[having]], "habit_oldest", _OLDEST, parts, gap=gap)


def _priced(evidence: Evidence, left: Codes, asked: _Asked, cents: Codes) -> tuple[Codes, Codes]:
    """(pair, claim): claims of the payer of exactly so many cents, booked by the day of the receipt."""
    alive = np.flatnonzero(left > 0)
    key = mixed(cents.astype(np.uint64), asked.owner)
    place, found = pairs(key, mixed(left[alive].astype(np.uint64), evidence.claims.owner[alive]), most=_ALIKE)
    claim = alive[found]
    kept = evidence.claims.booked[claim] <= asked.day[place]
    return place[kept], claim[kept]


def _of(asked: _Asked, found: Found, left: Codes, reason: str, base: float) -> Options:
    """Sets of claims as options, less sure the more of them chance would make."""
    sure = base * asked.trust[found.target] / (1 + found.chance)
    parts = found.owner, found.claim, left[found.claim]
    return Options.of(asked.line[found.target], reason, sure, parts)


def _without(pools: Pools, gone: Flags) -> Pools:
    """Pools without some of their claims."""
    order = np.argsort(gone | (pools.claim < 0), axis=1, kind="stable")
    claim = np.take_along_axis(np.where(gone, -1, pools.claim), order, axis=1)
    return Pools(claim, np.take_along_axis(np.where(gone, 0, pools.cents), order, axis=1))


def _near(cents: Codes, asked: Codes) -> Floats:
    """How many of these amounts chance puts on a given cent: those within a tenth of it, by the cents of that tenth."""
    ordered = np.sort(cents)
    low, high = np.searchsorted(ordered, asked * 9 // 10), np.searchsorted(ordered, asked * 11 // 10)
    return np.asarray((high - low) / np.maximum(asked / 5, 1.0), dtype=np.float64)

"""Who pays: the customers a receipt may be of, by what was learnt, by numbers written, by likeness of names."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from arlib.collection.receipts.keys import Keys, Words, keys_of, mixed, pairs, plain, words_of
from arlib.collection.receipts.lines import Lines
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import Codes, Flags, Floats
from arlib.words import say

_LEARNT, _NUMBERED, _SAME_NAME = 0.97, 0.98, 1.0  # how sure each way is
_FOUND_BY, _STEM = 4, 3  # letters that bring a name into question, and that a word is then known by
_LIKE, _BEHIND = 0.6, 0.12  # the least likeness, and how far behind the best one a customer still counts
_MOST = 16  # customers a receipt may be of
_COMMON = 80  # customers that share a word, at most, for it to name some of them
_LONGEST_NAME = 140  # characters of a payer's name that a bank may give
_SURE = 0.8
_ALL_OF = 0.999  # of what the shorter of two names says
_FORMS = frozenset(
    (
        *("SARL", "SAS", "SASU", "SA", "EURL", "SCI", "SNC", "STE", "SOCIETE", "ETS", "ETABLISSEMENTS", "CO", "CIE"),
        *("GMBH", "AG", "KG", "LTD", "LIMITED", "INC", "LLC", "PLC", "BV", "NV", "SRL", "SPA", "SL", "MR", "MME", "M"),
        *("ET", "AND", "THE", "DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "AU", "AUX", "ST", "SAINT", "SAINTE"),
    )
)
_CUT = 18  # characters from which the last word of a payer's name may be cut


@dataclass(frozen=True, eq=False)
class Whose:
    """Customers receipts may be of: one row a receipt and customer, the likeliest first.

    Attributes:
        line: position of the receipt; customer: position in `ledger.customers`; sure: 0 to 1.
        alone: whether no other customer comes into question.
    """

    line: Codes
    customer: Codes
    sure: Floats
    alone: Flags

    def best(self, lines: int) -> tuple[Codes, Floats]:
        """The customer of each receipt where one alone comes into question, -1 elsewhere, and how sure."""
        customer, sure = np.full(lines, -1), np.zeros(lines)
        kept = self.alone & (self.sure >= _SURE)
        customer[self.line[kept]], sure[self.line[kept]] = self.customer[kept], self.sure[kept]
        return customer, sure

    def count(self, lines: int) -> Codes:
        """How many customers each receipt may be of."""
        counted: Codes = np.bincount(self.line, minlength=lines)
        return counted


def whose_of(lines: Lines, likeness: pd.DataFrame, numbered: pd.DataFrame, learnt: pd.DataFrame) -> Whose:
    """All ways together: line, customer, sure; those far behind the best of a receipt are left out."""
    found = pd.concat([_by_name(lines, likeness), numbered, learnt], ignore_index=True)
    if not len(found):
        empty = np.zeros(0, dtype=np.intp)
        return Whose(empty, empty, np.zeros(0), np.zeros(0, dtype=bool))
    each = found.groupby(["line", "customer"], as_index=False)["sure"].max()
    best = each.groupby("line")["sure"].transform("max")
    each = each[each["sure"] >= best - _BEHIND].sort_values(["line", "sure", "customer"], ascending=[True, False, True])
    each = each[each.groupby("line").cumcount() < _MOST]
    alone = each.groupby("line")["customer"].transform("size") == 1
    line, customer = each["line"].to_numpy(), each["customer"].to_numpy()
    return Whose(line, customer, each["sure"].to_numpy(), alone.to_numpy())


def numbers_written(ledger: Ledger, words: Words) -> pd.DataFrame:
    """Customers whose account or company number stands in the text: line, customer, sure."""
    customers = ledger.customers
    keys, owners = [], []
    for name, least in (("customer_id", 4), ("siren", 9)):
        written = pd.Series(plain(customers[name]).to_pandas(), dtype="str").str.replace(" ", "")
        kept = (written.str.len() >= least) & written.str.contains("[0-9]")
        known = words_of(pa.array(written[kept], pa.large_string()))
        owners.append(np.flatnonzero(kept)[known.text])
        keys.append(keys_of(known))
    word, found = pairs(keys_of(words), np.concatenate(keys), most=1)
    return pd.DataFrame({"line": words.text[word], "customer": np.concatenate(owners)[found], "sure": _NUMBERED})


def _by_name(lines: Lines, likeness: pd.DataFrame) -> pd.DataFrame:
    """The likeness of names, receipt by receipt; where the bank names no payer, of the text."""
    named = likeness[likeness["text"] < len(lines.names)]
    line, place = pairs(lines.payer, named["text"].to_numpy())
    by_name = pd.DataFrame(
        {"line": line, "customer": named["customer"].to_numpy()[place], "sure": named["sure"].to_numpy()[place]}
    )
    texts = likeness[likeness["text"] >= len(lines.names)]
    silent = np.flatnonzero(lines.payer < 0)
    by_text = pd.DataFrame(
        {"line": silent[texts["text"].to_numpy() - len(lines.names)], "customer": texts["customer"].to_numpy()}
    ).assign(sure=texts["sure"].to_numpy())
    return pd.concat([by_name, by_text], ignore_index=True)


def learnt_payers(lines: Lines, line: Codes, customer: Codes) -> pd.DataFrame:
    """Who each payer was found to pay for: payer, payer_account, customer (position); one row each."""
    accounts = np.where(lines.account[line] >= 0, lines.account[line], -1)
    frame = pd.DataFrame({"payer": lines.payer[line], "account": accounts, "customer": customer})
    return frame.drop_duplicates().sort_values(["payer", "account", "customer"], ignore_index=True)


def by_learnt(lines: Lines, known: pd.DataFrame) -> pd.DataFrame:
    """The customers that were found behind the payer's account, or its name: line, customer, sure."""
    parts = []
    for own, name in ((lines.account, "account"), (lines.payer, "payer")):
        rows = known[known[name] >= 0].drop_duplicates([name, "customer"])
        line, place = pairs(own, rows[name].to_numpy())
        parts.append(pd.DataFrame({"line": line, "customer": rows["customer"].to_numpy()[place], "sure": _LEARNT}))
    return pd.concat(parts, ignore_index=True).drop_duplicates(["line", "customer"])


def name_likeness(ledger: Ledger, lines: Lines) -> pd.DataFrame:
    """How like the names of payers, then the texts of receipts without one, are to customers: text, customer, sure.

    A word counts the more the fewer customers share it, and is known by its first letters. 1 is the same name; a name
    cut short by a bank counts as the one it begins.
    """
    silent = np.flatnonzero(lines.payer < 0)
    asked = pa.concat_arrays([_flat(lines.names), _flat(lines.text.take(pa.array(silent)))])
    names = plain(ledger.customers["name"])
    same = _same_names(asked, names)
    found = np.zeros(len(asked), dtype=bool)
    found[same["text"]] = True
    like = _like_names(_significant(names, cut=False), _significant(asked, cut=True).without(found), len(lines.names))
    return pd.concat([same, like], ignore_index=True)


def _like_names(customers: Words, texts: Words, names: int) -> pd.DataFrame:
    """Likeness of texts to customers that share a word with them; the first so many texts are names and no more."""
    if not len(customers.text) or not len(texts.text):
        return pd.DataFrame({"text": [], "customer": [], "sure": []}).astype(
            {"text": int, "customer": int, "sure": float}
        )
    weights = _Weights(customers)
    word, found = pairs(_stem(texts, _FOUND_BY), _stem(customers, _FOUND_BY), most=_COMMON)
    candidate = pd.DataFrame({"text": texts.text[word], "customer": customers.text[found]}).drop_duplicates()
    text, customer = candidate["text"].to_numpy(), candidate["customer"].to_numpy()
    place, at = pairs(text, texts.text)
    shared = np.bincount(place, weights.of(texts)[at] * _has(customers, customer[place], texts, at), len(text))
    of_text = np.bincount(texts.text, weights.of(texts))[text]
    of_customer = np.bincount(customers.text, weights.of(customers))[customer]
    spoken = text >= names  # free text holds more than a name
    alike = np.where(spoken, shared / of_customer, 2 * shared / (of_text + of_customer))
    whole = ~spoken & (shared >= _ALL_OF * np.minimum(of_text, of_customer))
    sure = np.maximum(np.minimum(alike, 1.0), np.where(whole, 0.75 + 0.2 * alike, 0.0))
    found_like: pd.DataFrame = candidate.assign(sure=sure)[sure >= _LIKE].reset_index(drop=True)
    return found_like


class _Weights:
    """How much a word says: the more, the fewer customers share its stem."""

    def __init__(self, customers: Words) -> None:
        self.stems, self.count = np.unique(_stem(customers, _STEM), return_counts=True)
        self.total = max(len(np.unique(customers.text)), 2)

    def of(self, words: Words) -> Floats:
        keys = _stem(words, _STEM)
        place = np.minimum(np.searchsorted(self.stems, keys), len(self.stems) - 1)
        shared = np.where(self.stems[place] == keys, self.count[place], 1)
        return np.asarray(np.log(1.0 + self.total / shared), dtype=np.float64)


def _has(customers: Words, customer: Codes, texts: Words, at: Codes) -> Flags:
    """Whether each customer's name has each word, or one that it begins or that begins it."""
    own = mixed(_stem(customers, _STEM), customers.text)
    asked, found = pairs(mixed(_stem(texts, _STEM)[at], customer), own)
    left, right = texts.letters[at[asked]], customers.letters[found]
    same = ((left == right) | (left == 0) | (right == 0)).all(axis=1)
    has = np.zeros(len(at), dtype=bool)
    has[asked[same]] = True
    return has


def _stem(words: Words, letters: int) -> Keys:
    """The key of the first letters of each word."""
    begin = words.letters.copy()
    begin[:, letters:] = 0
    return keys_of(Words(words.text, begin, np.minimum(words.length, letters)))


def _flat(texts: Any) -> Any:  # noqa: ANN401 - an arrow array, chunked or not
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _same_names(asked: Any, names: Any) -> pd.DataFrame:  # noqa: ANN401 - arrow arrays
    """Texts that are a customer's name, or all a bank leaves of its beginning, spaces apart: text, customer, sure."""
    payer, known = (_joined(each) for each in (asked, names))
    order = np.argsort(known, kind="stable")
    ordered = known[order]
    long = pc.binary_length(pc.replace_substring(asked, " ", "")).to_numpy(zero_copy_only=False)
    low = np.searchsorted(ordered, payer, "left")
    end = np.char.add(payer, b"~")  # after every letter and digit
    high = np.where(long >= _CUT, np.searchsorted(ordered, end, "left"), np.searchsorted(ordered, payer, "right"))
    count = np.where(long > 0, high - low, 0)
    count = np.where(count > _MOST, 0, count)
    text = np.repeat(np.arange(len(payer)), count)
    step = np.arange(len(text)) - np.repeat(np.cumsum(count) - count, count)
    customer = order[np.repeat(low, count) + step]
    return pd.DataFrame({"text": text, "customer": customer, "sure": np.full(len(text), _SAME_NAME)})


def _joined(texts: Any) -> Any:  # noqa: ANN401 - arrow array in, array of bytes out
    """Texts without spaces, as bytes that compare in columns; what stands behind the longest a bank gives is cut."""
    whole = pc.utf8_slice_codeunits(pc.replace_substring(texts, " ", ""), 0, _LONGEST_NAME)
    return np.array(whole.to_pylist(), dtype=f"S{_LONGEST_NAME + 1}") if len(whole) else np.zeros(0, dtype="S1")


def _significant(texts: Any, *, cut: bool) -> Words:  # noqa: ANN401 - an arrow array
    """The words of names without legal forms and articles; a last word that may be cut to a stump goes too."""
    words = words_of(texts)
    size = np.bincount(words.text, words.length + 1, len(texts))[words.text] - 1
    last = np.append(words.text[1:] != words.text[:-1], True)[: len(words.text)]
    stump = cut & last & (words.length < _STEM) & (size >= _CUT)
    kept = ~np.isin(_text_of(words), list(_FORMS)) & (words.length > 1) & ~stump
    kept |= np.bincount(words.text, kept, len(texts))[words.text] == 0  # a name of such words alone is what it is
    chosen = words.taken(kept)
    first = ~pd.Series(mixed(keys_of(chosen), chosen.text)).duplicated().to_numpy()
    return chosen.taken(first)


def _text_of(words: Words) -> Any:  # noqa: ANN401 - an array of texts
    return np.ascontiguousarray(words.letters).view(f"S{words.letters.shape[1]}").ravel().astype(str)


def known_payers(ledger: Ledger, lines: Lines, given: pd.DataFrame | None) -> pd.DataFrame:
    """Who paid before, as codes of this matching: payer, account, customer; -1 for what is not known here.

    Raises:
        ArlibError: columns are missing, or a customer is not known.
    """
    empty = pd.DataFrame({"payer": [], "account": [], "customer": []}, dtype="int64")
    if given is None:
        return empty
    if "customer_id" not in given or not {"payer", "payer_account"} & set(given.columns):
        raise ArlibError(say("receipts.payers_columns", columns=", ".join(map(str, given.columns))))
    customer = pd.Index(ledger.customers["customer_id"]).get_indexer(pd.Index(given["customer_id"]))
    if (customer < 0).any():
        unknown = ", ".join(map(str, given.loc[customer < 0, "customer_id"].unique()[:5]))
        raise ArlibError(say("receipts.payers_unknown", names=unknown))
    absent = pd.Series(pd.NA, index=given.index, dtype="str")
    names = pd.Index(pd.Series(lines.names.to_pandas(), dtype="str"))
    payer = names.get_indexer(pd.Index(pd.Series(plain(given.get("payer", absent)).to_pandas(), dtype="str")))
    account = lines.accounts.get_indexer(pd.Index(given.get("payer_account", absent)))
    return pd.DataFrame({"payer": payer, "account": account, "customer": customer}).astype("int64").drop_duplicates()

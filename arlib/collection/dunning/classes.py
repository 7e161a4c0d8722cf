"""Which scenario each customer has, and which language it is written to in."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.calendar import country_code
from arlib.collection.dunning.scenario import CustomerClass, Scenario
from arlib.errors import ArlibError
from arlib.ledger import Ledger, open_amounts
from arlib.risk import Facts, score_customers
from arlib.schema import Codes, Flags, sum_by_code
from arlib.words import Language, Sentence, bare, say

NO_SCENARIO = -1
# Where business letters are usually in French. Switzerland, Luxembourg and Belgium have several languages: French is
# the one a French company is most often written to in; a language given for a customer goes before.
_FRENCH = frozenset(
    (
        *("FR", "MC", "BE", "LU", "CH", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"),
        *("MA", "TN", "DZ", "SN", "CI", "ML", "BF", "NE", "TG", "BJ", "GN", "GA", "CM", "CG", "CD", "TD", "CF"),
        *("MG", "DJ", "KM", "HT"),
    )
)
# Codes and names of languages, in the five that headings are read in; SAP has one letter for each.
_IN_FRENCH = re.compile(r"(?:f|fra?|fre)(?:[-_ ]|$)|fran[cz]")
_IN_OTHERS = re.compile(
    r"(?:e|d|i|s|n|en|eng?|us|gb|uk|de|deu|ger|es|esp|spa|it|ita|nl|nld|dut|pt|por|pl|pol|da|sv|fi|cs|ro)(?:[-_ ]|$)"
    r"|angl|engl|ingl|all?em|germ|deutsch|tedes|espa|span|casti|ital|neer|neder|niederl|dutch|holand|oland|port|polon|polish"
    r"|poln|polac"
)
_SHOWN = 10


def customer_languages(ledger: Ledger, default: Language) -> "pd.Series[str]":
    """The language of each customer of the ledger: as told, else by its country; the default one where none is known.

    English stands for every language that there are no letters in.
    """
    countries, told = ledger.customers["country"], ledger.customers["language"]
    by_country = {name: _language(country_code(str(name)), default) for name in countries.dropna().unique()}
    meant = {name: _meant(str(name)) for name in told.dropna().unique()}
    found = told.map(meant).astype("str").fillna(countries.map(by_country).astype("str")).fillna(default)
    return found.set_axis(ledger.customers["customer_id"])


def _meant(told: str) -> str | None:
    """The language of letters that a code or a name of one asks for: FR, fr-BE, Français; None where it is none."""
    written = bare(told).lower().strip()
    if _IN_FRENCH.match(written):
        return "fr"
    return "en" if _IN_OTHERS.match(written) else None


def _language(code: str, default: Language) -> str:
    if not code:
        return default
    return "fr" if code in _FRENCH else "en"


def scenario_of_customers(
    ledger: Ledger, day: pd.Timestamp, scenarios: Sequence[Scenario], facts: Facts | None, language: Language
) -> tuple[Codes, tuple[Sentence, ...]]:
    """(customers,) the place of the first scenario each customer meets, `NO_SCENARIO` where none; and the notes.

    In the order of `ledger.customers`. What a customer owes is its balance on the day.
    """
    found = np.full(len(ledger.customers), NO_SCENARIO)
    criteria = _Criteria(ledger, day, facts, language)
    for place, scenario in enumerate(scenarios):
        found = np.where((found == NO_SCENARIO) & criteria.met(scenario.customers), place, found)
    return found, (*_unknown(ledger, scenarios), *criteria.notes)


class _Criteria:
    """What conditions look at, each worked out when a scenario first asks for it."""

    def __init__(self, ledger: Ledger, day: pd.Timestamp, facts: Facts | None, language: Language) -> None:
        self._ledger, self._day, self._facts, self._language = ledger, day, facts, language
        self._customers = ledger.customers
        self._grades: pd.Series[str] | None = None
        self.notes: tuple[Sentence, ...] = ()

    def met(self, asked: CustomerClass) -> Flags:
        met = np.ones(len(self._customers), dtype=np.bool_)
        if asked.customers:
            met &= self._customers["customer_id"].isin(asked.customers).to_numpy()
        if asked.segments:
            met &= self._customers["segment"].isin(asked.segments).to_numpy()
        if asked.countries:
            met &= self._countries().isin({country_code(name) or name for name in asked.countries}).to_numpy()
        if asked.languages:
            met &= customer_languages(self._ledger, self._language).isin(asked.languages).to_numpy()
        if asked.grades:
            met &= self._grade().isin(asked.grades).to_numpy()
        if asked.owed_from is not None or asked.owed_below is not None:
            met &= self._owing(asked.owed_from, asked.owed_below)
        return met

    def _countries(self) -> "pd.Series[str]":
        names = self._customers["country"]
        return names.map({name: country_code(str(name)) for name in names.dropna().unique()})

    def _grade(self) -> "pd.Series[str]":
        """The grades; of nobody, with a note, where no payment says how anybody pays."""
        if self._grades is None:
            ids = self._customers["customer_id"]
            try:
                scored = score_customers(self._ledger, self._day, facts=self._facts).set_index("customer_id")["grade"]
                self._grades = scored.reindex(ids)
            except ArlibError as unknown:
                self.notes = (say("dunning.no_grades", why=unknown.sentence or str(unknown)),)
                self._grades = pd.Series(pd.NA, ids, dtype="str")
        return self._grades

    def _owing(self, least: float | None, below: float | None) -> Flags:
        opened = open_amounts(self._ledger, self._day)
        owed = sum_by_code(self._ledger._owners, opened, len(self._customers)).round(2)  # noqa: SLF001 - kept for this
        return np.asarray((owed >= (least or -np.inf)) & (owed < (np.inf if below is None else below)))


def _unknown(ledger: Ledger, scenarios: Sequence[Scenario]) -> list[Sentence]:
    """Customers, segments and countries that scenarios name and the ledger does not have: said, not refused."""
    notes = []
    for scenario in scenarios:
        asked = scenario.customers
        known = {"customer_id": asked.customers, "segment": asked.segments}
        astray = [name for column, names in known.items() for name in sorted({*names} - {*ledger.customers[column]})]
        astray += [name for name in asked.countries if not country_code(name)]
        if astray:
            named = ", ".join(name[:40] for name in astray[:_SHOWN])
            notes.append(say("dunning.unknown_names", scenario=scenario.name, rows=len(astray), names=named))
    return notes

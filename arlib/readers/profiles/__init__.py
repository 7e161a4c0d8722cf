"""Profiles: what is known of the lists a software exports, as a small file, so that a reading is repeated exactly.

A profile is YAML. Every key may be left out:

    name: sage                          what `read_ledger(…, profile="sage")` calls it
    software: Sage 100                  whom it is of, as a person says it
    signature:                          headings that make the list known by itself; a list: one of them
      - N° compte tiers
      - [Date échéance, Échéance]
    columns:                            field: its heading, or several of which the first found is taken
      customer_id: N° compte tiers
      due_on: [Date échéance, Échéance]
    optional: [due_on]                  fields whose column may be missing
    sheet: Feuil1                       sheet of a workbook
    header: 4                           row of the headings, as a spreadsheet numbers it
    stated_on: 2024-12-31               day the list is of, where neither its title nor its name says it
    decimal: ","                        decimal mark, "," or "."
    dates: day first                    or "month first"
    kinds: {RV: invoice, DZ: payment}   codes of the type column, and what each of them is
    positive: [payment, credit_note]    kinds that reduce what is owed and are written positive
    signed: [write_off]                 kinds that reduce what is owed and are written with their sign
    ignore: {Statut: [Brouillon]}       rows whose column holds one of the values ("" for none)
    terms: {NAA8: 15 days}              codes of payment terms, and what each of them means
    currency: EUR                       currency of amounts that name none
    accounts: ["411"]                   beginnings of the accounts of customers, in a list of all accounts
    tax: rates                          what a column of tax holds: "rates", in percent, or "amounts"
    sense: unsigned                     amounts beside a column of debit and credit: "signed" already, or "unsigned"
    expenses: left out                  negative rows of parties never invoiced: expenses, "left out", or "none"

With a profile, nothing else is guessed: a column it does not name is kept as it is.
"""

from arlib.readers.profiles.profile import UNKNOWN, Profile, known_columns, profile_of, refuse_missing
from arlib.readers.profiles.shipped import find_profile, read_profile, shipped

__all__ = [
    "UNKNOWN",
    "Profile",
    "find_profile",
    "known_columns",
    "profile_of",
    "read_profile",
    "refuse_missing",
    "shipped",
]

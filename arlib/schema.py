"""The columns of every table of a ledger: name, kind, meaning in English and French."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Kind = Literal["id", "text", "date", "money", "flag"]
Days = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]

DTYPES: Mapping[Kind, Any] = {
    "id": "int64",
    "text": "str",
    "date": "datetime64[s]",
    "money": "float64",
    "flag": "bool",
}
_ABSENT: Mapping[Kind, Any] = {"text": pd.NA, "date": pd.NaT, "money": np.nan, "flag": False}
_SECONDS = 24 * 60 * 60  # of a day
NO_DAY = int(np.iinfo(np.int64).min)  # what a missing date becomes as a day number

_SPARSE = 8  # times as many codes as values, from which on a table of codes is larger than what it is for

HALF_CENT = 0.005  # two amounts are equal within half a cent


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    english: str
    french: str


ITEMS = (
    Column("item_id", "id", "Number of the movement in this ledger", "Numéro du mouvement dans ce grand livre"),
    Column("document_id", "text", "Invoice the due date belongs to", "Facture à laquelle l'échéance appartient"),
    Column("entity", "text", "Company the receivable belongs to", "Société qui détient la créance"),
    Column("customer_id", "text", "Customer account", "Compte client"),
    Column("kind", "text", "What the movement is", "Nature du mouvement"),
    Column("reference", "text", "Number of the document", "Numéro de pièce"),
    Column("issued_on", "date", "Date of the document", "Date de la pièce"),
    Column("booked_on", "date", "Date of the entry in the accounts", "Date d'écriture comptable"),
    Column("due_on", "date", "Due date", "Date d'échéance"),
    Column("due_source", "text", "Where the due date comes from", "Origine de l'échéance"),
    Column("amount", "money", "Signed amount, tax included: owed is positive", "Montant TTC signé : dû est positif"),
    Column("net_amount", "money", "Amount without tax, where known", "Montant HT, s'il est connu"),
    Column("currency", "text", "Currency of the document", "Devise de la pièce"),
    Column("currency_amount", "money", "Amount in the document's currency", "Montant en devise"),
    Column("terms", "text", "Payment terms as written", "Conditions de paiement telles qu'écrites"),
    Column("disputed", "flag", "Whether the customer disputes it", "Litige"),
    Column("label", "text", "Wording of the entry", "Libellé"),
    Column("account", "text", "Ledger account", "Compte général"),
    Column("file", "text", "File it was read from", "Fichier d'où il vient"),
    Column("row", "id", "Row of the source file", "Ligne du fichier source"),
)

MATCHES = (
    Column("debit_id", "id", "Movement that is settled", "Mouvement réglé"),
    Column("credit_id", "id", "Movement that settles it", "Mouvement qui règle"),
    Column("amount", "money", "Amount settled", "Montant lettré"),
    Column("matched_on", "date", "Later of the two accounting dates", "Plus tardive des deux dates comptables"),
    Column("method", "text", "official, derived or proposed", "officiel, déduit ou proposé"),
)

CUSTOMERS = (
    Column("customer_id", "text", "Customer account", "Compte client"),
    Column("name", "text", "Name", "Nom"),
    Column("group", "text", "Group the customer belongs to", "Groupe du client"),
    Column("siren", "text", "French company number", "SIREN"),
    Column("country", "text", "Country", "Pays"),
    Column("segment", "text", "Segment", "Segment"),
    Column("terms", "text", "Payment terms agreed", "Conditions convenues"),
    Column("credit_limit", "money", "Credit limit", "Plafond de crédit"),
    Column("insured_limit", "money", "Insured limit", "Plafond assuré"),
    Column("rating", "text", "External rating", "Cotation externe"),
    Column("status", "text", "Status at the registry", "Statut au registre"),
    Column("email", "text", "E-mail", "Courriel"),
    Column("address", "text", "Lines of the street address", "Lignes de l'adresse, sans la ville"),
    Column("postcode", "text", "Postcode", "Code postal"),
    Column("city", "text", "City", "Ville"),
    Column("phone", "text", "Telephone", "Téléphone"),
    Column("contact", "text", "Whom to speak to", "Interlocuteur"),
    Column("language", "text", "Language of letters", "Langue des courriers"),
)

CONTROLS = (
    Column("account", "text", "Ledger account, or what the source adds up", "Compte, ou total du fichier source"),
    Column("booked_on", "date", "Day", "Jour"),
    Column("amount", "money", "Movement of that day as the source has it", "Mouvement du jour selon la source"),
)

RECEIPTS = (
    Column("receipt_id", "id", "Number of the receipt", "Numéro de l'encaissement"),
    Column("received_on", "date", "Date the bank booked it", "Date d'opération de la banque"),
    Column("value_on", "date", "Value date", "Date de valeur"),
    Column("amount", "money", "Money received; taken back by the bank: negative", "Montant reçu ; repris : négatif"),
    Column("currency", "text", "Currency of the bank account", "Devise du compte bancaire"),
    Column("payer", "text", "Who paid, as the bank names them", "Payeur, tel que la banque le nomme"),
    Column("payer_account", "text", "Account of the payer", "Compte du payeur"),
    Column("remittance", "text", "What the payer wrote", "Libellé du règlement"),
    Column("reference", "text", "Reference the payer gave", "Référence donnée par le payeur"),
    Column("bank_account", "text", "Account that received", "Compte bancaire crédité"),
    Column("transaction_code", "text", "Code of the bank for this kind of entry", "Code opération de la banque"),
    Column("file", "text", "File of the statement", "Fichier du relevé"),
    Column("row", "id", "Row of the file; in XML, place of the entry", "Ligne du fichier, ou rang en XML"),
)

STATEMENTS = (
    Column("file", "text", "File of the statement", "Fichier du relevé"),
    Column("number", "text", "Number the bank gave it", "Numéro donné par la banque"),
    Column("bank_account", "text", "Bank account", "Compte bancaire"),
    Column("currency", "text", "Currency of the account", "Devise du compte"),
    Column("opened_on", "date", "Day of the opening balance", "Date du solde d'ouverture"),
    Column("opening", "money", "Opening balance", "Solde d'ouverture"),
    Column("money_in", "money", "Sum of what came in", "Total des entrées"),
    Column("money_out", "money", "Sum of what went out", "Total des sorties"),
    Column("closing", "money", "Closing balance", "Solde de clôture"),
    Column("closed_on", "date", "Day of the closing balance", "Date du solde de clôture"),
    Column("difference", "money", "What the balances leave unexplained", "Écart que les soldes n'expliquent pas"),
)

# What a movement can be. Sales are the first two; openings and transfers are neither sales nor payments.
INVOICE, CREDIT_NOTE, PAYMENT = "invoice", "credit_note", "payment"
OPENING, BILL, TRANSFER, WRITE_OFF, OTHER = "opening", "bill", "transfer", "write_off", "other"
KINDS = (INVOICE, CREDIT_NOTE, PAYMENT, OPENING, BILL, TRANSFER, WRITE_OFF, OTHER)
SALES = (INVOICE, CREDIT_NOTE)

METHODS = ("official", "derived", "proposed")


def conform(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """A frame with these columns first, in order and of their kind; missing ones empty, any others kept after.

    Dates lose their time, money is rounded to cents. `id` columns that are absent are numbered from 1.
    """
    nothing = pa.nulls(len(frame), pa.large_string())  # held once by all columns of text that are absent
    made = {column.name: _column(frame, column, nothing) for column in columns}
    others = {name: frame[name] for name in frame.columns if name not in made}
    return pd.DataFrame(made | others, index=frame.index, copy=False).reset_index(drop=True)


def _column(frame: pd.DataFrame, column: Column, nothing: pa.LargeStringArray) -> "pd.Series[Any]":
    values: pd.Series[Any]
    if column.name not in frame:
        if column.kind == "text":
            return pd.Series(pd.array(nothing, dtype="str"), index=frame.index)
        absent = np.arange(1, len(frame) + 1) if column.kind == "id" else _ABSENT[column.kind]
        values = pd.Series(absent, index=frame.index, dtype=DTYPES[column.kind])
        return values
    values = frame[column.name]
    if column.kind == "date":
        values = _without_time(values)
    elif column.kind == "money":
        values = values.astype("float64").round(2)
    elif column.kind == "flag":
        values = values.fillna(value=False)
    values = values.astype(DTYPES[column.kind])
    return values


def _without_time(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Dates without their time of day; those of whole days as they are."""
    dates = pd.to_datetime(values)
    if dates.dtype != DTYPES["date"]:
        return dates.dt.normalize()
    whole = dates.to_numpy().astype(np.int64) % _SECONDS == 0
    return dates if (whole | dates.isna().to_numpy()).all() else dates.dt.normalize()


def no_texts(index: "pd.Index[Any]") -> "pd.Series[Any]":
    """A column of text without any."""
    return pd.Series(pd.array(pa.nulls(len(index), pa.large_string()), dtype="str"), index=index)


def texts_by_code(names: Sequence[str], codes: Codes, index: "pd.Index[Any]") -> "pd.Series[Any]":
    """A column of the texts that codes stand for, missing where a code is below 0; no text is looked at twice."""
    taken = pa.array(names, pa.large_string()).take(pa.array(codes, mask=codes < 0))
    return pd.Series(pd.array(taken, dtype="str"), index=index)


def places_of(ids: "pd.Series[Any]", wanted: "pd.Series[Any]") -> Codes:
    """Where numbers stand in a column of distinct ones, -1 where they do not; numbers that follow on are counted."""
    known, asked = ids.to_numpy(), wanted.to_numpy()
    if len(known) and (np.diff(known) == 1).all():
        return np.where((asked >= known[0]) & (asked <= known[-1]), asked - known[0], -1)
    found: Codes = pd.Index(ids).get_indexer(pd.Index(wanted))
    return found


def day_numbers(dates: "pd.Series[Any]") -> Days:
    """Dates as whole days since 1970-01-01, so that differences are plain integers; `NO_DAY` where missing."""
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def sum_by_code(codes: Codes, values: Floats, size: int) -> Floats:
    """The sum of the values of each code from 0 to `size` - 1; 0 where a code has none."""
    return np.bincount(codes, values, size).astype(np.float64, copy=False)


def numbered(codes: Codes) -> tuple[Codes, Codes]:
    """The place of each code, 0 or more, among the different ones; and these, in order.

    Looked up in a table of all codes up to the largest one, unless these are many more than there are values.
    """
    size = int(codes.max(initial=-1)) + 1
    if size > _SPARSE * len(codes):
        place, found = pd.factorize(codes, sort=True)
        return place, found
    used = np.bincount(codes, minlength=size) > 0
    return (np.cumsum(used) - 1)[codes], np.flatnonzero(used)


def day_number(day: pd.Timestamp) -> int:
    """One day as whole days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def to_dates(days: Days) -> "pd.Series[Any]":
    """Whole days since 1970-01-01 as dates; `NO_DAY` becomes missing."""
    return pd.Series(days.astype("datetime64[D]").astype("datetime64[s]"))

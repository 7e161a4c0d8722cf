"""Bank statements into receipts: CAMT, MT940, CFONB 120 and tables, proved by their own balances.

Every expected figure was added up by hand from the text of the file beside it.
"""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arlib.errors import ArlibError
from arlib.readers.bank import Receipts, is_bank_statement, not_a_ledger, read_receipts
from arlib.readers.sources import gather
from arlib.schema import RECEIPTS, STATEMENTS


def read(text: str | bytes, name: str = "statement", **options: object) -> Receipts:
    return read_receipts((name, text if isinstance(text, bytes) else text.encode()), **options)


def claims(text: str | bytes) -> bool:
    return is_bank_statement(gather(("file", text if isinstance(text, bytes) else text.encode()))[0])


def keys(sentences) -> list[str]:
    return [sentence.key for sentence in sentences]


def notes(receipts: Receipts) -> dict[str, dict]:
    return {note.key: dict(note.values) for source in receipts.sources for note in source.reading}


def warnings(receipts: Receipts) -> list[str]:
    return [key for source in receipts.sources for key in keys(source.warnings)]


def assert_proved(receipts: Receipts) -> None:
    """What every reading keeps: the columns of the schema, and no receipt outside what came in or was taken back."""
    assert list(receipts.rows.columns) == [column.name for column in RECEIPTS]
    assert list(receipts.statements.columns) == [*(column.name for column in STATEMENTS), "ties"]
    assert receipts.rows["received_on"].notna().all()
    assert receipts.rows["amount"].abs().sum() <= receipts.statements[["money_in", "money_out"]].sum().sum() + 0.005
    for source in receipts.sources:
        assert all(sentence.text(language) for sentence in source.reading for language in ("en", "fr"))
        assert all(sentence.text(language) for sentence in source.warnings for language in ("en", "fr"))


# --- CAMT -----------------------------------------------------------------------------------------------------------


def amount(value: str, currency: str = "EUR") -> str:
    return f'<Amt Ccy="{currency}">{value}</Amt>'


def balance(code: str, value: str, day: str, mark: str = "CRDT", currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(value, currency)}"
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(value: str, *, mark: str = "CRDT", day: str = "2024-03-04", status: str = "BOOK", inside: str = "") -> str:
    return (
        f"<Ntry>{amount(value)}<CdtDbtInd>{mark}</CdtDbtInd><Sts>{status}</Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><DtTm>{day}T08:00:00+01:00</DtTm></ValDt>{inside}</Ntry>"
    )


def transaction(value: str, name: str, text: str, *, reference: str = "NOTPROVIDED", party: str = "{}") -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{value and amount(value)}<RltdPties><Dbtr>"
        f"{party.format(f'<Nm>{name}</Nm>')}</Dbtr><DbtrAcct><Id><IBAN>FR76 1695 8000 0112 3456 7890 141</IBAN></Id>"
        f"</DbtrAcct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def details(*transactions: str) -> str:
    return f"<NtryDtls>{''.join(transactions)}</NtryDtls>"


def camt(
    body: str, *, message: str = "BkToCstmrStmt", part: str = "Stmt", number: str = "7", version: str = "053.001.08"
):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}">'
        f"<{message}><{part}><Id>{number}</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{body}</{part}></{message}></Document>"
    )


BATCH = camt(
    balance("OPBD", "1000.00", "2024-03-01")
    + entry(
        "350.50",
        inside=details(
            transaction("100.00", "ALPHA SARL", "FACTURE F-101", reference="E2E-1", party="<Pty>{}</Pty>"),
            transaction("250.50", "BÊTA &amp; FILS", "F-102", party="<Pty>{}</Pty>"),
        ),
    )
    + entry("40.25", mark="DBIT", inside=details(transaction("", "BANQUE", "COMMISSION")))
    + entry("75.00", status="<Cd>PDNG</Cd>")
    + entry("100.00", mark="DBIT", inside="<RvslInd>true</RvslInd>" + details(transaction("", "ALPHA SARL", "REJET")))
    + entry("20.00", inside="<RvslInd>true</RvslInd>" + details(transaction("", "NOUS", "VIREMENT REVENU")))
    + balance("CLBD", "1230.25", "2024-03-04")  # 1000 + 350.50 - 40.25 - 100 + 20
)


def test_a_batch_is_one_receipt_a_transaction_and_the_statement_ties():
    receipts = read(BATCH)
    assert_proved(receipts)
    rows = receipts.rows
    assert rows["amount"].tolist() == [100.00, 250.50, -100.00]
    assert rows["payer"].tolist() == ["ALPHA SARL", "BÊTA & FILS", "ALPHA SARL"]
    assert rows["remittance"].tolist() == ["FACTURE F-101", "F-102", "REJET"]
    assert rows["reference"].fillna("").tolist() == ["E2E-1", "", ""]  # NOTPROVIDED is no reference
    assert set(rows["payer_account"]) == {"FR7616958000011234567890141"}
    assert rows["row"].tolist() == [1, 1, 4]
    assert rows["received_on"].tolist() == [pd.Timestamp("2024-03-04")] * 3
    statement = receipts.statements.iloc[0]
    assert statement[["opening", "money_in", "money_out", "closing"]].tolist() == [1000.00, 370.50, 140.25, 1230.25]
    assert statement["ties"]
    said = notes(receipts)
    assert said["bank.split"]["rows"] == 1
    assert str(said["bank.left.pending"]["sums"][0]) == "75.00 EUR"
    assert str(said["bank.left.debit"]["sums"][0]) == "−40.25 EUR"
    assert str(said["bank.left.came_back"]["sums"][0]) == "20.00 EUR"
    assert warnings(receipts) == []


MESSAGES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.parametrize("number", [2, 6, 8, 13])
def test_every_version_and_kind_of_camt_is_read_with_any_prefix(number, kind):
    message, part = MESSAGES[kind]
    body = entry("10.00") + entry("5.00", mark="DBIT")
    text = camt(body, message=message, part=part, version=f"{kind}.001.{number:02}")
    prefixed = text.replace("xmlns=", "xmlns:n1=").replace("</", "</n1:")
    for tag in ("Document", message, part, "Id>", "IBAN", "Acct", "Ccy>", "Ntry", "Amt ", "CdtDbt", "Sts", "BookgDt"):
        prefixed = prefixed.replace(f"<{tag}", f"<n1:{tag}")
    for tag in ("Dt>", "DtTm>", "ValDt"):
        prefixed = prefixed.replace(f"<{tag}", f"<n1:{tag}")
    for written in (text, prefixed):
        assert claims(written)
        receipts = read(written)
        assert receipts.rows["amount"].tolist() == [10.00]
        assert receipts.sources[0].format == f"camt.{kind}"
        assert receipts.statements["ties"].isna().all()


def test_a_batch_that_does_not_add_up_is_kept_whole_and_said():
    inside = details(transaction("100.00", "A", "F-1"), transaction("200.00", "B", "F-2"))
    receipts = read(camt(entry("310.00", inside=inside)))
    assert receipts.rows["amount"].tolist() == [310.00]
    assert receipts.rows["remittance"].tolist() == ["F-1 F-2"]
    assert receipts.rows["payer"].isna().all()
    assert warnings(receipts) == ["bank.batch_differs"]


def test_a_batch_without_amounts_is_kept_whole():
    inside = details(transaction("", "A", "F-1"), transaction("", "B", "F-2"))
    counted = "<NtryDtls><Btch><NbOfTxs>25</NbOfTxs></Btch></NtryDtls>"
    receipts = read(camt(entry("310.00", inside=inside) + entry("40.00", inside=counted)))
    assert receipts.rows["amount"].tolist() == [310.00, 40.00]
    assert notes(receipts)["bank.undetailed"]["rows"] == 2


def test_remittance_lines_are_joined_where_they_were_cut_and_structured_ones_follow():
    first = "REGLEMENT DE NOS FACTURES ".ljust(137, "X") + "F-1"  # 140 characters: the next line goes on
    text = (
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{first}</Ustrd><Ustrd>23</Ustrd><Strd><RfrdDocInf><Nb>F-124</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
    )
    row = read(camt(entry("1.00", inside=text))).rows.iloc[0]
    assert row["remittance"].endswith("F-123 RF18539007547034 F-124")
    assert row["reference"] == "RF18539007547034"


def test_a_return_is_known_by_its_reason_or_its_code():
    returned = details("<TxDtls><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls>")
    unpaid = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>"
    receipts = read(camt(entry("30.00", mark="DBIT", inside=returned) + entry("9.00", mark="DBIT", inside=unpaid)))
    assert receipts.rows["amount"].tolist() == [-30.00, -9.00]
    assert receipts.rows["transaction_code"].fillna("").tolist() == ["", "PMNT-IDDT-UPDD"]


def test_a_statement_that_does_not_tie_is_said_with_its_figures():
    receipts = read(camt(balance("OPBD", "10", "2024-01-01") + entry("5") + balance("CLBD", "16", "2024-01-02")))
    assert receipts.statements["ties"].tolist() == [False]
    assert receipts.statements["difference"].tolist() == [-1.00]
    assert warnings(receipts) == ["bank.not_tied"]


def test_entries_that_cannot_be_read_are_all_named():
    body = (
        entry("12,x")
        + entry("5", day="2024-02-30").replace("DtTm>2024-02-30", "DtTm>2024-02-31")
        + entry("1", mark="X")
    )
    with pytest.raises(ArlibError) as error:
        read(camt(body + entry("3").replace('"EUR"', '"USD"')))
    found = [problem.what.key for problem in error.value.problems]
    assert found == ["bank.entry_amount", "bank.entry_date", "bank.entry_amount", "bank.entry_currency"]


def test_the_currency_of_a_notification_is_that_of_its_entries():
    advice = camt(entry("3.00"), message="BkToCstmrDbtCdtNtfctn", part="Ntfctn").replace("<Ccy>EUR</Ccy>", "")
    assert read(advice).rows["currency"].tolist() == ["EUR"]


def test_a_document_type_is_refused():
    bomb = BATCH.replace("<Document", '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document', 1)
    with pytest.raises(ArlibError, match="DOCTYPE"):
        read(bomb)


def test_the_year_9999_is_a_day():
    assert read(camt(entry("1.00", day="9999-12-31"))).rows["received_on"].dt.year.tolist() == [9999]


def test_an_empty_statement_is_read():
    receipts = read(camt(balance("OPBD", "5.00", "2024-01-01") + balance("CLBD", "5.00", "2024-01-31")))
    assert_proved(receipts)
    assert len(receipts.rows) == 0
    assert receipts.statements["ties"].tolist() == [True]


def test_a_large_statement_is_read_in_one_pass():
    one = entry("10.00", inside=details(transaction("", "A", "F-1", reference="E2E-1")))
    receipts = read(camt(balance("OPBD", "0", "2024-01-01") + one * 5_000 + balance("CLBD", "50000", "2024-01-02")))
    assert receipts.rows["amount"].sum() == 50_000.00
    assert receipts.statements["ties"].tolist() == [True]


# --- MT940 ----------------------------------------------------------------------------------------------------------


def wrapped(text: str) -> str:
    """A field as SWIFT writes it: lines of 65 characters, wherever these end."""
    return "\n".join(text[start : start + 65] for start in range(0, len(text), 65))


SUB_FIELDS = wrapped(  # 27 characters a sub-field, then the next one goes on
    "166?00GUTSCHRIFT?109251?20EREF+RE-2023-0815?21KREF+1?22SVWZ+Rechnung Nr RE-2023-08?2315 vom 01.12.2023 Kunde K47"
    "?2411?30COBADEFFXXX?31DE89370400440532013000?32Müller und Söhne Maschinenb?33au GmbH?34000"
)
GERMAN = f""":20:STARTUMS
:25:DE02120300000000202051
:28C:00012/001
:60F:C231229EUR1000,00
:61:2312290102CR1190,00NTRFKREF+
:86:{SUB_FIELDS}
:61:2401030103RC119,00NTRFNONREF//R1
:86:109?00RETOURE?20SVWZ+RUECKGABE MANGELS DECK?21UNG?32Kunde Nord?34931
:61:2401030103D50,00NTRFNONREF
:86:808?00ENTGELT?20Kontoführung
:61:2401030103RD10,5NTRFNONREF
:86:159?00RETOURE?20SVWZ+Ueberweisung zurueck
:62F:C240103EUR2031,50
-
"""  # 1000 + 1190 - 119 - 50 + 10.50 = 2031.50


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_german_sub_fields(encoding, line_end):
    receipts = read(GERMAN.replace("\n", line_end).encode(encoding))
    assert_proved(receipts)
    rows = receipts.rows
    assert rows["amount"].tolist() == [1190.00, -119.00]
    assert rows["payer"].tolist() == ["Müller und Söhne Maschinenbau GmbH", "Kunde Nord"]
    assert rows["remittance"].tolist() == [
        "Rechnung Nr RE-2023-0815 vom 01.12.2023 Kunde K4711",
        "RUECKGABE MANGELS DECKUNG",
    ]
    assert rows["reference"].fillna("").tolist() == ["RE-2023-0815", ""]
    assert rows["payer_account"].fillna("").tolist() == ["DE89370400440532013000", ""]
    assert rows["transaction_code"].tolist() == ["166", "109"]
    # Value date in December, entry `0102`: booked on the 2nd of January of the next year.
    assert rows["received_on"].tolist() == [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03")]
    assert rows["value_on"].iloc[0] == pd.Timestamp("2023-12-29")
    assert rows["row"].tolist() == [5, 10]
    statement = receipts.statements.iloc[0]
    assert statement[["opening", "money_in", "money_out", "closing"]].tolist() == [1000.00, 1200.50, 169.00, 2031.50]
    assert statement["ties"]
    assert statement["bank_account"] == "DE02120300000000202051"


DUTCH = """{1:F01INGBNL2ABXXX0000000000}{2:I940INGBNL2AXXXN}{4:
:20:P140220000000001
:25:NL69INGB0123456789EUR
:28C:00000
:60F:C140219EUR662,23
:61:1402200220C1,56NTRFEREF//00000000001005
:86:/EREF/EV12341REP1231456T1234//CNTP/NL32INGB0000012345/INGBNL2A/IN
G BANK N.V. INZAKE WEB///REMI/USTD//EV10001REP1000000T1000/
:61:1402200220C100,NTRFNONREF
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL57INGB0001212121/BIC/INGBNL2A/NAME/
 CAFE MON AMI/REMI/FACTUUR 2014/897789005/EREF/NOTPROVIDED
:62F:C140220EUR763,79
-}{5:}
"""


def test_dutch_codes_and_the_envelope_of_swift():
    rows = read(DUTCH).rows
    assert rows["payer"].tolist() == ["ING BANK N.V. INZAKE WEB", "CAFE MON AMI"]
    assert rows["payer_account"].tolist() == ["NL32INGB0000012345", "NL57INGB0001212121"]
    assert rows["remittance"].tolist() == ["EV10001REP1000000T1000", "FACTUUR 2014/897789005"]
    assert rows["reference"].fillna("").tolist() == ["EV12341REP1231456T1234", ""]
    statement = read(DUTCH).statements.iloc[0]
    assert statement["ties"]  # 662.23 + 1.56 + 100.00 = 763.79
    assert statement["bank_account"] == "NL69INGB0123456789"


def test_lines_and_balances_of_mt940_that_cannot_be_read_are_all_named():
    text = ":20:A\n:25:X\n:60F:C240230EUR1,00\n:61:240101Q1,00NTRF\n:61:2401019999C1,00NTRF\n:62F:C240101EUR1,00\n"
    with pytest.raises(ArlibError) as error:
        read(text)
    assert [(problem.place.row, problem.what.key) for problem in error.value.problems] == [
        (3, "bank.balance"),
        (4, "bank.line"),
        (5, "bank.line"),
    ]


# --- CFONB 120 ------------------------------------------------------------------------------------------------------

HEAD = "30002{}00447EUR2 0000888899H"


def balance_record(kind: str, day: str, value: str) -> str:
    return f"{kind}{HEAD.format('    ')}  {day}{'':50}{value}".ljust(120)


def move_record(value: str, label: str, *, code: str = "05", reject: str = "  ", reference: str = "") -> str:
    record = f"04{HEAD.format('0134')}{code}040324{reject}050324{label:31}  0000012  {value}{reference:16}"
    assert len(record) == 120
    return record


def complement(qualifier: str, text: str) -> str:
    return f"05{HEAD.format('0134')}05040324     {qualifier}{text:70}".ljust(120)


# {=+0 A=+1 … I=+9, }=-0 J=-1 … R=-9: 0000000012345{ is 1234.50, 000000000500} is -50.00, 0000000001234J is -123.41.
CFONB = [
    balance_record("01", "030324", "0000000010000{"),  # 1000.00
    move_record("0000000012345{", "VIR SEPA RECU"),  # 1234.50
    complement("NPY", "DURAND ET FILS"),
    complement("LCC", "REGLEMENT FACTURES 2024-001 2024-002 2024-003 2024-004 2024-005 2024-0"),
    complement("LC2", "06"),
    complement("RCN", "VIR-77".ljust(35) + "SUPP"),
    move_record("0000000001234J", "PRLV SEPA IMPAYE", reject="AC"),  # -123.41
    complement("NPY", "MARTIN"),
    move_record("0000000000500}", "COMMISSIONS"),  # -50.00
    move_record("0000000000099I", "REMISE CHEQUES", reference="REM0042"),  # 9.99
    balance_record("07", "040324", "0000000020710H"),  # 1000 + 1234.50 - 123.41 - 50 + 9.99 = 2071.08
]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("signs", ["{}", "éè"])
def test_cfonb_with_its_complements(line_end, signs):
    text = line_end.join(CFONB).replace("{", signs[0]).replace("}", signs[1])
    assert claims(text.encode("iso-8859-1"))
    receipts = read(text.encode("iso-8859-1"))
    assert_proved(receipts)
    rows = receipts.rows
    assert rows["amount"].tolist() == [1234.50, -123.41, 9.99]
    assert rows["payer"].fillna("").tolist() == ["DURAND ET FILS", "MARTIN", ""]
    assert rows["remittance"].iloc[0] == (
        "VIR SEPA RECU REGLEMENT FACTURES 2024-001 2024-002 2024-003 2024-004 2024-005 2024-006"
    )
    assert rows["reference"].fillna("").tolist() == ["VIR-77", "", "REM0042"]
    assert rows["received_on"].tolist() == [pd.Timestamp("2024-03-04")] * 3
    assert rows["value_on"].tolist() == [pd.Timestamp("2024-03-05")] * 3
    assert rows["row"].tolist() == [2, 7, 10]
    assert receipts.statements["ties"].tolist() == [True]
    assert receipts.statements["bank_account"].tolist() == ["30002004470000888899H"]


def test_cfonb_decimals_are_those_of_the_record():
    yen = [line.replace("EUR2", "JPY0") for line in CFONB]
    assert read("\n".join(yen)).rows["amount"].tolist() == [123450, -12341, 999]


def test_cfonb_statements_end_where_the_account_changes():
    other = [line.replace("0000888899H", "0000777799H") for line in CFONB]
    receipts = read("\n".join([*CFONB[:-1], *other[1:]]))  # the balances that would tell them apart are lost
    assert receipts.rows.groupby("bank_account")["amount"].sum().round(2).tolist() == [1121.08, 1121.08]
    assert receipts.statements["ties"].isna().all()


def test_cfonb_records_that_cannot_be_read_are_all_named():
    broken = [
        *CFONB[:2],
        "99" + CFONB[1][2:],
        CFONB[1].replace("12345{", "12345?"),
        CFONB[1].replace("040324", "310224"),
    ]
    broken += [CFONB[-1], CFONB[2]]
    with pytest.raises(ArlibError) as error:
        read("\n".join(broken))
    assert [(problem.place.row, problem.what.key) for problem in error.value.problems] == [
        (3, "bank.record"),
        (4, "bank.record_amount"),
        (5, "bank.record_date"),
        (7, "bank.record_alone"),
    ]


# --- Tables ---------------------------------------------------------------------------------------------------------

TABLES = {
    "crédit agricole": (
        """Téléchargement du  19/12/2019;

M. DUPONT JEAN
Compte courant FR76 3000 6000 0112 3456 7890 189;
Solde au 18/12/19 : 1 313,37 EUR

Date;Libellé;Débit Euros;Crédit Euros;
18/12/2019;"PAIEMENT PAR CARTE
BREST  15/02

";3,18;;
17/12/2019;"VIREMENT EN VOTRE FAVEUR
ALPHA SARL FACTURE 2019-113
";;1 313,40;
""",
        [("2019-12-17", 1313.40, "VIREMENT EN VOTRE FAVEUR ALPHA SARL FACTURE 2019-113", 12)],
    ),
    "bnp paribas": (
        """Compte courant;Compte courant;****1234;31/01/2024;;12 345,67
Date operation;Libelle court;Type operation;Libelle operation;Montant operation
31/01/2024;VIR;VIREMENT;VIR SEPA RECU /DE BETA SAS /MOTIF F2401;1 200,50
30/01/2024;CB;CARTE;PAIEMENT CB SHELL;-45,10
""",
        [("2024-01-31", 1200.50, "VIR SEPA RECU /DE BETA SAS /MOTIF F2401", 3)],
    ),
    "société générale": (
        """="0201900016400270";17/05/2026;16/11/2026;
date_comptabilisation;libellé_complet_operation;montant_operation;devise;
31/08/2026;VIR RECU 0042 DE: GAMMA;533,98;EUR;
11/08/2026;CARTE X1234 DECATHLON;-33,98;EUR;
""",
        [("2026-08-31", 533.98, "VIR RECU 0042 DE: GAMMA", 3)],
    ),
    "lcl": (
        """Date;Libellé;Débit;Crédit
01/03/2024;ANCIEN SOLDE;;1 000,00
28/03/2024;VIR SEPA ALPHA;;200,00
30/03/2024;PRLV EDF;50,00;
;Total;50,00;1 200,00
""",
        [("2024-03-28", 200.00, "VIR SEPA ALPHA", 3)],
    ),
    "banque populaire": (
        """Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;\
Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation
19/08/2025;ALPHA;VIR ALPHA SARL;REF001;FACT 22;Virement recu;;;;+1 500,00;18/08/2025;19/08/2025;0
20/08/2025;FRAIS;FRAIS IMPAYE;REF002;;;;;-12,00;;20/08/2025;20/08/2025;0
""",
        [("2025-08-18", 1500.00, "ALPHA VIR ALPHA SARL FACT 22", 2)],
    ),
    "qonto": (
        """Status,Settlement date (UTC),Operation date (UTC),Total amount (incl. VAT),Currency,Counterparty name,IBAN,\
Reference
settled,2024-01-31 10:00:00,2024-01-31 09:00:00,1200.50,EUR,BETA SAS,FR7616958000011234567890141,Invoice 12
declined,2024-02-01 10:00:00,2024-02-01 09:00:00,500.00,EUR,GAMMA,,x
""",
        [("2024-01-31", 1200.50, "Invoice 12", 2)],
    ),
    "ing": (
        """Umsatzanzeige;Datei erstellt am: 22.01.2026 18:23

IBAN;DE02 1203 0000 0000 2020 51
Saldo;900,00;EUR

Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung
22.01.2026;22.01.2026;REWE Markt;Lastschrift;Einkauf;900,00;EUR;-100,50;EUR
21.01.2026;21.01.2026;Kunde GmbH;Gutschrift;RE 2026-1;1.000,50;EUR;1.000,50;EUR
""",
        [("2026-01-21", 1000.50, "RE 2026-1", 8)],
    ),
    "volksbank": (
        """Buchungstag;Valuta;Auftraggeber/Zahlungsempfänger;Vorgang/Verwendungszweck;Währung;Umsatz;Soll/Haben
29.03.2022;29.03.2022;Kunde A;RG 1;EUR;1.234,50;H
29.03.2022;29.03.2022;Lieferant;Kauf;EUR;34,50;S
""",
        [("2022-03-29", 1234.50, "RG 1", 2)],
    ),
    "boursorama": (
        """dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance
2024-07-31;2024-07-31;"CARTE 30/07/24 TOTO";a;b;c;-49,40;;000123;Compte;4425.21
2024-07-30;2024-07-31;"VIR ALPHA";a;b;c;1 000,00;;000123;Compte;4474.61
""",
        [("2024-07-30", 1000.00, "VIR ALPHA", 3)],
    ),
}


@pytest.mark.parametrize("bank", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_tables_of_banks(bank, encoding):
    text, expected = TABLES[bank]
    receipts = read(text.encode(encoding), f"{bank}.csv")
    assert_proved(receipts)
    found = receipts.rows[["received_on", "amount", "remittance", "row"]]
    assert [(f"{day:%Y-%m-%d}", *rest) for day, *rest in found.itertuples(index=False)] == expected


@pytest.mark.parametrize("bank", ["ing", "boursorama"])
def test_a_running_balance_proves_a_table_in_either_order(bank):
    head, newest, oldest = TABLES[bank][0].rstrip("\n").rsplit("\n", 2)
    for text in (f"{head}\n{newest}\n{oldest}\n", f"{head}\n{oldest}\n{newest}\n"):
        assert read(text).statements["ties"].tolist() == [True]
    wrong = TABLES[bank][0].replace("900,00;EUR;-", "901,00;EUR;-").replace("4425.21", "4425.22")
    assert warnings(read(wrong)) == ["bank.not_tied"]


def test_a_table_in_several_currencies_is_one_statement_each():
    text = (
        "Date completed (UTC),Type,State,Description,Payment currency,Amount,Fee,Balance,Account\n"
        "2026-04-30,TOPUP,COMPLETED,Money added from BETA,EUR,1000.00,0.00,1500.00,EUR Main\n"
        "2026-04-29,TRANSFER,COMPLETED,To X,EUR,-500.00,1.00,500.00,EUR Main\n"
        "2026-04-29,TOPUP,COMPLETED,Money added from UK Ltd,GBP,10.00,0,10.00,GBP Main\n"
        "2026-04-29,TOPUP,PENDING,Soon,GBP,99.00,0,10.00,GBP Main\n"
    )
    receipts = read(text)
    assert receipts.rows[["amount", "currency"]].to_numpy().tolist() == [[1000.00, "EUR"], [10.00, "GBP"]]
    assert receipts.statements["money_out"].tolist() == [501.00, 0.00]  # the fee leaves the account too
    assert receipts.statements["opening"].tolist() == [1001.00, 0.00]
    assert receipts.statements["ties"].tolist() == [True, True]
    assert str(notes(receipts)["bank.left.pending"]["sums"][0]) == "99.00 GBP"


def test_a_debit_whose_wording_says_returned_is_a_receipt_taken_back_and_its_fee_is_not():
    text = "Date;Libellé;Débit;Crédit\n30/03/2024;REJET PRLV ALPHA;50,00;\n30/03/2024;FRAIS REJET;8,00;\n"
    receipts = read(text)
    assert receipts.rows["amount"].tolist() == [-50.00]
    assert warnings(receipts) == ["bank.returned_by_wording"]


def test_wordings_go_on_in_rows_of_their_own_and_payers_are_not_taken_for_totals():
    text = (
        "Date;Libellé;Débit;Crédit\n"
        "28/03/2024;VIR SEPA RECU;;200,00\n"
        ";DE: TOTAL ENERGIES;;\n"
        ";FACT 2024-17;;\n"
        "29/03/2024;SOLDE FACTURE 12;;10,00\n"
        "30/03/2024;TOTAL ENERGIES;;20,00\n"
        "31/03/2024;SOLDE CREDITEUR AU 31/03/2024;;1 230,00\n"
        ";TOTAL DES OPERATIONS;0,00;230,00\n"
    )
    receipts = read(text)
    assert receipts.rows[["remittance", "amount", "row"]].to_numpy().tolist() == [
        ["VIR SEPA RECU DE: TOTAL ENERGIES FACT 2024-17", 200.00, 2],
        ["SOLDE FACTURE 12", 10.00, 5],
        ["TOTAL ENERGIES", 20.00, 6],
    ]
    assert dict(notes(receipts)["bank.rows_left_out"]) == {"rows": 2, "row": "7, 8"}


def test_a_payment_whose_detail_is_only_the_word_for_a_balance_is_a_payment():
    text = (
        "Date;Libellé;Détail;Montant\n"
        "28/03/2024;VIR SEPA RECU ALPHA;SOLDE;200,00\n"
        "29/03/2024;SOLDE;;1 200,00\n"
        "30/03/2024;SOLDE;NOUVEAU SOLDE AU 30/03/2024;1 200,00\n"
    )
    assert read(text).rows["row"].tolist() == [2]


def test_a_workbook_and_a_frame_are_read_as_the_text_is(tmp_path):
    frame = pd.DataFrame(
        {
            "Date opération": pd.to_datetime(["2024-03-28", "2024-03-30"]),
            "Date valeur": pd.to_datetime(["2024-03-29", "2024-03-30"]),
            "Libellé": ["VIR ALPHA", "PRLV EDF"],
            "Débit": [None, 50.0],
            "Crédit": [200.0, None],
            "Solde": [1200.0, 1150.0],
        }
    )
    path = tmp_path / "releve.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"Banque": ["note"]}).to_excel(book, sheet_name="Info", index=False)
        frame.to_excel(book, sheet_name="Mouvements", index=False, startrow=3)
    for source in (path, frame):
        receipts = read_receipts(source)
        assert_proved(receipts)
        assert receipts.rows["amount"].tolist() == [200.00]
        assert receipts.rows["value_on"].tolist() == [pd.Timestamp("2024-03-29")]
        assert receipts.statements[["opening", "closing", "ties"]].to_numpy().tolist() == [[1000.00, 1150.00, True]]
    assert read_receipts(path).rows["row"].tolist() == [5]


def test_columns_can_be_chosen():
    text = "Date;Libellé;Tiers;Montant\n30/03/2024;VIR;ALPHA;50,00\n"
    with pytest.raises(ArlibError, match=r"a ledger's.*Tiers"):
        read(text)
    assert read(text, columns={"payer": "Tiers"}).rows["payer"].tolist() == ["ALPHA"]
    with pytest.raises(ArlibError, match="Tierss"):
        read(text, columns={"payer": "Tierss"})


def test_cells_that_cannot_be_read_are_all_named():
    with pytest.raises(ArlibError) as error:
        read("Date;Libellé;Montant\n31/02/2024;a;1,00\n28/02/2024;b;x\n28/02/2024;c;1;00\n".replace("1;00", "1"))
    found = [(problem.place.row, problem.place.column) for problem in error.value.problems]
    assert found == [(2, "Date"), (3, "Montant")]


@pytest.mark.parametrize(
    "text",
    [
        'Date;Libellé;Montant\n28/03/2024;"a;1,00\n28/03/2024;b;2,00\n28/03/2024;c;3,00\n',
        "Date;Libellé;Montant\n28/03/2024;a;1,00;surplus\n",
        "Date;Libellé;Montant\n28/03/2024;a;\n",
        "Date;Libellé;Montant;Sens\n28/03/2024;a;1,00;peut-être\n",
        "Client;N° facture;Date facture;Échéance;Montant TTC\nALPHA;F1;01/03/2024;31/03/2024;100,00\n",
        "<?xml version='1.0'?><Invoice/>",
        "du texte",
    ],
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ArlibError):
        read(text)


# --- Several files --------------------------------------------------------------------------------------------------


def day_statement(number: str, opening: str, closing: str, day: str, value: str = "10.00") -> str:
    inside = entry(value, day=day, inside=details(transaction("", "A", f"F-{number}")))
    body = balance("OPBD", opening, day) + inside + balance("CLBD", closing, day)
    return camt(body, number=number)


FIRST = ("1.xml", day_statement("1", "0.00", "10.00", "2024-01-01").encode())
SECOND = ("2.xml", day_statement("2", "10.00", "20.00", "2024-01-02").encode())
FOURTH = ("4.xml", day_statement("4", "30.00", "40.00", "2024-01-04").encode())


def test_statements_that_follow_one_another_say_nothing_and_a_missing_one_is_said():
    assert warnings(read_receipts([SECOND, FIRST])) == []
    receipts = read_receipts([FIRST, SECOND, FOURTH])
    assert warnings(receipts) == ["bank.gap"]
    gap = receipts.sources[2].warnings[0]
    assert (gap.values["closing"], gap.values["opening"]) == (20.00, 30.00)


def test_the_same_bytes_twice_are_refused():
    with pytest.raises(ArlibError, match="same bytes"):
        read_receipts([FIRST, ("copy.xml", FIRST[1])])


def test_the_same_statement_in_two_files_counts_once():
    receipts = read_receipts([FIRST, ("again.xml", FIRST[1] + b"\n")])
    assert receipts.rows["amount"].tolist() == [10.00]
    assert len(receipts.statements) == 1
    assert warnings(receipts) == ["bank.statement_twice"]


def test_one_statement_with_different_entries_is_refused():
    other = ("other.xml", day_statement("1", "0.00", "11.00", "2024-01-01", value="11.00").encode())
    with pytest.raises(ArlibError, match="different entries"):
        read_receipts([FIRST, other])


def test_statements_of_one_day_and_number_that_follow_one_another_are_two():
    evening = ("evening.xml", day_statement("1", "10.00", "20.00", "2024-01-01").encode())
    receipts = read_receipts([FIRST, evening])
    assert receipts.rows["amount"].sum() == 20.00
    assert warnings(receipts) == ["bank.overlap"]  # the same day, amount and wording: a person looks at it


def test_receipts_of_overlapping_files_are_said():
    text = "Date;Libellé;Montant\n30/03/2024;VIR ALPHA;50,00\n"
    receipts = read_receipts([("a.csv", text.encode()), ("b.csv", (text + "31/03/2024;VIR BETA;7,00\n").encode())])
    assert warnings(receipts) == ["bank.overlap"]


def test_a_notification_beside_the_statement_of_its_account_is_said():
    advice = camt(entry("3.00"), message="BkToCstmrDbtCdtNtfctn", part="Ntfctn", number="N1")
    assert warnings(read_receipts([FIRST, ("advice.xml", advice.encode())])) == ["bank.mixed_kinds"]


# --- Recognition, and anything at all -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [BATCH, GERMAN, DUTCH, "\n".join(CFONB), TABLES["ing"][0], TABLES["qonto"][0]])
def test_a_statement_is_recognised(text):
    assert claims(text)
    assert claims("\ufeff" + text)


@pytest.mark.parametrize(
    "text",
    [
        "Client;N° facture;Date facture;Échéance;Montant TTC\nALPHA;F1;01/03/2024;31/03/2024;100,00\n",
        "Date;Date valeur;Client;Libellé;Montant\n01/03/2024;01/03/2024;ALPHA;x;100,00\n",
        "Date;Pièce;Libellé;Débit;Crédit;Solde\n01/03/2024;F1;Facture Alpha;100,00;;100,00\n",
        "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tDebit\tCredit\nVE\tV\t1\t20240101\t411\tC\t1\t0\n",
        "<?xml version='1.0'?><Invoice/>",
        "0130002 une facture",
    ],
)
def test_a_ledger_is_not_taken_for_a_statement(text):
    assert not claims(text)


def test_a_statement_given_as_a_ledger_is_refused_with_what_to_do():
    assert "read_receipts" in str(not_a_ledger("releve.xml"))


def readable(content: bytes) -> None:
    """Any bytes are receipts that keep their promises, or an error with a sentence."""
    try:
        receipts = read_receipts(("file", content))
    except ArlibError as error:
        sentences = [error.text(language) for language in ("en", "fr")]
    else:
        assert_proved(receipts)
        return
    assert all(sentences)


@given(st.binary(max_size=400))
@example(b"")
@example(b"<Document><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>")
@example(b"<BkToCstmrStmt><Stmt><Ntry/></Stmt></BkToCstmrStmt>")
@example(b":25:\n:61:")
@example(b":20:\n:25:\n:60F:\n:86:\n")
@example(b":25:\xe9\n:34F:\n")
@example("\n".join(["04" + CFONB[0][2:], *CFONB]).encode())
@example(CFONB[0].encode())
@example(b"Date;Montant;Libelle\n")
def test_any_bytes(content):
    readable(content)


WHOLES = [BATCH, GERMAN, DUTCH, "\n".join(CFONB), *(text for text, _ in TABLES.values())]


@given(
    st.sampled_from([whole.encode() for whole in WHOLES]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=6)), min_size=1, max_size=6),
)
def test_any_damage_to_a_statement(whole, damages):
    for place, length, put in damages:
        start = int(place * len(whole))
        whole = whole[:start] + put + whole[start + length :]
    readable(whole)


# --- Real files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "amounts", "ties", "doubts"),
    [
        ("camt/camt053.v2.multi.statement.xml", [8.85], [True, True], []),
        ("camt/camt053.v2.with-party-ids.xml", [8.85], [pd.NA], ["bank.balance_currency"]),  # closes in SEK
        ("mt940/ASNB_mt940.txt", [1000.00, 828.72, 1000.18], [True] * 31, []),
        (
            "mt940/cmxl_mt940.sta",
            [18500.00, 4200.00, 3656.74, 23040.00, 3000.00, 20000.00, 40.00],
            [True, True, True],
            [],
        ),
        # Lines were taken out of these two: 3236.28 - 321.44 is not 876.84, and 4.68 - 50.27 is not 3.47.
        ("mt940/jejik_abnamro.sta", [], [False, False], ["bank.not_tied", "bank.not_tied", "bank.gap"]),
        ("mt940/jejik_ing.sta", [3.68, 1.00], [False], ["bank.not_tied"]),
    ],
)
def test_real_statements(shared_data: Path, file, amounts, ties, doubts):
    receipts = read_receipts(shared_data / "bank_statements" / file)
    assert_proved(receipts)
    assert receipts.rows["amount"].tolist() == amounts
    assert receipts.statements["ties"].tolist() == ties
    assert warnings(receipts) == doubts


def test_real_wordings(shared_data: Path):
    folder = shared_data / "bank_statements" / "mt940"
    dutch = read_receipts(folder / "ASNB_mt940.txt").rows.iloc[1]
    assert dutch["payer"] == "transfer solutions bv"
    assert dutch["payer_account"] == "NL25INGB9999999999"
    assert dutch["remittance"].endswith("Transfer Solutions BV-DIVIDEND 28/01/2020")  # cut within a word at 65
    polish = read_receipts(folder / "cmxl_mt940.sta").rows.iloc[5]
    assert "FAKTURA 333/2003." in polish["remittance"]  # cut within the number
    assert polish["currency"] == "PLN"

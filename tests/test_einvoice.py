"""Electronic invoices: CII in every profile, the PDF that carries it, UBL, and the table of their statuses."""

import hashlib
import io
import re
import zlib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import NameObject

from arlib.checks import proof
from arlib.errors import ArlibError
from arlib.ledger import balance, open_items
from arlib.readers.einvoice import is_einvoice, is_status_table, read_einvoice, read_einvoices, with_statuses
from arlib.readers.reading import to_ledger
from arlib.readers.sources import RawSource
from arlib.readers.tables.table import Table

NAMESPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
SELLER = '<ram:Name>Moulin SA</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">552100554</ram:ID></ram:SpecifiedLegalOrganization>'  # noqa: E501
BUYER = '<ram:Name>Durand SARL</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">732829320</ram:ID></ram:SpecifiedLegalOrganization>'  # noqa: E501


def raw(content: str | bytes, name: str = "invoice.xml") -> RawSource:
    content = content.encode() if isinstance(content, str) else content
    return RawSource(name, content, hashlib.sha256(content).hexdigest(), "xml")


def cii(  # noqa: PLR0913 - an invoice has many parts
    number: str = "F1",
    *,
    code: str = "380",
    date: str = "20260131",
    currency: str = "EUR",
    buyer: str = BUYER,
    terms: str = "",
    preceding: str = "",
    net: str = "100.00",
    tax: str = "20.00",
    total: str = "120.00",
    more: str = "",
    due: str = "120.00",
    lines: str = "",
) -> str:
    """A CII invoice: 100.00 + 20.00 of VAT to Durand, unless said otherwise."""
    settled = f"<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{preceding}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>"  # noqa: E501
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice {NAMESPACES}>
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{date}</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>{SELLER}</ram:SellerTradeParty>
<ram:BuyerTradeParty>{buyer}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>{terms}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="{currency}">{tax}</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>{more}
<ram:DuePayableAmount>{due}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>{settled if preceding else ""}
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def falls_due(day: str, amount: str = "", discount: str = "") -> str:
    """One of the payment terms of a CII invoice."""
    partial = f"<ram:PartialPaymentAmount>{amount}</ram:PartialPaymentAmount>" if amount else ""
    percent = "<ram:ApplicableTradePaymentDiscountTerms><ram:CalculationPercent>2</ram:CalculationPercent></ram:ApplicableTradePaymentDiscountTerms>"  # noqa: E501
    return (
        '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">'
        f"{day}</udt:DateTimeString></ram:DueDateDateTime>{partial}{percent if discount else ''}"
        "</ram:SpecifiedTradePaymentTerms>"
    )


def ubl(root: str = "Invoice", body: str = "", totals: str = "", buyer: str = "", number: str = "F1") -> str:
    """A UBL invoice or credit note of 120.00 with VAT."""
    totals = totals or '<b:TaxInclusiveAmount currencyID="EUR">120</b:TaxInclusiveAmount>'
    buyer = buyer or (
        "<a:PartyLegalEntity><b:RegistrationName>Durand SARL</b:RegistrationName>"
        '<b:CompanyID schemeID="0002">732829320</b:CompanyID></a:PartyLegalEntity>'
    )
    return f"""<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
 xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<b:ID>{number}</b:ID><b:IssueDate>2026-01-31</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>{body}
<a:AccountingSupplierParty><a:Party><a:PartyLegalEntity><b:RegistrationName>Moulin SA</b:RegistrationName>
<b:CompanyID schemeID="0002">552100554</b:CompanyID></a:PartyLegalEntity></a:Party></a:AccountingSupplierParty>
<a:AccountingCustomerParty><a:Party>{buyer}</a:Party></a:AccountingCustomerParty>
<a:TaxTotal><b:TaxAmount currencyID="EUR">20</b:TaxAmount></a:TaxTotal>
<a:LegalMonetaryTotal>{totals}<b:PayableAmount currencyID="EUR">120</b:PayableAmount></a:LegalMonetaryTotal></{root}>"""


def pdf(xml: str | None, name: str = "factur-x.xml", *, locked: bool = False) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if xml is not None:
        writer.add_attachment(name, xml.encode())
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def ledger_of(*sources: str | bytes, tables: tuple[Table, ...] = ()):
    files = [raw(content, f"{place}.xml") for place, content in enumerate(sources, 1)]
    readings = with_statuses(read_einvoices(files), tables)
    return to_ledger(readings, terms=None, customers=None, rates=None, currency=None)


def said(ledger) -> list[str]:
    return [sentence.key for source in ledger.sources for sentence in (*source.reading, *source.warnings)]


def warned(*sources: str) -> list[str]:
    return [sentence.key for source in ledger_of(*sources).sources for sentence in source.warnings]


def problems(content: str | bytes) -> list[str]:
    with pytest.raises(ArlibError) as refused:
        read_einvoice(raw(content))
    for language in ("en", "fr"):
        assert refused.value.text(language).startswith("invoice.xml")
    return [problem.what.key for problem in refused.value.problems]


# Figures read by hand in the files.
REAL = {
    "factur-x-en16931.xml": ("F20260023", "2026-01-31", "2026-03-02", 104.90, 100.00, 4.90, 104.90, "987654321"),
    "ubl-21-en16931.xml": ("F124212", "2026-06-17", "2026-07-16", 308.03, 273.00, 35.03, 208.03, "787878784"),
    "zugferd-comfort.xml": ("471102", "2013-03-05", "2013-04-04", 529.87, 473.00, 56.87, 529.87, "4000001987658"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_invoices(shared_data, name):
    number, issued, due, total, net, tax, left, customer = REAL[name]
    source = raw((shared_data / "einvoices" / name).read_bytes(), name)
    assert is_einvoice(source)
    reading = read_einvoice(source)
    assert reading.source.warnings == ()
    ledger = to_ledger([reading], terms=None, customers=None, rates=None, currency=None)
    invoice = ledger.items.iloc[0]
    assert (invoice["reference"], invoice["customer_id"], ledger.currency) == (number, customer, "EUR")
    assert (invoice["issued_on"], invoice["due_on"]) == (pd.Timestamp(issued), pd.Timestamp(due))
    assert (invoice["amount"], invoice["net_amount"], invoice["tax_amount"]) == (total, net, tax)
    assert open_items(ledger)["open_amount"].tolist() == [left]
    assert balance(ledger) == left
    assert proof(ledger)["ties"].dropna().all()


def test_the_parties_and_references_of_a_real_invoice(shared_data):
    reading = read_einvoice(raw((shared_data / "einvoices" / "factur-x-en16931.xml").read_bytes()))
    invoice, customer = reading.items.iloc[0], reading.customers.iloc[0]
    kept = ["entity", "seller_name", "buyer_reference", "order_reference", "contract_reference", "preceding", "terms"]
    assert invoice[kept].tolist() == [
        *("123456782", "LE FOURNISSEUR", "SERVEXEC", "PO201925478", "CT2018120802", "F20260003"),
        "PAIEMENT 30 JOURS NET",
    ]
    assert invoice["delivered_on"] == pd.Timestamp("2026-01-28")
    assert customer[["name", "siren", "country", "email", "vat_number", "einvoice_address"]].tolist() == [
        *("LE CLIENT", "987654321", "FR", "buyer@buyer.com", "FR05987654321", "EM:me@buyer.com")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (cii(), True),
        (cii().encode("utf-8-sig"), True),
        (cii().replace("UTF-8", "UTF-16").encode("utf-16"), True),
        (ubl(), True),
        (ubl("CreditNote"), True),
        ("<!-- <Other> -->\n<?pi?>\n" + ubl(), True),
        ("<!DOCTYPE Invoice [<!ENTITY a 'b'>]>" + ubl(), True),
        (f"<StandardBusinessDocument><Header/>{ubl()}</StandardBusinessDocument>", True),
        (cii().replace("rsm:", "a:").replace("xmlns:rsm", "xmlns:a"), True),
        (pdf(None), True),
        ("<html><body>Invoice</body></html>", False),
        ("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'/>", False),
        ("Invoice;Amount\n1;2\n", False),
        ("<" * 70_000, False),
        ("<!--" * 20_000, False),
        ("<!-- -->" * 9_000, False),
        (b"", False),
    ],
)
def test_an_invoice_is_known_by_its_content(content, expected):
    assert is_einvoice(raw(content)) is expected


def test_a_frame_is_no_invoice():
    assert not is_einvoice(RawSource("DataFrame", pd.DataFrame(), "", "frame"))


@pytest.mark.parametrize(
    ("code", "kind", "amount"),
    [
        *(("380", "invoice", 120.0), ("384", "invoice", 120.0), ("386", "invoice", 120.0), ("389", "invoice", 120.0)),
        *(
            ("326", "invoice", 120.0),
            ("751", "invoice", 120.0),
            ("393", "invoice", 120.0),
            ("381", "credit_note", -120.0),
        ),
        *(("261", "credit_note", -120.0), ("262", "credit_note", -120.0), ("396", "credit_note", -120.0)),
        *(("502", "credit_note", -120.0), ("503", "credit_note", -120.0)),
    ],
)
def test_type_codes(code, kind, amount):
    item = read_einvoice(raw(cii(code=code))).items.iloc[0]
    assert (item["kind"], item["amount"], item["net_amount"]) == (kind, amount, amount / 1.2)


def test_a_minimum_profile_without_due_date_falls_due_by_the_terms_given():
    ledger = ledger_of(cii())
    assert ledger.items["due_source"].tolist() == ["default"]
    assert ledger.items["due_on"].tolist() == [pd.Timestamp("2026-03-02")]  # 31 January + 30 days


def test_a_negative_invoice_is_a_credit_and_a_negative_credit_note_is_told():
    minus = {"net": "-100", "tax": "-20", "total": "-120", "due": "-120"}
    items = ledger_of(cii("F1", **minus), cii("A1", code="381", **minus)).items
    assert items["kind"].tolist() == ["credit_note", "credit_note"]
    assert items["amount"].tolist() == [-120.0, -120.0]
    assert warned(cii("A1", code="381", **minus)) == ["einvoice.negative_credit"]


def test_an_invoice_with_a_negative_total_is_a_credit_note_on_the_one_it_names():
    """A credit note in disguise: type 380, a total of -48.00, naming F1 of 120.00, of which 72.00 stay due."""
    minus = {"net": "-40", "tax": "-8", "total": "-48", "due": "-48"}
    ledger = ledger_of(cii("F0"), cii("F1"), cii("F2", preceding="F1", **minus))
    assert ledger.items["kind"].tolist() == ["invoice", "invoice", "credit_note"]
    open_ = open_items(ledger)
    assert open_[["reference", "open_amount"]].values.tolist() == [["F0", 120.0], ["F1", 72.0]]
    assert ledger.matches["method"].tolist() == ["official"]
    told = [each for source in ledger.sources for each in source.warnings]
    assert [(each.key, each.values["preceding"]) for each in told] == [("einvoice.negative_invoice_of", "F1")]
    assert proof(ledger)["difference"].abs().max() < 0.005


def test_a_negative_invoice_that_names_none_stays_open_by_itself():
    minus = {"net": "-40", "tax": "-8", "total": "-48", "due": "-48"}
    ledger = ledger_of(cii("F1"), cii("F2", **minus))
    assert ledger.items["kind"].tolist() == ["invoice", "credit_note"]
    assert len(ledger.matches) == 0
    assert warned(cii("F1"), cii("F2", **minus)) == ["einvoice.negative_invoice"]


def test_a_credit_note_settles_the_invoice_it_corrects_and_no_other():
    files = (
        cii("F0"),
        cii("F1"),
        ubl(
            "CreditNote",
            "<a:BillingReference><a:InvoiceDocumentReference><b:ID>F1</b:ID></a:InvoiceDocumentReference></a:BillingReference>",
            number="A1",
        ),
    )
    ledger = ledger_of(*files)
    assert open_items(ledger)["reference"].tolist() == ["F0"]
    assert ledger.matches["method"].tolist() == ["official"]
    assert ledger.items["preceding"].dropna().tolist() == ["F1"]
    assert balance(ledger) == 120.0


def test_a_credit_note_for_several_invoices_is_left_open():
    references = "".join(
        f"<a:BillingReference><a:InvoiceDocumentReference><b:ID>{number}</b:ID></a:InvoiceDocumentReference></a:BillingReference>"
        for number in ("F1", "F2")
    )
    ledger = ledger_of(cii("F1"), cii("F2"), ubl("CreditNote", references, number="A1"))
    assert len(ledger.matches) == 0
    assert ledger.items["preceding"].dropna().tolist() == ["F1, F2"]


def test_what_was_paid_already_is_a_payment_of_the_day_matched_with_its_invoice():
    ledger = ledger_of(cii(more="<ram:TotalPrepaidAmount>50.00</ram:TotalPrepaidAmount>", due="70.00"), cii("F2"))
    paid = ledger.items[ledger.items["kind"] == "payment"].iloc[0]
    assert (paid["amount"], paid["booked_on"], paid["reference"]) == (-50.0, pd.Timestamp("2026-01-31"), "F1")
    assert open_items(ledger)["open_amount"].tolist() == [70.0, 120.0]
    assert "einvoice.paid" in said(ledger)
    assert proof(ledger)["ties"].dropna().all()


def test_instalments_are_a_row_a_due_date_and_add_up_exactly():
    terms = falls_due("20260228", "40.00") + falls_due("20260331", "40.00") + falls_due("20260430", "40.00")
    items = ledger_of(cii(terms=terms)).items
    assert items["amount"].tolist() == [40.0, 40.0, 40.0]
    assert items["due_on"].dt.strftime("%m-%d").tolist() == ["02-28", "03-31", "04-30"]
    assert items["document_id"].tolist() == ["F1"] * 3
    # 100.00 and 20.00 in three: what is cut off the running totals 33.33, 66.67, 100 and 6.67, 13.33, 20
    assert items["net_amount"].tolist() == [33.33, 33.34, 33.33]
    assert items["tax_amount"].tolist() == [6.67, 6.66, 6.67]


def test_an_instalment_without_amount_takes_the_remainder_and_the_last_the_cents():
    rest = ledger_of(cii(terms=falls_due("20260228", "36.00") + falls_due("20260331"))).items
    assert rest["amount"].tolist() == [36.0, 84.0]
    thirds = [falls_due(day, "39.99") for day in ("20260228", "20260331", "20260430")]
    assert ledger_of(cii(terms="".join(thirds))).items["amount"].tolist() == [39.99, 39.99, 40.02]


def test_instalments_of_what_remains_after_a_payment():
    prepaid = "<ram:TotalPrepaidAmount>20.00</ram:TotalPrepaidAmount>"
    terms = falls_due("20260228", "50.00") + falls_due("20260331", "50.00")
    ledger = ledger_of(cii(terms=terms, more=prepaid, due="100.00"))
    assert open_items(ledger)["open_amount"].tolist() == [50.0, 50.0]
    assert proof(ledger)["ties"].dropna().all()


def test_instalments_that_do_not_add_up_or_have_no_amounts_fall_due_last():
    wrong = cii(terms=falls_due("20260228", "10.00") + falls_due("20260331", "10.00"))
    silent = cii(terms=falls_due("20260228") + falls_due("20260331"))
    for content, key in ((wrong, "einvoice.instalments"), (silent, "einvoice.unsplit")):
        ledger = ledger_of(content)
        assert ledger.items["due_on"].tolist() == [pd.Timestamp("2026-03-31")]
        assert balance(ledger) == 120.0
        assert warned(content) == [key]


def test_the_day_of_a_discount_is_no_due_date():
    terms = falls_due("20260210", discount="2") + falls_due("20260302")
    assert ledger_of(cii(terms=terms)).items["due_on"].tolist() == [pd.Timestamp("2026-03-02")]


@pytest.mark.parametrize(
    "body",
    [
        "<b:DueDate>2026-03-02</b:DueDate>",
        "<a:PaymentMeans><b:PaymentDueDate>2026-03-02</b:PaymentDueDate></a:PaymentMeans>",
        "<a:PaymentTerms><b:PaymentDueDate>2026-03-02</b:PaymentDueDate></a:PaymentTerms>",
        "<b:DueDate>2026-03-02+01:00</b:DueDate>",
    ],
)
def test_where_ubl_writes_its_due_date(body):
    assert ledger_of(ubl(body=body)).items["due_on"].tolist() == [pd.Timestamp("2026-03-02")]


def test_ubl_instalments():
    body = "".join(
        f"<a:PaymentTerms><b:Amount>60</b:Amount><b:InstallmentDueDate>{day}</b:InstallmentDueDate></a:PaymentTerms>"
        for day in ("2026-02-28", "2026-03-31")
    )
    assert ledger_of(ubl(body=body)).items["amount"].tolist() == [60.0, 60.0]


def test_rounding_is_part_of_what_is_owed():
    ledger = ledger_of(cii(total="119.98", net="99.98", more="<ram:RoundingAmount>0.02</ram:RoundingAmount>"))
    assert balance(ledger) == 120.0
    assert "einvoice.rounded" in said(ledger)
    assert [key for key in said(ledger) if "differs" in key] == []


def numbered(scheme: str, number: str, *, tag: str = "GlobalID") -> str:
    return f'<ram:{tag} schemeID="{scheme}">{number}</ram:{tag}><ram:Name>Durand SARL</ram:Name>'


@pytest.mark.parametrize(
    ("buyer", "customer"),
    [
        (BUYER, "732829320"),
        (numbered("0009", "732 829 320 00074"), "732829320"),
        (
            (
                '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR 44 732829320</ram:ID>'
                "</ram:SpecifiedTaxRegistration>"
            ),
            "732829320",
        ),
        (
            (
                '<ram:URIUniversalCommunication><ram:URIID schemeID="0225">732829320_A1</ram:URIID>'
                "</ram:URIUniversalCommunication>"
            ),
            "732829320",
        ),
        (
            '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">de123456789</ram:ID></ram:SpecifiedTaxRegistration>',
            "DE123456789",
        ),
        (numbered("0088", "4000001987658"), "4000001987658"),
        ("<ram:ID>C042</ram:ID><ram:Name>Durand SARL</ram:Name>", "C042"),
        ("<ram:Name>Durand SARL</ram:Name>", "Durand SARL"),
    ],
)
def test_one_number_a_customer(buyer, customer):
    assert read_einvoice(raw(cii(buyer=buyer))).items["customer_id"].tolist() == [customer]


def test_one_invoice_given_twice_counts_once():
    ledger = ledger_of(cii(), pdf(cii()), cii("F2"))
    assert ledger.items["reference"].tolist() == ["F1", "F2"]
    assert len(ledger.sources) == 3
    assert warned(cii(), cii() + " ") == ["einvoice.twice"]


def test_one_invoice_without_a_seller_given_twice_counts_once():
    nobody = cii().replace(SELLER, "")
    assert warned(nobody, nobody + " ") == ["einvoice.twice"]
    assert balance(ledger_of(nobody, nobody + " ")) == 120.0


def test_several_sellers_are_told():
    other = cii("F2").replace("552100554", "404833048").replace("Moulin SA", "Autre SA")
    assert warned(cii(), other) == ["einvoice.sellers"]
    assert set(ledger_of(cii(), other).items["entity"]) == {"552100554", "404833048"}


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (cii(due="119.00"), ["einvoice.differs.due"]),
        (cii(tax="19.00"), ["einvoice.differs.total"]),
        (cii(more="<ram:LineTotalAmount>90.00</ram:LineTotalAmount>"), ["einvoice.differs.net"]),
        (cii(code="384", preceding="F0"), ["einvoice.corrected"]),
        (cii(code="999"), ["einvoice.unusual_type"]),
        (cii(code=""), ["einvoice.no_type"]),
        (re.sub("<ram:GrandTotal.*GrandTotalAmount>", "", cii()), ["einvoice.total_from_due"]),
    ],
)
def test_what_an_invoice_says_twice_and_not_alike_is_told(content, keys):
    ledger = ledger_of(content)
    assert warned(content) == keys
    assert balance(ledger) == 120.0
    assert proof(ledger)["ties"].dropna().all()


def test_lines_are_added_up_and_groups_of_lines_left_out():
    def line(amount: str, status: str) -> str:
        return (
            f"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>{status}"
            "</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument><ram:SpecifiedLineTradeSettlement>"
            f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{amount}</ram:LineTotalAmount>"
            "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
            "</ram:IncludedSupplyChainTradeLineItem>"
        )

    stated = "<ram:LineTotalAmount>100.00</ram:LineTotalAmount>"
    lines = line("100.00", "GROUP") + line("60.00", "DETAIL") + line("40.00", "DETAIL")
    assert warned(cii(lines=lines, more=stated)) == []
    assert warned(cii(lines=lines + line("5.00", "DETAIL"), more=stated)) == ["einvoice.differs.lines"]


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (cii(number=""), ["einvoice.missing"]),
        (cii(date="20260231"), ["einvoice.not_date"]),
        (cii(date=""), ["einvoice.missing"]),
        (cii(currency=""), ["einvoice.missing"]),
        (cii(buyer=""), ["einvoice.missing"]),
        (cii(total="12O.00"), ["einvoice.not_amount"]),
        (cii(total="1e400"), ["einvoice.not_amount"]),
        (cii(total="NaN"), ["einvoice.not_amount"]),
        (cii(total="120,00"), ["einvoice.not_amount"]),
        (cii(total="9" * 15), ["einvoice.not_amount"]),
        (cii(total="", due=""), ["einvoice.missing"]),
        (cii(code="325"), ["einvoice.pro_forma"]),
        (cii(terms=falls_due("tomorrow")), ["einvoice.not_date"]),
        (ubl(totals='<b:TaxInclusiveAmount currencyID="USD">120</b:TaxInclusiveAmount>'), ["einvoice.other_currency"]),
        (cii(number="", total="x", date="y"), ["einvoice.missing", "einvoice.not_date", "einvoice.not_amount"]),
        ("<Invoice/>", ["einvoice.missing"] * 5),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + ubl(number="&a;"), ["read.xml_doctype"]),
        (cii()[:900], ["read.damaged_xml"]),
        (
            f"<StandardBusinessDocument>{NAMESPACES.split('=', maxsplit=1)[0]}</StandardBusinessDocument>",
            ["einvoice.none"],
        ),
        (pdf(None), ["einvoice.no_xml_in_pdf"]),
        (pdf("<a/>", "other.xml"), ["einvoice.none"]),
        (pdf(cii(), locked=True), ["einvoice.protected_pdf"]),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, ["einvoice.damaged_pdf"]),
        (pdf(cii())[:700], ["einvoice.damaged_pdf"]),
    ],
)
def test_what_cannot_be_read_is_told_with_its_element(content, keys):
    assert problems(content) == keys


def test_all_files_are_told_not_the_first():
    with pytest.raises(ArlibError) as refused:
        read_einvoices([raw(cii(number=""), "a.xml"), raw(cii()), raw("<Invoice>", "b.xml")])
    assert [problem.place.file for problem in refused.value.problems] == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "F1.xml"]
)
def test_a_pdf_carries_its_invoice(name):
    source = raw(pdf(cii(), name), "invoice.pdf")
    assert is_einvoice(source)
    assert read_einvoice(source).items["amount"].tolist() == [120.0]


def test_a_pdf_that_unpacks_without_end_is_refused():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", b"x")
    (file,) = writer.attachment_list
    stream = file._embedded_file
    stream._data = zlib.compress(bytes(200_000_000), 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    written = io.BytesIO()
    writer.write(written)
    assert len(written.getvalue()) < 1_000_000
    assert problems(written.getvalue()) == ["einvoice.damaged_pdf"]


def test_an_envelope_of_several_invoices():
    inner = [re.sub(r"<\?xml.*?\?>", "", cii(number)) for number in ("F1", "F2")]
    reading = read_einvoice(raw(f"<Batch>{''.join(inner)}</Batch>"))
    assert reading.items[["reference", "row"]].to_numpy().tolist() == [["F1", 1], ["F2", 2]]


def test_amounts_of_several_currencies_are_never_added_up():
    with pytest.raises(ArlibError, match="USD"):
        ledger_of(cii(), cii("F2", currency="USD"))
    assert ledger_of(cii(currency="USD")).currency == "USD"


def test_vat_in_the_currency_of_the_accounts_is_kept_apart():
    terms = "<ram:TaxCurrencyCode>EUR</ram:TaxCurrencyCode>"
    content = cii(currency="USD", terms=terms).replace(
        "<ram:GrandTotalAmount>",
        '<ram:TaxTotalAmount currencyID="EUR">18.40</ram:TaxTotalAmount><ram:GrandTotalAmount>',
    )
    item = read_einvoice(raw(content)).items.iloc[0]
    assert (item["tax_amount"], item["tax_currency"], item["tax_in_currency"]) == (20.0, "EUR", 18.40)


def statuses(*rows: tuple[str, ...], headings: str = "N° facture;Statut;Date statut;Motif;Montant encaissé") -> Table:
    """A table of statuses as a platform exports it."""
    cells = pd.DataFrame(rows, columns=headings.split(";"), dtype="str")
    return Table("statuts.csv", None, cells.set_axis(range(2, len(cells) + 2)))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("N° facture;Statut;Date statut", True),
        ("Invoice number;Status;Status date;Reason", True),
        ("Facture;Code statut;Date;Motif", True),
        ("Facture;Client;Date;Échéance;Montant TTC;Statut", False),
        ("N° facture;Date;Montant", False),
        ("Statut;Date", False),
        ("", False),
    ],
)
def test_headings_of_a_status_table(headings, expected):
    assert is_status_table(headings.split(";")) is expected


@pytest.mark.parametrize(
    ("written", "status", "disputed"),
    [
        ("207", "disputed", True),
        ("En litige", "disputed", True),
        ("210 - Refusée", "refused", True),
        ("REFUSEE", "refused", True),
        ("Approuvée partiellement", "partly_approved", True),
        ("205", "approved", False),
        ("Mise à disposition", "made_available", False),
        ("Payment sent", "payment_sent", False),
        ("en attente du chef", "en attente du chef", False),
    ],
)
def test_codes_and_names_of_statuses(written, status, disputed):
    items = ledger_of(cii(), tables=(statuses(("F1", written, "10/02/2026", "prix", "")),)).items
    assert items[["einvoice_status", "disputed", "einvoice_status_reason"]].to_numpy().tolist() == [
        [status, disputed, "prix"]
    ]
    assert items["einvoice_status_on"].tolist() == [pd.Timestamp("2026-02-10")]


def test_the_last_status_counts_by_day_then_hour_then_code():
    table = statuses(
        ("f1 ", "205", "2026-02-10T09:00:00", "", ""),
        ("F1", "207", "2026-02-10T08:00:00", "", ""),
        ("F1", "200", "2026-01-31T23:00:00", "", ""),
        ("F2", "203", "2026-02-01", "", ""),
        ("F2", "200", "2026-02-01", "", ""),
    )
    items = ledger_of(cii(), cii("F2"), tables=(table,)).items
    assert items["einvoice_status"].tolist() == ["approved", "made_available"]


def test_what_was_cashed_becomes_payments_matched_with_the_invoice():
    table = statuses(("F1", "212", "10/02/2026", "", "50,00"), ("F1", "212", "20/02/2026", "", "30,00"))
    ledger = ledger_of(cii(), cii("F2"), tables=(table,))
    assert open_items(ledger)["open_amount"].tolist() == [40.0, 120.0]
    assert balance(ledger, "2026-02-15") == 190.0
    assert proof(ledger, "2026-02-15")["ties"].dropna().all()
    assert proof(ledger)["ties"].dropna().all()


def test_nothing_is_cashed_twice_nor_beyond_what_is_left():
    prepaid = cii(more="<ram:TotalPrepaidAmount>50.00</ram:TotalPrepaidAmount>", due="70.00")
    again = statuses(("F1", "212", "31/01/2026", "", "50"), ("F1", "212", "20/02/2026", "", "70"))
    assert balance(ledger_of(prepaid, tables=(again,))) == 0.0
    whole = ledger_of(prepaid, tables=(statuses(("F1", "212", "20/02/2026", "", "120")),))
    assert balance(whole) == 0.0
    assert "einvoice.cashed_beyond" in said(whole)
    repeated = statuses(("F1", "212", "20/02/2026", "", "60"), ("F1", "212", "20/02/2026", "", "60"))
    assert balance(ledger_of(cii(), tables=(repeated,))) == 60.0


def test_payments_of_another_file_are_those_of_the_statuses():
    readings = read_einvoices([raw(cii())])
    bank = read_einvoices(
        [raw(cii("F9", more="<ram:TotalPrepaidAmount>5</ram:TotalPrepaidAmount>", due="115"), "b.xml")]
    )
    other = type(bank[0])(
        type(bank[0].source)("bank.csv", "1", "table"),
        bank[0].items,
        bank[0].customers,
        bank[0].controls,
        official=True,
    )
    made = with_statuses([*readings, other], [statuses(("F1", "212", "20/02/2026", "", "120"))])
    assert made[0].items["amount"].tolist() == [120.0]
    assert "einvoice.cashed_elsewhere" in [sentence.key for sentence in made[0].source.warnings]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (statuses(("F1", "212", "20/02/2026", "", "")), "einvoice.cashed_unknown"),
        (statuses(("F7", "205", "20/02/2026", "", "")), "einvoice.status_strangers"),
        (statuses(("F1", "213", "20/02/2026", "", "")), "einvoice.void"),
        (statuses(("F1", "bizarre", "20/02/2026", "", "")), "einvoice.status_unknown"),
        (
            statuses(("F1", "205", "1/2/2026", "120"), headings="Facture;Statut;Date;Montant"),
            "einvoice.status_amounts",
        ),
    ],
)
def test_what_statuses_leave_open_is_told(table, key):
    ledger = ledger_of(cii(), tables=(table,))
    assert key in said(ledger)
    assert "einvoice.statuses" in said(ledger)
    assert balance(ledger) == 120.0
    assert all(sentence.text("fr") for source in ledger.sources for sentence in source.reading + source.warnings)


def test_a_number_that_two_customers_bear_gets_no_status():
    other = cii(buyer="<ram:Name>Petit SA</ram:Name>")
    ledger = ledger_of(cii(), other, tables=(statuses(("F1", "207", "20/02/2026", "", "")),))
    assert not ledger.items["disputed"].any()
    assert "einvoice.status_ambiguous" in said(ledger)


def test_statuses_of_a_workbook_are_typed_cells():
    cells = pd.DataFrame(
        {
            "Invoice number": ["F1", "F1"],
            "Status code": [207, 212],
            "Status date": pd.to_datetime(["2026-02-10 09:30", "2026-02-10 08:00"]),
            "Amount paid": [float("nan"), 20.5],
        }
    )
    ledger = ledger_of(cii(), tables=(Table("statuts.xlsx", "Feuil1", cells),))
    assert ledger.items["einvoice_status"].dropna().tolist() == ["disputed"]
    assert balance(ledger) == 99.5


def test_a_status_table_with_wrong_cells_names_them_all():
    with pytest.raises(ArlibError) as refused:
        ledger_of(cii(), tables=(statuses(("F1", "207", "31/02/2026", "", ""), ("F1", "207", "x", "", "")),))
    assert [problem.place.row for problem in refused.value.problems] == [2, 3]


WHOLE = cii(terms=falls_due("20260228", "40.00") + falls_due("20260331", "80.00")).encode()
CARRIER = pdf(cii())


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good file with bytes changed, cut out or repeated."""
    content = bytearray(draw(st.sampled_from([WHOLE, ubl().encode(), CARRIER])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        piece = draw(st.binary(max_size=4))
        content[at : at + draw(st.integers(0, 12))] = piece
    return bytes(content)


@given(mutated() | st.binary(max_size=300))
def test_any_bytes_give_a_ledger_that_ties_or_a_sentence(content):
    source = raw(content)
    is_einvoice(source)
    try:
        ledger = to_ledger([read_einvoice(source)], terms=None, customers=None, rates=None, currency=None)
    except ArlibError:
        return
    assert proof(ledger)["ties"].dropna().all()


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from(["F1", "F2", "F9"]), st.sampled_from(["205", "212", "x"]), st.integers(-9, 300)),
        max_size=8,
    )
)
def test_whatever_the_statuses_the_ledger_ties(rows):
    table = statuses(*[(number, code, "2026-02-20", "", str(amount)) for number, code, amount in rows])
    ledger = ledger_of(cii(), cii("F2"), tables=(table,))
    assert proof(ledger)["ties"].dropna().all()
    assert (open_items(ledger)["open_amount"] >= 0).all()

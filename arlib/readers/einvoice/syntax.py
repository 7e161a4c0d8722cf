"""Where each of the two syntaxes of EN 16931, CII and UBL, writes what an invoice says: paths, and nothing else."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class PartyPaths:
    """Where a party's names and numbers stand, within its element; several paths are tried in order.

    `tax`, `tax_number` and `tax_scheme`: each tax registration, its number and what kind it is; `vat` is the kind.
    A scheme beginning with `@` is an attribute of the number.
    """

    name: tuple[str, ...]
    registration: str
    identifiers: tuple[str, ...]
    tax: str
    tax_number: str
    tax_scheme: str
    vat: str
    address: str
    email: str
    country: str


@dataclass(frozen=True)
class Schedule:
    """Where due dates stand: elements, and within each a date, perhaps an amount, perhaps a discount."""

    parts: str
    due_on: tuple[str, ...]
    amount: str | None = None
    discount: str | None = None


@dataclass(frozen=True)
class Syntax:
    """Where each field of an invoice stands; the business terms (BT) are those of EN 16931."""

    norm: str
    type_code: str
    always_credit: bool
    number: str  # BT-1
    issued_on: str  # BT-2
    currency: str  # BT-5
    tax_currency: str  # BT-6
    buyer_reference: str  # BT-10
    contract: str  # BT-12
    order: str  # BT-13
    terms: str  # BT-20
    profile: str  # BT-24
    preceding: str  # BT-25
    delivered_on: str  # BT-72
    seller: str  # BG-4
    buyer: str  # BG-7
    party: PartyPaths
    schedules: tuple[Schedule, ...]  # BT-9
    lines_total: str  # BT-106
    allowances: str  # BT-107
    charges: str  # BT-108
    net: str  # BT-109
    tax: str  # BT-110, BT-111
    total: str  # BT-112
    paid: str  # BT-113
    rounding: str  # BT-114
    due: str  # BT-115
    lines: str  # BG-25
    line_amount: str  # BT-131
    line_status: str  # what tells a line from a group of lines


_DEAL = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_SETTLING = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLING}/MonetarySummation"

CII = Syntax(
    norm="CII",
    type_code="ExchangedDocument/TypeCode",
    always_credit=False,
    number="ExchangedDocument/ID",
    issued_on="ExchangedDocument/IssueDateTime/*",
    currency=f"{_SETTLING}/InvoiceCurrencyCode",
    tax_currency=f"{_SETTLING}/TaxCurrencyCode",
    buyer_reference=f"{_DEAL}/BuyerReference",
    contract=f"{_DEAL}/ContractReferencedDocument/ID",
    order=f"{_DEAL}/BuyerOrderReferencedDocument/ID",
    terms=f"{_SETTLING}/SpecifiedTradePaymentTerms/Description",
    profile="ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
    preceding=f"{_SETTLING}/InvoiceReferencedDocument/ID",
    delivered_on=(
        "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/*"
    ),
    seller=f"{_DEAL}/SellerTradeParty",
    buyer=f"{_DEAL}/BuyerTradeParty",
    party=PartyPaths(
        name=("Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        registration="SpecifiedLegalOrganization/ID",
        identifiers=("GlobalID", "ID"),
        tax="SpecifiedTaxRegistration",
        tax_number="ID",
        tax_scheme="@schemeID",
        vat="VA",
        address="URIUniversalCommunication/URIID",
        email="DefinedTradeContact/EmailURIUniversalCommunication/URIID",
        country="PostalTradeAddress/CountryID",
    ),
    schedules=(
        Schedule(
            f"{_SETTLING}/SpecifiedTradePaymentTerms",
            ("DueDateDateTime/*",),
            "PartialPaymentAmount",
            "ApplicableTradePaymentDiscountTerms",
        ),
    ),
    lines_total=f"{_SUMS}/LineTotalAmount",
    allowances=f"{_SUMS}/AllowanceTotalAmount",
    charges=f"{_SUMS}/ChargeTotalAmount",
    net=f"{_SUMS}/TaxBasisTotalAmount",
    tax=f"{_SUMS}/TaxTotalAmount",
    total=f"{_SUMS}/GrandTotalAmount",
    paid=f"{_SUMS}/TotalPrepaidAmount",
    rounding=f"{_SUMS}/RoundingAmount",
    due=f"{_SUMS}/DuePayableAmount",
    lines="SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",
    line_amount="SpecifiedLineTradeSettlement/MonetarySummation/LineTotalAmount",
    line_status="AssociatedDocumentLineDocument/LineStatusReasonCode",
)

# ZUGFeRD 1 gave other names to the elements that CII writes today.
RENAMED = {
    "IssuerAssignedID": "ID",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "SpecifiedTradeSettlementMonetarySummation": "MonetarySummation",
    "SpecifiedTradeSettlementHeaderMonetarySummation": "MonetarySummation",
    "SpecifiedTradeSettlementLineMonetarySummation": "MonetarySummation",
}

UBL = Syntax(
    norm="UBL",
    type_code="InvoiceTypeCode",
    always_credit=False,
    number="ID",
    issued_on="IssueDate",
    currency="DocumentCurrencyCode",
    tax_currency="TaxCurrencyCode",
    buyer_reference="BuyerReference",
    contract="ContractDocumentReference/ID",
    order="OrderReference/ID",
    terms="PaymentTerms/Note",
    profile="CustomizationID",
    preceding="BillingReference/InvoiceDocumentReference/ID",
    delivered_on="Delivery/ActualDeliveryDate",
    seller="AccountingSupplierParty/Party",
    buyer="AccountingCustomerParty/Party",
    party=PartyPaths(
        name=("PartyLegalEntity/RegistrationName", "PartyName/Name"),
        registration="PartyLegalEntity/CompanyID",
        identifiers=("PartyIdentification/ID",),
        tax="PartyTaxScheme",
        tax_number="CompanyID",
        tax_scheme="TaxScheme/ID",
        vat="VAT",
        address="EndpointID",
        email="Contact/ElectronicMail",
        country="PostalAddress/Country/IdentificationCode",
    ),
    schedules=(
        Schedule("PaymentTerms", ("InstallmentDueDate", "PaymentDueDate"), "Amount", "SettlementDiscountPercent"),
        Schedule(".", ("DueDate",)),
        Schedule("PaymentMeans", ("PaymentDueDate",)),
    ),
    lines_total="LegalMonetaryTotal/LineExtensionAmount",
    allowances="LegalMonetaryTotal/AllowanceTotalAmount",
    charges="LegalMonetaryTotal/ChargeTotalAmount",
    net="LegalMonetaryTotal/TaxExclusiveAmount",
    tax="TaxTotal/TaxAmount",
    total="LegalMonetaryTotal/TaxInclusiveAmount",
    paid="LegalMonetaryTotal/PrepaidAmount",
    rounding="LegalMonetaryTotal/PayableRoundingAmount",
    due="LegalMonetaryTotal/PayableAmount",
    lines="InvoiceLine",
    line_amount="LineExtensionAmount",
    line_status="",
)
UBL_CREDIT_NOTE = replace(UBL, type_code="CreditNoteTypeCode", always_credit=True, lines="CreditNoteLine")

SYNTAXES = {
    "CrossIndustryInvoice": CII,
    "CrossIndustryDocument": CII,
    "Invoice": UBL,
    "CreditNote": UBL_CREDIT_NOTE,
}

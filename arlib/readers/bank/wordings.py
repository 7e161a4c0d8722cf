"""The free field of an MT940 line: German sub-fields, Dutch codes or plain text into payer, wording and reference."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from arlib.readers.bank.extract import account_of, joined, reference_of

_SUBFIELDS = re.compile(r"\s*(?P<code>[0-9]{3})?(?P<mark>[?~<>^@])(?=[0-9]{2})")
_PURPOSES = (*(f"{number}" for number in range(20, 30)), *(f"{number}" for number in range(60, 64)))
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|MDAT)\+")
_SUBFIELD, _LINE = 27, 64  # characters after which a text goes on in the next sub-field, the next line
_CODES = re.compile(
    r"/(EREF|KREF|REMI|NAME|IBAN|BIC|ORDP|BENM|TRTP|CSID|MARF|RTRN|PREF|PURP|CNTP|ULTD|ULTC|TRCD|SVCL|ISDT)/"
)
_DUTCH = re.compile(r"/(?:EREF|REMI|NAME|TRTP|ORDP|CNTP|CSID|RTRN|PREF)/")
_STRUCTURED = re.compile(r"^(?:USTD|STRD)?/*(?:CUR/|ISO/)?")
_LEADING_ACCOUNT = re.compile(r"([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})\s+(\S.*)")
_RETURNED = {"108", "109", "159", "181", "183", "184"}  # German codes of returned debits and transfers


class Wording(NamedTuple):
    """What the text of a line says."""

    text: str | None
    payer: str | None = None
    payer_account: str | None = None
    reference: str | None = None
    code: str | None = None
    returned: bool = False


def wording_of(lines: Sequence[str]) -> Wording:
    """What the lines of a field `:86:` say, in whichever of the three ways they are written."""
    whole = _continued(lines)
    if found := _SUBFIELDS.match(whole):
        return _german(whole[found.start("mark") :], found["mark"], found["code"])
    text = joined(lines, _LINE) or ""
    if _DUTCH.search(text):
        return _dutch(text)
    account = _LEADING_ACCOUNT.fullmatch(lines[0].strip())
    if account is None:
        return Wording(text or None)
    return Wording(joined(lines[1:], _LINE) or text, payer=account[2], payer_account=account[1])


def _continued(lines: Sequence[str]) -> str:
    """Lines cut wherever they were full, which says nothing of words; a shorter line ends with a word."""
    full = max(map(len, lines)) - 1
    return "".join(line if len(line) >= full else line + " " for line in lines)


def _german(text: str, mark: str, code: str | None) -> Wording:
    """Sub-fields `?20` to `?29` and `?60` to `?63` word the payment, `?32` and `?33` name the payer."""
    _, *cut = re.split(re.escape(mark) + "([0-9]{2})", text)
    parts = list(zip(cut[::2], cut[1::2], strict=True))

    def of(*numbers: str) -> str | None:
        return joined([part for number, part in parts if number in numbers], _SUBFIELD)

    purpose = of(*_PURPOSES) or ""
    before, *tagged = _SEPA.split(purpose)
    sepa = dict(zip(tagged[::2], (value.strip() for value in tagged[1::2]), strict=True))
    return Wording(
        text=sepa.get("SVWZ") or before.strip() or purpose or of("00"),
        payer=of("32", "33") or sepa.get("ABWA"),
        payer_account=account_of((of("38") or of("31") or "").replace(" ", "")),
        reference=reference_of(sepa.get("EREF")) or reference_of(sepa.get("KREF")),
        code=code,
        returned=code in _RETURNED,
    )


def _dutch(text: str) -> Wording:
    """`/REMI/` words the payment, `/NAME/` or `/CNTP/` names the payer."""
    before, *tagged = _CODES.split(text)
    values: dict[str, str] = {}
    for code, value in zip(tagged[::2], tagged[1::2], strict=True):
        values.setdefault(code, value.strip("/ "))
    account, name = values.get("IBAN"), values.get("NAME")
    if "CNTP" in values:  # account, bank, name and town
        account, _, name, *_ = [*values["CNTP"].split("/"), "", "", ""]
    remittance = _STRUCTURED.sub("", values.get("REMI", "")).strip("/ ")
    return Wording(
        text=remittance or before.strip("/ ") or text,
        payer=name or None,
        payer_account=account_of(account),
        reference=reference_of(values.get("EREF")),
        returned="RTRN" in values,
    )

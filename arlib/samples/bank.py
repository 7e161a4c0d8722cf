"""The statement of the sample company's bank in the last quarter, and what each of its lines truly is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from arlib.samples.bank_clerks import Clerk, Written, hire, write
from arlib.samples.bank_others import Line, other_lines
from arlib.samples.bank_payments import FIRST_DAY, LAST_DAY, Part, Payment
from arlib.samples.business_days import business_day_after, business_day_from

_PAID_TOGETHER, _A_RUN = 0.45, 4  # of payments so few days after the payer's last one
_SHARED, _PAYER_OF = 0.25, 0.03  # public bodies paid through a common paying office; payers for another company
_CHAINS = ("Hyper Lunaria", "Marché Valdor")  # pay through their head office, for several shops at once
_HEAD_OFFICE_PAYS = 0.12
_FEE, _FEES_ABROAD, _ROUNDED = 0.012, 0.7, 0.004
_TAKES_DISCOUNT, _DISCOUNTS = 0.012, (10, 20, 15)  # of payers; thousandths
_COLLECTED_BACK, _CHEQUE_BACK, _PAID_AGAIN = 0.06, 0.015, 0.6
_CHEQUE_NAMED, _CHEQUES_TOGETHER = 0.5, 0.12
_IN_OTHER_CURRENCY = 0.35  # of payments from Switzerland to a company that only invoices in euros
_SENT_TWICE = 0.004
_A_HOLDING, _SAYS_PART, _SAYS_DISCOUNT = 0.6, 0.3, 0.6
_TRANSFERS = ("VIR SEPA RECU", "VIR SEPA RECU", "VIREMENT RECU", "VIR INST RECU")
_PARTIAL = ("ACOMPTE", "1ER VERSEMENT", "PARTIEL", "ACPTE SUR")


@dataclass(frozen=True)
class _Office:
    """The clerks who pay, and the chance they draw from."""

    chance: Random
    clerks: dict[str, Clerk]
    paid_by: dict[str, str]
    discount: dict[str, int]


def draw_statement(payments: Sequence[Payment], seed: int, *, in_euros: bool = True) -> list[Line]:
    """The lines of a statement in the order of their days: receipts of these payments, and all that is none.

    Args:
        payments: what customers paid.
        seed: of everything the clerks and the banks do.
        in_euros: whether the company invoices in euros only, so that francs are a receipt in another currency.
    """
    chance = Random(f"{seed} bank")  # noqa: S311 - a sample to make again, not a secret
    office = _staff(payments, chance)
    lines: list[Line] = []
    cited = [reference for payment in payments for reference in payment.cited]
    for payment in _runs(payments, chance):
        lines += _lines(payment, office, cited, in_euros=in_euros)
    lines = _deposits(lines, chance)
    lines += other_lines(FIRST_DAY, LAST_DAY, chance)
    return sorted(lines, key=lambda line: (line.day, line.currency, line.order))


def _staff(payments: Sequence[Payment], chance: Random) -> _Office:
    known = {payment.payer: payment for payment in sorted(payments, key=lambda payment: payment.payer)}
    paid_by, clerks, discount = {}, {}, {}
    offices = [f"SGC {name}" for name in ("KERLOUZAC", "MONTFLEURET", "PORT GRIVEL")]
    for code, payment in known.items():
        chain = next((name for name in _CHAINS if payment.name.startswith(name)), None)
        if payment.segment == "Collectivités" and chance.random() < _SHARED:
            paid_by[code] = chance.choice(offices)
        elif chain is not None and chance.random() < _HEAD_OFFICE_PAYS:
            paid_by[code] = f"{chain.split()[-1].upper()} SERVICES FINANCIERS"
        elif chance.random() < _PAYER_OF:
            holding = chance.random() < _A_HOLDING
            paid_by[code] = f"HOLDING {payment.name.split()[-1]}" if holding else chance.choice(list(known))
        if chance.random() < _TAKES_DISCOUNT:
            discount[code] = chance.choice(_DISCOUNTS)
        clerks[code] = hire(payment.name, chance)
    for name in sorted(set(paid_by.values()) - set(known)):
        clerks[name] = hire(name, chance)
    return _Office(chance, clerks, paid_by, discount)


def _runs(payments: Sequence[Payment], chance: Random) -> list[Payment]:
    """Payments, those of one payer a few days apart often made together on the later day."""
    made: list[Payment] = []
    last: dict[tuple[str, str], int] = {}
    for payment in sorted(payments, key=lambda each: (each.day, each.payer)):
        key = payment.payer, payment.currency
        place = last.get(key)
        before = None if place is None else made[place]
        joins = (
            before is not None
            and before.kind == payment.kind == "settling"
            and payment.means == "Virement"
            and (payment.day - before.day).days <= _A_RUN
            and not {part.reference for part in before.parts} & {part.reference for part in payment.parts}
            and chance.random() < _PAID_TOGETHER
        )
        if joins and before is not None and place is not None:
            parts, cited = before.parts + payment.parts, before.cited + payment.cited
            made[place] = replace(payment, cents=before.cents + payment.cents, parts=parts, cited=cited)
        else:
            last[key] = len(made)
            made.append(payment)
    return made


def _lines(payment: Payment, office: _Office, cited: Sequence[str], *, in_euros: bool) -> Iterator[Line]:
    """The lines of one payment: itself, and where its money came back or came twice, those too."""
    chance = office.chance
    if payment.means == "Prélèvement":
        line = _collected(payment, office)
    elif payment.means == "Chèque":
        line = _cheque(payment, office)
    else:
        line = _transfer(payment, office, cited, in_euros=in_euros)
    share = {"Prélèvement": _COLLECTED_BACK, "Chèque": _CHEQUE_BACK}.get(payment.means, 0.0)
    if line.kind != "on_account" and chance.random() < share:
        yield from _returned(payment, line, office, cited)
        return
    yield line
    if payment.means == "Virement" and line.parts and chance.random() < _SENT_TWICE:
        later = business_day_from(line.day + timedelta(days=chance.choice((0, 1, 7))))
        if later <= LAST_DAY:
            yield replace(line, day=later, value=later, kind="twice", parts=())


def _transfer(payment: Payment, office: _Office, cited: Sequence[str], *, in_euros: bool) -> Line:
    chance = office.chance
    payer = office.paid_by.get(payment.payer, payment.payer)
    clerk = office.clerks[payer]
    written = _written(payment, clerk, cited, chance)
    line = _line(payment, clerk, written, chance.choice(_TRANSFERS))
    if payer != payment.payer:
        line = replace(line, kind="third_party")
    if payment.payer in office.discount and line.parts:
        return _less_discount(line, office.discount[payment.payer], chance)
    abroad = payment.country in ("BE", "LU", "CH", "AT", "IE", "CA")
    if in_euros and payment.country == "CH" and line.parts and chance.random() < _IN_OTHER_CURRENCY:
        return replace(line, currency="CHF", cents=round(line.cents * 0.94), kind="foreign", parts=())
    whole = bool(line.parts) and all(part.closes for part in line.parts)
    if whole and chance.random() < (_FEES_ABROAD if payment.country == "CH" else _FEE * (3 if abroad else 1)):
        return _short(line, chance.choice((1200, 1500, 1500, 750, 550)), "fee")
    if whole and chance.random() < _ROUNDED and line.cents % 100:
        return _short(line, line.cents % 100, "rounded")
    return line


def _written(payment: Payment, clerk: Clerk, others: Sequence[str], chance: Random) -> Written:
    if payment.kind == "on_account":
        return Written(chance.choice(("ACOMPTE", "ACPTE COMMANDE", "PROVISION", "AVANCE SUR COMMANDE")), "none")
    written = write(clerk, payment.cited, payment.day, others, chance)
    partial = bool(payment.parts) and not all(part.closes for part in payment.parts)
    if partial and chance.random() < _SAYS_PART:
        return Written(f"{chance.choice(_PARTIAL)} {written.text}", written.how)
    return written


def _line(payment: Payment, clerk: Clerk, written: Written, label: str) -> Line:
    kind = payment.kind
    if kind == "settling":
        credits_ = any(part.cents < 0 for part in payment.parts)
        partial = not all(part.closes for part in payment.parts)
        grouped = len(payment.parts) > 1
        kind = "credit_deducted" if credits_ else "part" if partial else "grouped" if grouped else "single"
    return Line(
        day=payment.day,
        value=payment.day,
        cents=payment.cents,
        currency=payment.currency,
        label=label,
        text=written.text,
        payer=clerk.name,
        account=clerk.account,
        reference="",
        kind=kind,
        written=written.how,
        parts=payment.parts,
    )


def _less_discount(line: Line, thousandths: int, chance: Random) -> Line:
    """A payer that deducts a discount from every invoice, agreed or not; some say it."""
    parts = tuple(
        replace(part, cents=part.cents - round(part.cents * thousandths / 1000), closes=False) for part in line.parts
    )
    said = f" ESCPTE {thousandths / 10:g}%" if chance.random() < _SAYS_DISCOUNT else ""
    total = sum(part.cents for part in parts)
    return replace(line, parts=parts, cents=total, text=(line.text + said).strip(), kind="discount")


def _short(line: Line, cents: int, kind: str) -> Line:
    """A few euros less than owed, which are missing of the part due last."""
    parts = sorted(line.parts, key=lambda part: (part.due, part.reference))
    if cents >= parts[-1].cents:
        return line
    parts[-1] = replace(parts[-1], cents=parts[-1].cents - cents, closes=False)
    return replace(line, cents=line.cents - cents, kind=kind, parts=tuple(parts))


def _collected(payment: Payment, office: _Office) -> Line:
    """A direct debit the company drew itself: its own reference comes back with it."""
    clerk = office.clerks[payment.payer]
    own = " ".join(payment.cited)[:35]
    line = _line(payment, clerk, Written("PRLV FACTURES" if payment.cited else "PRLV", "collected"), "PRLV SEPA EMIS")
    return replace(line, reference=own, account="")


def _cheque(payment: Payment, office: _Office) -> Line:
    """A cheque: the bank knows its number, and its drawer only where it reads the picture."""
    chance = office.chance
    number = f"{chance.randrange(10**6, 10**7)}"
    line = _line(payment, office.clerks[payment.payer], Written(f"CHQ {number}", "cheque"), "REMISE CHEQUE")
    return replace(line, account="", payer=line.payer if chance.random() < _CHEQUE_NAMED else "")


def _returned(payment: Payment, line: Line, office: _Office, cited: Sequence[str]) -> Iterator[Line]:
    """A collection or a cheque that the payer's bank takes back; most are paid by transfer some weeks later."""
    chance = office.chance
    back = business_day_from(line.day + timedelta(days=chance.randrange(2, 12)))
    if back > LAST_DAY:
        yield line
        return
    cheque = payment.means == "Chèque"
    motive = chance.choice(("PROVISION INSUFFISANTE", "MOTIF AM04", "MOTIF MS03", "COMPTE CLOTURE"))
    yield replace(line, kind="returned_later", parts=())
    yield replace(
        line,
        day=back,
        value=back,
        cents=-line.cents,
        label="CHEQUE IMPAYE" if cheque else "REJET PRLV SEPA",
        text=f"{motive} {line.text if cheque else ''}".strip(),
        kind="came_back",
        parts=(),
    )
    again = business_day_after(back + timedelta(days=chance.randrange(5, 20)))
    if chance.random() < _PAID_AGAIN and again <= LAST_DAY:
        clerk = office.clerks[payment.payer]
        written = write(clerk, payment.cited, again, cited, chance)
        yield _line(replace(payment, day=again), clerk, written, "VIR SEPA RECU")


def _deposits(lines: Sequence[Line], chance: Random) -> list[Line]:
    """Cheques of a day paid in on one slip now and then: one line, of several customers, that names none."""
    kept: list[Line] = []
    slips: dict[date, list[Line]] = defaultdict(list)
    for line in lines:
        in_slip = line.label == "REMISE CHEQUE" and bool(line.parts) and chance.random() < _CHEQUES_TOGETHER
        if in_slip:
            slips[line.day - timedelta(days=line.day.weekday() - 4)].append(line)
        else:
            kept.append(line)
    for day, slip in sorted(slips.items()):
        last = max(line.day for line in slip)
        parts: tuple[Part, ...] = tuple(part for line in slip for part in line.parts)
        text = f"BORDEREAU {day:%y%m%d} {len(slip)} CHQ"
        whole = replace(slip[0], day=last, value=last, cents=sum(line.cents for line in slip), text=text, parts=parts)
        kept.append(slip[0] if len(slip) == 1 else replace(whole, payer="", kind="several_customers"))
    return kept

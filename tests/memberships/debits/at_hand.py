"""Coops that are to be collected: an AD that can, adhésions that are declared, mandates that are signed, collections on their way."""

from __future__ import annotations

import html
import uuid
from datetime import date
from typing import Any, Final

from django.utils import timezone
from schwifty import IBAN

from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.creditor_reference import creditor_reference
from retkoop.domain.school_year import SchoolYear
from retkoop.memberships.debits.collecting import hand_in, prepare_collection, settle_collection
from retkoop.memberships.debits.mandates import MandateFacts, sign_debit_mandate
from retkoop.memberships.debits.queries import delays_of
from retkoop.memberships.ibans import read_iban
from retkoop.memberships.models import Collection, Debit, DebitMandate, Declaration, Membership
from retkoop.network.access import Access, AssociationAccess, open_association, open_coop
from retkoop.network.models import Coop, DepartmentalAssociation, RoleKind
from retkoop.network.queries import running_mandates
from retkoop.network.services import change_setting, give_mandate
from retkoop.users.models import User
from tests.cast import association, make_staff
from tests.pages import Answer

YEAR: Final = SchoolYear(2026)
CREDITOR: Final = {"name": "OCCE de l’Essonne", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPPXXX", "ics": "FR12ZZZ123456"}
NAMES: Final = ("0910000A", "0910001B", "0910002C", "0910003D")


def iban_of(rne: str) -> str:
    """Return an account of La Banque postale that nobody else of these tests has."""
    return str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=rne[:7].zfill(11)))


def can_collect(department: str = "91", from_year: int = YEAR.start) -> DepartmentalAssociation:
    """Give an AD its account and its identifier."""
    found = association(department)
    change_setting(author=SYSTEM, association=found, from_year=from_year, name="creditor", value=CREDITOR)
    return found


def comptable(department: str = "91") -> AssociationAccess:
    username = f"comptable{department}"
    user = User.objects.filter(username=username).first() or make_staff(username, RoleKind.COMPTABLE, department)
    return open_association(user, department)


def declared(coop: Coop, total: int = 120_00, *, year: SchoolYear = YEAR, number: int = 1) -> Membership:
    """Declare what an adhésion costs, in cents, as the verb of declaring keeps it."""
    with writing(coop.chain, SYSTEM) as trail:
        row = Membership.objects.filter(coop=coop, start=year.start).first()
        if row is None:
            row = Membership.objects.create(coop=coop, start=year.start, reference=creditor_reference(coop.rne, year))
            trail.created(row, action="membership.opened")
        lines = [["member", "Cotisation à l’OCCE", "62810008", 1, total]]
        made = Declaration.objects.create(
            membership=row, number=number, lines=lines, pupils=50, total=total, declared_at=trail.at, declared_by="Alice"
        )
        trail.created(made, action="declaration.made")
    return row


def own_access(coop: Coop) -> Access:
    return open_coop(User.objects.get(username=coop.rne), coop.rne)


def signed(coop: Coop, iban: str = "", *, year: SchoolYear = YEAR) -> DebitMandate:
    """Have a mandataire of a coop sign a mandate."""
    holder = running_mandates(coop, timezone.localdate()).first()
    holder = holder or give_mandate(author=SYSTEM, coop=coop, holder="Mme Perrin", start=date(2025, 9, 1))
    facts = MandateFacts(read_iban(iban or iban_of(coop.rne)), f"Coop {coop.name}", holder.pk)
    return sign_debit_mandate(access=own_access(coop), year=year, facts=facts, submission=uuid.uuid4())


def prepared(access: AssociationAccess | None = None, *, year: SchoolYear = YEAR, **more: Any) -> Collection:  # noqa: ANN401 -- as the verb takes them
    """Prepare a collection on its first day."""
    access = access or comptable()
    day = delays_of(access.association, year).first_day(timezone.localdate())
    return prepare_collection(**{"access": access, "year": year, "day": day, "submission": uuid.uuid4(), **more})


def sent(access: AssociationAccess | None = None, **more: Any) -> Collection:  # noqa: ANN401 -- idem
    access = access or comptable()
    return hand_in(access=access, key=prepared(access, **more).pk)


def settled(access: AssociationAccess, row: Collection) -> Collection:
    """Note that a collection was credited; its day has come."""
    return settle_collection(access=access, key=row.pk)


def only_debit() -> Debit:
    return Debit.objects.select_related("payment", "collection", "mandate", "membership").get()


def rejected(message: str, *debits: tuple[str, str], group: str = "PART", schema: str = "pain.002.001.03") -> bytes:
    """Return a pain.002 that refuses debits (end to end, code), or the whole file."""
    lines = "".join(
        f"<TxInfAndSts><StsId>1</StsId><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for name, code in debits
    )
    reason = "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>" if group == "RJCT" else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:{schema}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>X</MsgId><CreDtTm>{timezone.localtime():%Y-%m-%dT%H:%M:%S}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.02</OrgnlMsgNmId><GrpSts>{group}</GrpSts>{reason}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-FRST</OrgnlPmtInfId>{lines}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def told_on_a_statement(
    name: str, code: str, *, day: date, amount: str = "120.00", mandate: str = "", root: str = "BkToCstmrDbtCdtNtfctn"
) -> bytes:
    """Return a camt.054 (a camt.053 with that root) in which a debit comes back."""
    inner = "Ntfctn" if root == "BkToCstmrDbtCdtNtfctn" else "Stmt"
    schema = "camt.054.001.02" if root == "BkToCstmrDbtCdtNtfctn" else "camt.053.001.08"
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{schema}"><{root}><{inner}><Ntry><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{name}</EndToEndId>"
        f'<MndtId>{mandate}</MndtId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>'
        f"<RltdPties><Dbtr><Nm>Coop</Nm></Dbtr></RltdPties><RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>"
        f"</{inner}></{root}></Document>"
    ).encode()


def told(response: Answer) -> str:
    """Return all that a page says, tags and all."""
    return html.unescape(response.content.decode())

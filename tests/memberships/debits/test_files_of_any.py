"""Whatever is collected, the file says the same sums and counts at each level, and the official schema takes it, in both versions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import sepaxml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from schwifty import IBAN

from retkoop.domain.direct_debit import HIGHEST, mandate_reference
from retkoop.memberships.debits.files import FORMATS, collection_file
from retkoop.memberships.models import Collection, Debit, DebitMandate, Membership
from retkoop.network.models import Coop, DepartmentalAssociation

SCHEMAS = {name: etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / f"{name}.xsd")) for name in FORMATS}
WORDS = st.one_of(st.text(max_size=150), st.sampled_from(["École « Les Œillets & Cie »", "É" * 150, "//", "<&>\"'", "Coopérative " * 12]))
IBANS = st.sampled_from(
    [
        ("FR1420041010050500013M02606", "PSSTFRPP"),
        ("FR7630006000011234567890189", ""),
        ("MC5811222000010123456789030", ""),
        (str(IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code="00000000001")), "PSSTFRPP"),
    ]
)
AMOUNTS = st.one_of(st.sampled_from([1, 9, 10, 99, 100, 120_05, HIGHEST]), st.integers(1, HIGHEST))
Told = tuple[str, str, tuple[str, str], int, bool]
DEBITS = st.lists(st.tuples(WORDS, WORDS, IBANS, AMOUNTS, st.booleans()), min_size=1, max_size=8)


def collection(name: str, edition: int, bic: str) -> Collection:
    creditor = {"name": name, "iban": "FR7630006000011234567890189", "bic": bic, "ics": "FR12ZZZ123456"}
    row = Collection(number=1, start=2026, message="OCCE971-20261130-0001", collected_on=date(2026, 12, 14), creditor=creditor)
    row.edition, row.prepared_at = edition, datetime(2026, 11, 30, 9, tzinfo=UTC)
    row.revised_at = None if edition == 1 else datetime(2026, 12, 1, 9, tzinfo=UTC)
    return row


def debit(row: Collection, at: int, told: Told) -> Debit:
    debtor, school, (iban, bic), amount, first = told
    coop = Coop(rne=f"091{at:04d}A", name=school, commune=school, association=DepartmentalAssociation(department="971"))
    mandate = DebitMandate(coop=coop, rum=mandate_reference(coop.rne, 1), iban=iban, bic=bic, debtor=debtor, creditor=row.creditor)
    mandate.signed_at = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)  # already 1 October in Paris
    adhesion = Membership(coop=coop, start=2026, reference=f"RF00{at:04d}")
    return Debit(collection=row, membership=adhesion, mandate=mandate, amount=amount, first=first, end_to_end=f"{row.message}-{coop.rne}")


def texts(node: Any, path: str) -> list[str]:  # noqa: ANN401 -- lxml comes without types; so below
    return [one.text for one in node.iterfind(".//" + "/".join(f"{{*}}{name}" for name in path.split("/")))]


def cents(text: str) -> int:
    assert re.fullmatch(r"\d+\.\d\d", text)
    return int(Decimal(text) * 100)


@pytest.mark.parametrize("schema", FORMATS)
@settings(deadline=None)
@given(WORDS, st.integers(1, 32_767), st.sampled_from(["", "AGRIFRPPXXX"]), DEBITS)
def test_sums_and_counts_are_those_of_the_debits(schema: str, name: str, edition: int, bic: str, told: list[Told]) -> None:
    row = collection(name, edition, bic)
    debits = [debit(row, at, one) for at, one in enumerate(told)]
    content = collection_file(row, debits, schema)
    root = etree.fromstring(content)
    SCHEMAS[schema].assertValid(root)
    _levels(root, debits)
    _limits(root, row)
    assert collection_file(row, debits, schema) == content


def _levels(root: Any, debits: list[Debit]) -> None:  # noqa: ANN401 -- idem
    """The header counts all, each batch its own: one of first debits, one of those that follow, none empty."""
    assert texts(root, "GrpHdr/NbOfTxs") == [str(len(debits))]
    assert [cents(one) for one in texts(root, "GrpHdr/CtrlSum")] == [sum(one.amount for one in debits)]
    kinds = {kind: list(rows) for kind, rows in groupby(sorted(debits, key=lambda one: one.first), key=lambda one: one.first)}
    batches = {texts(one, "SeqTp")[0] == "FRST": one for one in root.iter("{*}PmtInf")}
    assert batches.keys() == kinds.keys()
    assert len(texts(root, "PmtInf/PmtInfId")) == len(kinds)
    for first, batch in batches.items():
        assert batch.findtext("{*}NbOfTxs") == str(len(kinds[first]))
        assert cents(batch.findtext("{*}CtrlSum")) == sum(one.amount for one in kinds[first])
        told = zip(
            texts(batch, "EndToEndId"), texts(batch, "MndtId"), texts(batch, "InstdAmt"), texts(batch, "DbtrAcct/Id/IBAN"), strict=True
        )
        expected = [(one.end_to_end, one.mandate.rum, one.amount, one.mandate.iban) for one in kinds[first]]
        assert [(end, mandate, cents(amount), iban) for end, mandate, amount, iban in told] == expected
        assert set(texts(batch, "DtOfSgntr")) == {"2026-10-01"}
        assert texts(batch, "ReqdColltnDt") == ["2026-12-14"]


def _limits(root: Any, row: Collection) -> None:  # noqa: ANN401 -- idem
    """What EPC130-08 limits further than the schemas: signs, lengths, identifiers that are unique and no slashes at their ends."""
    names = [*texts(root, "MsgId"), *texts(root, "PmtInfId"), *texts(root, "EndToEndId")]
    assert names[0] == row.file_message
    assert len(set(names)) == len(names)
    assert {bool(re.fullmatch(r"[A-Za-z0-9-]{1,35}", one)) for one in [*names, *texts(root, "MndtId")]} == {True}
    assert {bool(re.fullmatch(r"[a-zA-Z0-9/\-?:().,'+ ]{1,70}", one)) for one in texts(root, "Nm")} == {True}
    assert {bool(re.fullmatch(r"[a-zA-Z0-9/\-?:().,'+ ]{1,140}", one)) for one in texts(root, "Ustrd")} == {True}
    assert set(texts(root, "ChrgBr")) == {"SLEV"}
    monaco = [iban for iban in texts(root, "DbtrAcct/Id/IBAN") if iban.startswith("MC")]
    assert texts(root, "Dbtr/PstlAdr/Ctry") == ["MC"] * len(monaco)


@pytest.mark.parametrize(("schema", "lines", "towns"), [(FORMATS[0], ["Monte-Carlo"], []), (FORMATS[1], [], ["Monte-Carlo"])])
def test_an_account_in_monaco_has_its_address(schema: str, lines: list[str], towns: list[str]) -> None:
    row = collection("OCCE", 1, "")
    one = debit(row, 0, ("Coop", "Monte-Carlo", ("MC5811222000010123456789030", ""), 100, True))
    root = etree.fromstring(collection_file(row, [one], schema))
    assert (texts(root, "Dbtr/PstlAdr/AdrLine"), texts(root, "Dbtr/PstlAdr/TwnNm")) == (lines, towns)

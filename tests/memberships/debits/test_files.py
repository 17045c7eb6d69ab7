"""The files of collections, held to the official schemas and read again by other eyes than ours."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import sepaxml
import xmlschema

from retkoop.memberships.debits.collecting import take_out
from retkoop.memberships.debits.files import FORMATS, collection_file
from retkoop.memberships.debits.queries import in_file
from retkoop.memberships.models import Collection, DebitMandate
from tests.cast import make_coop
from tests.clock import Clock
from tests.memberships.debits.at_hand import can_collect, comptable, declared, only_debit, prepared, signed

pytestmark = pytest.mark.django_db
SCHEMAS = Path(sepaxml.__file__).parent / "schemas"


def written(row: Collection, schema: str) -> bytes:
    return collection_file(row, list(in_file(row)), schema)


def texts(content: bytes, name: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(content).iter() if node.tag.rpartition("}")[2] == name]  # noqa: S314 -- our own


def two_coops() -> Collection:
    can_collect()
    for rne, name, total in (("0910000A", "École « Les Œillets & Cie »", 120_05), ("0910001B", "École " + "très " * 25 + "longue", 5)):
        coop = make_coop(rne, name=name[:150])
        declared(coop, total)
        signed(coop)
    return prepared()


@pytest.mark.parametrize("schema", FORMATS)
def test_the_official_schema_takes_it(schema: str) -> None:
    content = written(two_coops(), schema)
    xmlschema.XMLSchema(SCHEMAS / f"{schema}.xsd").validate(content.decode())
    assert b"xsi" not in content
    assert ET.fromstring(content).tag == f"{{urn:iso:std:iso:20022:tech:xsd:{schema}}}Document"  # noqa: S314 -- our own


@pytest.mark.parametrize("schema", FORMATS)
def test_its_totals_are_those_of_the_collection(schema: str) -> None:
    row = two_coops()
    content = written(row, schema)
    amounts = [Decimal(text) for text in texts(content, "InstdAmt")]
    assert (amounts, sum(amounts)) == ([Decimal("120.05"), Decimal("0.05")], Decimal(row.total) / 100)
    assert texts(content, "CtrlSum") == ["120.10", "120.10"]
    assert texts(content, "NbOfTxs") == ["2", "2"]


def test_its_names_are_ours() -> None:
    content = written(two_coops(), FORMATS[0])
    assert texts(content, "MsgId") == ["OCCE91-20261130-0001"]
    assert texts(content, "PmtInfId") == ["OCCE91-20261130-0001-FRST"]
    assert texts(content, "EndToEndId") == ["OCCE91-20261130-0001-0910000A", "OCCE91-20261130-0001-0910001B"]
    assert texts(content, "MndtId") == ["OCCE-0910000A-001", "OCCE-0910001B-001"]
    assert texts(content, "CreDtTm") == ["2026-11-30T10:00:00"]
    assert texts(content, "ReqdColltnDt") == ["2026-12-14"]
    assert texts(content, "SeqTp") == ["FRST"]
    assert texts(content, "Nm")[:2] == ["OCCE de l'Essonne"] * 2
    assert texts(content, "Nm")[2] == "Coop Ecole Les OEillets + Cie"
    assert len(texts(content, "Nm")[3]) <= 70
    assert texts(content, "Ustrd")[0].endswith("0910000A Ecole Les OEillets + Cie")
    assert max(map(len, texts(content, "Ustrd"))) <= 140


def test_it_is_the_same_each_time(clock: Clock) -> None:
    row = two_coops()
    first = written(row, FORMATS[1])
    clock.advance(days=2)
    assert written(Collection.objects.get(pk=row.pk), FORMATS[1]) == first


@pytest.mark.parametrize("schema", FORMATS)
def test_a_bank_without_bic_is_not_provided(schema: str) -> None:
    row = two_coops()
    DebitMandate.objects.update(bic="")
    row.creditor["bic"] = ""
    content = written(row, schema)
    assert texts(content, "BIC") + texts(content, "BICFI") == []
    assert texts(content, "Id").count("NOTPROVIDED") == 3


def test_what_is_taken_out_is_not_in_it() -> None:
    row = two_coops()
    take_out(access=comptable(), key=row.pk, debit=row.debits.order_by("pk")[0].pk)
    assert texts(written(row, FORMATS[0]), "InstdAmt") == ["0.05"]


def test_first_and_recurrent_debits_are_two_batches() -> None:
    row = two_coops()
    row.debits.filter(membership__coop__rne="0910001B").update(first=False)
    content = written(row, FORMATS[1])
    assert sorted(texts(content, "PmtInfId")) == ["OCCE91-20261130-0001-FRST", "OCCE91-20261130-0001-RCUR"]
    assert texts(content, "CtrlSum")[0] == "120.10"
    assert sorted(texts(content, "CtrlSum")[1:]) == ["0.05", "120.05"]


def test_the_file_of_one() -> None:
    can_collect()
    coop = make_coop()
    declared(coop)
    signed(coop)
    row = prepared()
    assert texts(written(row, FORMATS[0]), "IBAN") == [row.creditor["iban"], only_debit().mandate.iban]

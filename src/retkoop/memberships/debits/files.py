"""The file of a collection, as banks take it: pain.008.001.02 or .08, the same bytes each time, held to the official schema."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

from django.utils import timezone
from lxml import etree
from sepaxml import SepaDD

from retkoop.domain.direct_debit import sepa_text, sequence_type
from retkoop.memberships.models import Collection, Debit

FORMATS: Final = ("pain.008.001.02", "pain.008.001.08")
HOME: Final = "FR"


class _DirectDebit(SepaDD):  # type: ignore[misc]  # sepaxml comes without types
    """The library's file; a bank whose BIC is not known is NOTPROVIDED, which .02 takes as well as .08."""

    def check_config(self, config: dict[str, Any]) -> bool:
        return bool(config["name"] and config["IBAN"] and config["creditor_id"])


def file_name(collection: Collection) -> str:
    return f"{collection.file_message}.xml"


def collection_file(collection: Collection, debits: Sequence[Debit], schema: str) -> bytes:
    """Return the file of a collection with its debits, in one of FORMATS.

    Raises lxml's DocumentInvalid where the official schema does not take it: nothing that a person types leads there.
    """
    creditor = collection.creditor
    config = {
        "name": sepa_text(creditor["name"], 70),
        "IBAN": creditor["iban"],
        "batch": True,
        "creditor_id": creditor["ics"],
        "currency": "EUR",
        **({"BIC": creditor["bic"]} if creditor.get("bic") else {}),
    }
    made = _DirectDebit(config, schema=schema, clean=False)
    for one in debits:
        made.add_payment(_payment(collection, one, schema))
    root = _with_our_names(made.export(validate=False), collection, schema)
    _schema(schema).assertValid(root)
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _payment(collection: Collection, one: Debit, schema: str) -> dict[str, object]:
    coop, mandate = one.membership.coop, one.mandate
    words = f"Adhesion OCCE {one.membership.year} {one.membership.reference} {coop.rne} {coop.name}"
    return {
        "name": sepa_text(mandate.debtor, 70),
        "IBAN": mandate.iban,
        **({"BIC": mandate.bic} if mandate.bic else {}),
        "amount": one.amount,
        "type": sequence_type(first=one.first),
        "collection_date": collection.collected_on,
        "mandate_id": mandate.rum,
        "mandate_date": timezone.localdate(mandate.signed_at),
        "description": sepa_text(words, 140),
        "endtoend_id": one.end_to_end,
        "address": _address(mandate.iban[:2], coop.commune, schema),
    }


def _address(country: str, commune: str, schema: str) -> dict[str, object]:
    """Return the address of a debtor whose bank is in the SEPA zone and outside the EEA (Monaco): for these alone it is wanted (EPC130-08).

    Structured in .08, as banks ask since November 2025; in lines in .02, which knows no other.
    """
    if country == HOME:
        return {}
    town = sepa_text(commune, 35) if commune else "Monaco"
    return {"country": country, "lines": [town]} if schema == FORMATS[0] else {"country": country, "town": town}


def _with_our_names(content: bytes, collection: Collection, schema: str) -> Any:  # noqa: ANN401 -- lxml comes without types; so below
    """Return the file with our identifiers and moment in the place of those that the library draws anew each time."""
    root, space = etree.fromstring(content), {"p": f"urn:iso:std:iso:20022:tech:xsd:{schema}"}
    header = root.find(".//p:GrpHdr", space)
    made_at = timezone.localtime(collection.revised_at or collection.prepared_at)
    header.find("p:MsgId", space).text = collection.file_message
    header.find("p:CreDtTm", space).text = made_at.strftime("%Y-%m-%dT%H:%M:%S")
    for batch in root.iterfind(".//p:PmtInf", space):
        batch.find("p:PmtInfId", space).text = f"{collection.file_message}-{batch.findtext('.//p:SeqTp', namespaces=space)}"
    etree.cleanup_namespaces(root)
    return root


@cache
def _schema(name: str) -> Any:  # noqa: ANN401 -- idem
    with as_file(files("sepaxml") / "schemas" / f"{name}.xsd") as path:
        return etree.XMLSchema(file=str(path))

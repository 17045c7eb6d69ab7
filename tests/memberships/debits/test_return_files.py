from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retkoop.memberships.debits.return_files import LARGEST, ReturnedLine, UnreadableReturns, read_returns
from tests.memberships.debits.at_hand import rejected, told_on_a_statement

DAY = date(2026, 12, 16)
DOCTYPE = '<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("schema", ["pain.002.001.03", "pain.002.001.10"])
def test_rejections_are_read(schema: str) -> None:
    lines = read_returns(rejected("M1", ("E1", "AC04"), ("E2", "am04"), schema=schema))
    assert lines == [
        ReturnedLine("AC04", date(2026, 11, 30), "E1", message="M1"),
        ReturnedLine("AM04", date(2026, 11, 30), "E2", message="M1"),
    ]


def test_a_file_that_is_refused_whole_names_it() -> None:
    assert read_returns(rejected("M1", group="RJCT")) == [ReturnedLine("FF01", date(2026, 11, 30), message="M1")]


def test_a_batch_that_is_refused_whole_names_it() -> None:
    content = rejected("M1").replace(b"</OrgnlPmtInfId>", b"</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>")
    assert read_returns(content) == [ReturnedLine("MS03", date(2026, 11, 30), message="M1", batch="M1-FRST")]


def test_what_is_accepted_is_no_return() -> None:
    assert read_returns(rejected("M1", ("E1", "AC04")).replace(b"<TxSts>RJCT", b"<TxSts>ACSP")) == []


@pytest.mark.parametrize("root", ["BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt"])
def test_statements_are_read(root: str) -> None:
    content = told_on_a_statement("E1", "MD06", day=DAY, mandate="RUM1", root=root)
    assert read_returns(content) == [ReturnedLine("MD06", DAY, "E1", "RUM1", 120_00, debtor="Coop")]


def test_an_amount_stands_at_the_entry_where_the_detail_has_none() -> None:
    content = told_on_a_statement("NOTPROVIDED", "AM04", day=DAY, mandate="RUM1")
    bare = content.replace(b'<AmtDtls><TxAmt><Amt Ccy="EUR">120.00</Amt></TxAmt></AmtDtls>', b"")
    assert read_returns(bare) == [ReturnedLine("AM04", DAY, "", "RUM1", 120_00, debtor="Coop")]


def test_other_lines_of_a_statement_are_no_returns() -> None:
    content = told_on_a_statement("E1", "AM04", day=DAY).replace(b"<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>", b"")
    assert read_returns(content) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Ce fichier est vide."),
        (b" \n", "Ce fichier est vide."),
        (b"hello", "Ce fichier XML est abîmé"),
        (b"%PDF-1.7", "Ce fichier XML est abîmé"),
        (b"<Document>", "Ce fichier XML est abîmé"),
        (b"<Document/>", "n’est pas un fichier de retours"),
        (b"<html><CstmrPmtStsRpt/></html>", "n’est pas un fichier de retours"),
        (
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"><CstmrDrctDbtInitn/></Document>',
            "n’est pas un fichier de retours",
        ),
        (DOCTYPE.encode() + b"<Document/>", "DOCTYPE"),
        (OUTSIDE.encode() + b"<Document>&a;</Document>", "DOCTYPE"),
        (b"<!DOCTYPE Document><Document/>", "DOCTYPE"),
        (b" " * (LARGEST + 1) + b"<Document/>", "Mo"),
    ],
)
def test_what_is_no_file_of_returns_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableReturns, match=said):
        read_returns(data)


NAMES = st.sampled_from(
    [
        *("Document", "CstmrPmtStsRpt", "BkToCstmrStmt", "OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "OrgnlMsgId", "GrpSts"),
        *("TxInfAndSts", "TxSts", "StsRsnInf", "Rsn", "Cd"),
        *("Ntry", "TxDtls", "RtrInf", "Refs", "EndToEndId", "MndtId", "Amt", "BookgDt", "Dt"),
    ]
)
WORDS = st.sampled_from(["RJCT", "AC04", "12.50", "1e9", "-5", "2026-12-16", "2026-13-45", "NOTPROVIDED", "É&amp;", "٣", ""])
TREES = st.recursive(
    st.tuples(NAMES, WORDS).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
    lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=25,
)


@given(st.sampled_from(["CstmrPmtStsRpt", "BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"]), TREES)
def test_whatever_a_bank_writes_is_read(kind: str, tree: str) -> None:
    for line in read_returns(f"<Document><{kind}>{tree}</{kind}></Document>".encode()):
        assert line.code.isascii()
        assert 1 <= len(line.code) <= 4
        assert line.amount is None or line.amount >= 0


@given(st.binary(max_size=300))
def test_whatever_else_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableReturns):
        read_returns(data)


@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableReturns):
        read_returns(bytes(content))


WHOLE = (
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
    b"<GrpHdr><CreDtTm>2026-12-16T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts>"
    b"<OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
    b"</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
)


def test_a_file_that_nests_beyond_measure_is_refused_at_once() -> None:
    inner = "<TxInfAndSts><TxSts>RJCT</TxSts>" * 20_000 + "</TxInfAndSts>" * 20_000
    with pytest.raises(UnreadableReturns, match="emboîté"):
        read_returns(f"<Document><CstmrPmtStsRpt>{inner}</CstmrPmtStsRpt></Document>".encode())

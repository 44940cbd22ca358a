import io
from pathlib import Path

import pytest

from entremise.kernel.refused import Refused
from entremise.payments.adapters.camt import read_statements
from entremise.payments.adapters.iban import check_creditor_id
from entremise.payments.adapters.pain002 import read_status
from entremise.payments.adapters.tags import message_of

DATA = Path(__file__).parent / "data"
STATUS = (DATA / "pain002-v03.xml").read_bytes()
NOTICE = (DATA / "camt054-v08.xml").read_bytes()
STATEMENT = (DATA / "camt053-v08.xml").read_bytes()


def test_a_file_says_what_it_is():
    assert [message_of(one) for one in (STATUS, NOTICE, STATEMENT, b"", b"<a><b/></a>", b"\x00%PDF")] == [
        "pain.002",
        "camt.054",
        "camt.053",
        "",
        "",
        "",
    ]


def test_a_rejected_debit_is_named_with_its_reason():
    report = read_status(STATUS)
    assert (report.id, report.original, report.rejected) == ("BQ-RJ-20261208-1", "PRLV-20261204-00001", False)
    assert report.refusal(batch=report.original, end_to_end="FA-2026-0001-P1") == "AC04"
    assert report.refusal(batch=report.original, end_to_end="FA-2026-0002-P1") is None
    assert report.refusal(batch=report.original, end_to_end="FA-2026-0003-P1") is None


@pytest.mark.parametrize("version", ["04", "08", "10"])
def test_later_versions_are_read_the_same(version):
    assert read_status(STATUS.replace(b"pain.002.001.03", f"pain.002.001.{version}".encode())) == read_status(STATUS)


def test_a_whole_file_may_be_rejected():
    whole = b"""<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>P</OrgnlMsgId>
    <GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"""
    assert read_status(whole).refusal(batch="P", end_to_end="any") == "FF01"


def test_a_whole_batch_may_be_rejected_and_the_other_one_stands():
    batch = b"""<Document><CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>P</OrgnlMsgId>
    </OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P-2</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>
    <StsRsnInf><Rsn><Cd>DT01</Cd></Rsn></StsRsnInf></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
    report = read_status(batch)
    assert report.refusal(batch="P-2", end_to_end="any") == "DT01"
    assert report.refusal(batch="P", end_to_end="any") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<Document/>",
        STATEMENT,
        b"<Document><CstmrPmtStsRpt/></Document>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><Document><CstmrPmtStsRpt>&b;</CstmrPmtStsRpt></Document>',
    ],
    ids=["empty", "nothing in it", "a statement", "names no file", "a DTD"],
)
def test_anything_else_is_refused(content):
    with pytest.raises(Refused, match="bank_file_not_understood"):
        read_status(content)


def test_a_notice_is_one_movement_for_each_debit_that_came_back_with_its_reason():
    (notice,) = read_statements(io.BytesIO(NOTICE), notices=True)
    assert notice.iban == "FR7630006000011234567890189"
    assert [(one.amount, one.end_to_end, one.return_code, one.reversal) for one in notice.entries] == [
        (-2450, "FA-2026-0001-P1", "AM04", True),
        (-2450, "FA-2026-0002-P1", "MD01", True),
    ]
    assert {one.batch for one in notice.entries} == {"PRLV-20261204-00001"}


def test_a_statement_is_no_notice_nor_the_other_way_round():
    for content, notices in ((STATEMENT, True), (NOTICE, False)):
        with pytest.raises(Refused, match="bank_file_not_understood"):
            list(read_statements(io.BytesIO(content), notices=notices))


@pytest.mark.parametrize("typed", ["FR72ZZZ123456", "fr72 zzz 123456", "FR72ABC123456"])
def test_a_creditor_identifier_is_good_whatever_its_activity_is_called(typed):
    assert check_creditor_id(typed)[:4] == "FR72"


@pytest.mark.parametrize("typed", ["", "FR73ZZZ123456", "FR72ZZZ12345", "FR72ZZZ1234567", "é", "72ZZZ123456"])
def test_a_wrong_creditor_identifier_is_refused(typed):
    with pytest.raises(Refused, match="creditor_id_not_understood"):
        check_creditor_id(typed)

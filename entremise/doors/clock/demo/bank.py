"""The statements that the example's bank sends."""

from datetime import date

from entremise.tenancy.queries import legal_identity

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    "<BkToCstmrStmt><Stmt><Id>{id}</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
)
ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt>'
    "</BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty>"
    "<Nm>{name}</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{reason}</TxDtls></NtryDtls></Ntry>"
)
RETURNED = "<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf>"
TAIL = "</Stmt></BkToCstmrStmt></Document>"


def head(on: date) -> str:
    legal = legal_identity()
    return HEAD.format(id=f"R{on:%Y%m%d}", iban=legal.iban if legal else "")


def entry(on: date, ref: object, cents: int, way: str, name: str, text: str, *, reason: str = "") -> str:
    """reason: why it came back, a code of ISO 20022."""
    said = RETURNED.format(code=reason) if reason else ""
    amount, ref = f"{cents // 100}.{cents % 100:02d}", f"{on:%Y%m%d}-{ref}"
    return ENTRY.format(amount=amount, way=way, on=on.isoformat(), ref=ref, name=name, text=text, reason=said)

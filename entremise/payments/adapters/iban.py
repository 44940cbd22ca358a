import re

from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

from entremise.kernel.lazily import Lazily
from entremise.kernel.refused import Refused

schwifty = Lazily("schwifty")
_CREDITOR = re.compile(r"FR\d\d[A-Z0-9]{9}|(?!FR)[A-Z]{2}\d\d[A-Z0-9]{4,31}")  # EPC AT-C002; France: 13 signs.


def check_iban(typed: str) -> str:
    """The IBAN without spaces, its length, check digits and national bank details verified.

    Raises Refused("iban_not_understood"); the number is not repeated in it, refusals are logged.
    """
    try:
        return str(schwifty.IBAN(typed.strip(), validate_bban=True).compact)
    except (schwifty.exceptions.SchwiftyException, ValueError) as error:
        raise Refused("iban_not_understood", where="iban") from error


def bic_of(iban: str) -> str:
    """BIC of the bank that holds `iban`, empty when the registry does not know it."""
    bic = schwifty.IBAN(iban, allow_invalid=True).bic
    return str(bic) if bic else ""


def check_creditor_id(typed: str) -> str:
    """The SEPA creditor identifier (ICS) without spaces. Its check digits (ISO 7064 mod 97-10) leave out the three
    signs of the activity, which the organisation chooses itself.

    Raises Refused("creditor_id_not_understood").
    """
    compact = str(at_02.compact(typed))
    try:
        if not _CREDITOR.fullmatch(compact):
            raise ValidationError
        return str(at_02.validate(compact))
    except ValidationError as error:
        raise Refused("creditor_id_not_understood", where="creditor_id") from error

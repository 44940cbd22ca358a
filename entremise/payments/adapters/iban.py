from entremise.kernel.lazily import Lazily
from entremise.kernel.refused import Refused

schwifty = Lazily("schwifty")


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

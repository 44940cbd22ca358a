import phonenumbers

from entremise.kernel.refused import Refused


def parse_phone(typed: str, *, region: str = "FR") -> str:
    """E.164 of a number as a person types it (`06 12.34-56 78`, `0033…`, `6 12 34 56 78` from a spreadsheet).

    Raises Refused("phone_not_understood") with the typed text.
    """
    text = typed.strip().replace("\u00a0", " ")
    digits = "".join(char for char in text if char.isdecimal())
    if region == "FR" and len(digits) == 9 and digits[0] in "123456789" and not text.startswith("+"):
        text = "0" + digits  # Spreadsheets eat the leading zero.
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise Refused("phone_not_understood", {"typed": typed}, where="phone") from error
    if not phonenumbers.is_possible_number(number):
        raise Refused("phone_not_understood", {"typed": typed}, where="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """Whether a text message can reach the number. Fictional ranges count as what their prefix says."""
    number = phonenumbers.parse(e164)
    kind = phonenumbers.number_type(number)
    if kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE):
        return True
    return e164.startswith(("+336", "+337", "+447"))


def spoken(e164: str, *, region: str = "FR") -> str:
    """In pairs as it is said aloud in its country; with the country code when it is foreign."""
    number = phonenumbers.parse(e164)
    home = phonenumbers.country_code_for_region(region) == number.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)

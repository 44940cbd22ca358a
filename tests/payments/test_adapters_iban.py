import pytest

from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import bic_of, check_iban


def test_an_iban_typed_with_spaces_in_lower_case_is_understood():
    assert check_iban(" fr76 3000 6000 0112 3456 7890 189 ") == "FR7630006000011234567890189"


@pytest.mark.parametrize(
    "typed", ["", "FR76", "FR7630006000011234567890188", "XX7630006000011234567890189", "FR76300060000112345678901890"]
)
def test_a_wrong_iban_is_refused_without_repeating_it(typed):
    with pytest.raises(Refused) as no:
        check_iban(typed)
    assert (no.value.code, no.value.params, no.value.where) == ("iban_not_understood", {}, "iban")


def test_an_iban_with_right_check_digits_and_wrong_national_key_is_refused():
    with pytest.raises(Refused):
        check_iban("FR4930006000011234567890190")


def test_the_bank_of_an_iban_is_known_from_the_registry():
    assert bic_of("FR7630006000011234567890189") == "AGRIFRPPXXX"
    assert bic_of("FR7699999000011234567890189") == ""

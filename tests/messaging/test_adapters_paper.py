from entremise.messaging.adapters.paper import TO_PRINT, Paper
from tests.messaging.letters import outgoing


def test_a_letter_on_paper_waits_for_somebody_to_print_it():
    assert Paper().send(outgoing("3 rue des Lilas")).answer == TO_PRINT

from collections.abc import Mapping

from entremise.kernel.refused import Refused


def check_lengths(values: Mapping[str, object], longest: Mapping[str, int]) -> None:
    """Raises Refused("too_long") for the first text that its column cannot hold: nothing is cut silently."""
    for field, most in longest.items():
        text = values.get(field)
        if isinstance(text, str) and len(text) > most:
            raise Refused("too_long", {"most": most, "length": len(text)}, where=field)

from django.conf import settings


def known_keys() -> tuple[str, ...]:
    """The secret key, then those of before it that are not forgotten yet."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)

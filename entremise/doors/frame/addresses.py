from django.conf import settings

from entremise.tenancy.models import Organisation


def home_of(organisation: Organisation) -> str:
    """Where an organisation's pages begin, without a slash at the end. The way back is organisation_for_host."""
    default = organisation.slug == settings.DEFAULT_ORGANISATION
    host = organisation.host or (settings.BASE_DOMAIN if default else f"{organisation.slug}.{settings.BASE_DOMAIN}")
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}"

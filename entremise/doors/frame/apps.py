from django.apps import AppConfig
from django.core.validators import MaxLengthValidator
from django.forms import Field, FileField
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame import logs


class FrameConfig(AppConfig):
    name = "entremise.doors.frame"

    def ready(self) -> None:
        logs.configure()
        # What Django says about an answer, in words that people use.
        Field.default_error_messages["required"] = _("Il manque une réponse ici.")
        FileField.default_error_messages["empty"] = _("Ce fichier est vide. Choisissez-en un autre.")
        MaxLengthValidator.message = _("C’est trop long : %(limit_value)s caractères au plus.")

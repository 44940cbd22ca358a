from django.apps import AppConfig


class SolidarityConfig(AppConfig):
    name = "entremise.solidarity"

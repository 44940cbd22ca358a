from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "entremise.history"

from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "entremise.doors.clock"

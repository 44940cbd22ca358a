from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "entremise.doors.desk"
    label = "desk"

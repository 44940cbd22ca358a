from django.apps import AppConfig

from entremise.doors.frame import logs


class FrameConfig(AppConfig):
    name = "entremise.doors.frame"

    def ready(self) -> None:
        logs.configure()

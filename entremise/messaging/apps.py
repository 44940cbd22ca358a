from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "entremise.messaging"

from django.apps import AppConfig


class EngageConfig(AppConfig):
    name = "segue.engage"
    label = "engage"
    default_auto_field = "django.db.models.BigAutoField"

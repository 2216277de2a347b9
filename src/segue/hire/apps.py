from django.apps import AppConfig


class HireConfig(AppConfig):
    name = "segue.hire"
    label = "hire"
    default_auto_field = "django.db.models.BigAutoField"

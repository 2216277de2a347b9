from django.apps import AppConfig


class EngageConfig(AppConfig):
    name = "segue.engage"
    label = "engage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.engage.actions import leaving  # noqa: F401 - what to let go of

from django.apps import AppConfig


class HireConfig(AppConfig):
    name = "segue.hire"
    label = "hire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.hire import handlers  # noqa: F401 - hearing begins with the import

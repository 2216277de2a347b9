from django.apps import AppConfig


class HireConfig(AppConfig):
    name = "segue.hire"
    label = "hire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.hire import handlers  # noqa: F401 - hearing begins with the import
        from segue.hire.actions import importing_applications  # noqa: F401 - exports bring applications
        from segue.hire.queries import belongings  # noqa: F401 - what somebody who leaves had in hand

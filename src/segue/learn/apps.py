from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "segue.learn"
    label = "learn"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.learn import handlers, jobs  # noqa: F401 - hearing starts when they are loaded
        from segue.learn.actions import leaving  # noqa: F401 - what to let go of

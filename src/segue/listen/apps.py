from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "segue.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.listen import handlers, jobs  # noqa: F401 - hearing, and forgetting, begin with the import
        from segue.listen.actions import merging  # noqa: F401 - it tells of merges

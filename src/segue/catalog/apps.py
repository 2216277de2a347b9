from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "segue.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.catalog.actions.staging import keeping, resumes  # noqa: F401 - what to forget, what to read

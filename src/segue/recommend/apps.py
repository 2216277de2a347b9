from django.apps import AppConfig


class RecommendConfig(AppConfig):
    name = "segue.recommend"
    label = "recommend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.recommend import handlers, jobs  # noqa: F401 - hearing begins with the import

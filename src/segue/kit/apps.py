from django.apps import AppConfig
from django.conf import settings


class KitConfig(AppConfig):
    name = "segue.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.kit import logs

        logs.set_up(level=settings.LOG_LEVEL, as_json=settings.LOG_JSON)

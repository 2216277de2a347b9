from django.apps import AppConfig


class RecommendConfig(AppConfig):
    name = "segue.recommend"
    label = "recommend"
    default_auto_field = "django.db.models.BigAutoField"

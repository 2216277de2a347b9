from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "segue.trust"
    label = "trust"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from segue.kit.action import set_audit_sink
        from segue.trust.actions import consent, erasure, merging, voluntary  # noqa: F401 - what to hear and to forget
        from segue.trust.actions.audit import write_line

        set_audit_sink(write_line)

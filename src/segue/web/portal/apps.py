from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "segue.web.portal"
    label = "portal"

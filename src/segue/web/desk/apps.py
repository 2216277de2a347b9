from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "segue.web.desk"
    label = "desk"

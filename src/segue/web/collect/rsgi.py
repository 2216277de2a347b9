"""What granian serves: Django is set up first, for the collector's own modules read its tables."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
django.setup()
application = import_module("segue.web.collect.app").application

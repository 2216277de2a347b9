"""The WSGI application granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
application = get_wsgi_application()
# A page makes thousands of short-lived objects; Python's default looks for cycles every 700 of them,
# among the long-lived catalogue. Looking more seldom saves about an eighth of a page.
gc.set_threshold(20_000, 20, 50)

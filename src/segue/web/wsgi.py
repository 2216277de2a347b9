"""The WSGI application granian serves."""

import ctypes
import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
application = get_wsgi_application()
# A page makes thousands of short-lived objects; Python's default looks for cycles every 700 of them,
# among the long-lived catalogue. Looking more seldom saves about an eighth of a page.
gc.set_threshold(20_000, 20, 50)


def warm() -> None:
    """Read jobs and people before the workers are forked: they share the memory, and nobody waits for it."""
    from django.db import connections

    from segue.kit import logs
    from segue.learn.queries.catalogue import catalogue, made_ready
    from segue.learn.queries.pool import pool

    try:
        jobs = catalogue()
        if jobs is not None:
            pool(made_ready(jobs))
    except Exception as error:  # a worker will read them when it is asked to, and say what is wrong
        logs.get("segue.web").warning("not_warm", error=type(error).__name__, exc_info=error)
    finally:
        connections.close_all()  # a connection cannot be shared
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # glibc's: what reading took and no longer needs is not handed on
        trim(0)
    gc.freeze()  # so that looking for cycles touches none of it, and it stays shared

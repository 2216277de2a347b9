"""Run in a tree's own interpreter: print, as JSON, which of its models break the house's rules."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any


def broken(heights: dict[str, int]) -> Iterator[str]:
    from django.apps import apps

    from segue.kit.privacy import is_registered

    for model in apps.get_models():
        if not model.__module__.startswith("segue."):
            continue
        if not is_registered(model):
            yield f"{model._meta.label} is not in the privacy register"
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created:
                yield from _upward(model, field, heights)


def _upward(model: Any, field: Any, heights: dict[str, int]) -> Iterator[str]:
    target = field.related_model
    if target is None or not target.__module__.startswith("segue."):
        return
    if heights[_room(target)] > heights[_room(model)]:
        yield f"{model._meta.label}.{field.name} points up to {target._meta.label}"


def _room(model: Any) -> str:
    return str(model.__module__.split(".")[1])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "segue.settings"
    import django

    django.setup()
    print(json.dumps(list(broken(json.loads(sys.argv[1])))))

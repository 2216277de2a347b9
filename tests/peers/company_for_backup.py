"""A small company with mail and events under way: `python -m tests.peers.company_for_backup URL`."""

from __future__ import annotations

import sys
from datetime import timedelta


def main(endpoint_url: str) -> None:
    import django

    django.setup()
    from segue.catalog.models import Person
    from segue.engage.actions.messages import write_message
    from segue.engage.actions.webhooks import send_soon
    from segue.kit import clock
    from segue.kit.actor import Actor
    from segue.kit.queue import enqueue
    from segue.trust.actions.chain import seal_lines
    from segue.trust.actions.endpoints import make_endpoint, queue_test_delivery
    from tests import factories

    by = Actor.machine("test")
    for name in ("نور العلي", "Zoë O'Hara", "Ada Example"):
        person = factories.make_person(name=name)
        factories.make_application(person=person)
        write_message(
            to=person.email or "", subject=f"Hello {name}", text="Welcome.", kind="test", by=by, person=person
        )
    kinds = ["application.moved"]
    endpoint = make_endpoint(endpoint_url, kinds=kinds, known=kinds, owner=None, by=by)
    send_soon([queue_test_delivery(endpoint, by=by) for _ in range(4)])
    enqueue("learn.refresh", run_at=clock.now() + timedelta(hours=1))
    seal_lines()
    print(Person.objects.get(name="Ada Example").pk, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

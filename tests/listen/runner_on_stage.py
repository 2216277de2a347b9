"""A runner process for the tests: the real loop, and a consumer that takes its time over small batches."""

from __future__ import annotations

import signal
from collections.abc import Sequence


def main() -> None:
    import django

    django.setup()

    from django.db import connection

    from segue.listen.consuming import Told, consumer
    from segue.listen.runner import Runner
    from tests.listen.consumer_stage import only_consumers, write_down

    write = write_down("stage.slow")

    def slowly(batch: Sequence[Told]) -> None:
        write(batch)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.005)")

    runner = Runner(poll_s=0.01)
    signal.signal(signal.SIGTERM, lambda *_: runner.stop())
    with only_consumers():
        consumer("stage.slow", start="beginning", batch=10)(slowly)
        print("ready", flush=True)
        runner.run()
    print("left", flush=True)


if __name__ == "__main__":
    main()

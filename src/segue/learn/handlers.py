"""What this room listens for: changed words and changed consents."""

from __future__ import annotations

from typing import Any

from segue.kit.bus import hears
from segue.kit.queue import enqueue


@hears("job.changed")
def job_changed(signal: dict[str, Any]) -> None:
    if signal["job_id"]:
        job_id = str(signal["job_id"])
        enqueue("learn.read_job", unique_key=f"learn.read_job:{job_id}", priority=3, job_id=job_id)


@hears("files.imported")
def files_imported(_signal: dict[str, Any]) -> None:
    enqueue("learn.refresh", unique_key="learn.refresh")
    enqueue("learn.find_same_people", unique_key="learn.find_same_people")
    enqueue("learn.index_people", unique_key="learn.index_people", priority=1)


@hears("profile.changed")
@hears("taste.edited")
@hears("person.merged")
@hears("person.unmerged")
def profile_changed(signal: dict[str, Any]) -> None:
    if signal["person_id"]:
        person_id = str(signal["person_id"])
        enqueue("learn.index_person", unique_key=f"learn.index_person:{person_id}", person_id=person_id)


@hears("vocabulary.changed")
def vocabulary_changed(_signal: dict[str, Any]) -> None:
    enqueue("learn.reread_resumes", unique_key="learn.reread_resumes")


@hears("profile.changed")
@hears("consent.changed")
def person_changed(signal: dict[str, Any]) -> None:
    if signal["person_id"]:
        person_id = str(signal["person_id"])
        enqueue("learn.read_person", unique_key=f"learn.read_person:{person_id}", person_id=person_id)
        enqueue("learn.seat_person", unique_key=f"learn.seat_person:{person_id}", person_id=person_id)


@hears("consent.changed")
@hears("signals.detached")
def consent_changed(signal: dict[str, Any]) -> None:
    if signal["person_id"]:
        person_id = str(signal["person_id"])
        enqueue("learn.place_people", unique_key=f"learn.place_people:{person_id}", person_ids=person_id)

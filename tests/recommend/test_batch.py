"""Mixes for everybody in one file: whose they are, what is in them, and never half of them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Job, JobStatus, Person
from segue.cli import mixes as command
from segue.engine.points import Points
from segue.kit import queue_worker
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, NotAllowed, NotFound
from segue.learn.models import Model, ModelState
from segue.learn.queries.catalogue import forget_catalogue
from segue.listen.compute import Result, Task
from segue.ports.compute import PoolEngine, SerialEngine
from segue.recommend import jobs as queue_jobs
from segue.recommend.actions import batch
from segue.recommend.actions.batch import Mixes, sift_mixes, write_mixes
from segue.recommend.mix_files import MixFolder
from segue.recommend.queries.mixes import mix_of
from segue.recommend.queries.stances import stances_of
from segue.recommend.ranking import rank_jobs
from segue.trust.actions.consent import set_consent
from segue.trust.models import AuditLine, Dial
from tests.factories import make_application
from tests.recommend.crowd_stage import crowd
from tests.recommend.stage import jobs_read, market, own, seen_of

pytestmark = pytest.mark.django_db

NIGHTLY = Actor.machine("nightly")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> MixFolder:
    settings.MIXES_DIR = str(tmp_path / "mixes")
    return MixFolder.of_settings()


@pytest.fixture
def jobs() -> list[Job]:
    return market(20)


@pytest.fixture
def people(jobs: list[Job]) -> list[Person]:
    return crowd(jobs)


def write(**options: Any) -> Mixes:
    return write_mixes(by=NIGHTLY, **{"k": 5, "stretch": 4, "engine": SerialEngine(), **options})


def lines(folder: MixFolder) -> dict[str, list[str]]:
    return {row["person"]: row["jobs"] for row in pq.read_table(folder.mixes).to_pylist()}


def test_who_allows_it_has_a_mix_and_nothing_refused_is_in_it(
    people: list[Person], jobs: list[Job], folder: MixFolder
) -> None:
    make_application(people[0], jobs[8])
    done = write()
    assert (done.is_done, done.people, done.path) == (True, 24, folder.mixes)
    found = lines(folder)
    assert sorted(found) == sorted(str(person.pk) for person in people)
    catalogue = jobs_read()
    for person in people:
        vetoes = rank_jobs(seen_of(person), catalogue, stances_of(person.pk, NIGHTLY)).vetoes
        mix = found[str(person.pk)]
        assert len(mix) == min(5, int((vetoes == 0).sum()))
        for job in mix:
            assert vetoes[next(row for row, one in enumerate(catalogue.jobs) if str(one.pk) == job)] == 0
    assert AuditLine.objects.filter(verb="recommend.publish_mixes").count() == 1
    assert [file.name for file in folder.path.iterdir() if not file.name.startswith("lock")] == [
        "mixes.parquet"
    ]
    assert folder.mixes.stat().st_mode & 0o077 == 0


def test_who_allows_nothing_has_none_and_teaches_nothing(people: list[Person], folder: MixFolder) -> None:
    write()
    taught = Model.objects.get(kind="points", state=ModelState.CHAMPION)
    for person in people[:8]:
        for purpose in ("profile", "behaviour"):
            set_consent(person, purpose=purpose, granted=False, by=own(person))
    done = write()
    assert done.people == 16
    assert not {str(person.pk) for person in people[:8]} & set(lines(folder))
    again = Model.objects.get(kind="points", state=ModelState.CHAMPION)
    assert again.pk == done.model_hash != taught.pk
    assert again.card["acts"] < taught.card["acts"]
    assert Points.from_bytes(bytes(again.blob)).to_bytes() == bytes(again.blob)


def test_a_second_run_says_the_same_and_leaves_the_same_model(
    people: list[Person], folder: MixFolder
) -> None:
    first = write()
    before = folder.mixes.read_bytes()
    assert people
    again = write()
    assert again == first
    assert pq.read_table(folder.mixes).equals(pq.read_table(_kept(folder, before)))
    assert Model.objects.filter(kind="points").count() == 1


def _kept(folder: MixFolder, content: bytes) -> Path:
    place = folder.path / "before"
    place.write_bytes(content)
    return place


def test_processes_write_the_same_file_and_settings_choose_who(
    people: list[Person], folder: MixFolder, settings: Any
) -> None:
    assert people
    settings.COMPUTE = "serial"
    write(engine=None)
    here = pq.read_table(folder.mixes)
    pool = PoolEngine(workers=2)
    write(engine=pool)
    pool.close()
    assert pq.read_table(folder.mixes).equals(here)


class Counting(SerialEngine):
    """Counts the blocks it is asked for, and breaks off before some of them."""

    def __init__(self, breaks_at: int | None = None) -> None:
        self.asked, self.breaks_at = 0, breaks_at

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        if self.asked == self.breaks_at:
            raise OSError("the power went")
        self.asked += len(tasks)
        return super().map(function, tasks)


def test_a_run_broken_off_leaves_yesterdays_file_and_is_gone_on_with(
    people: list[Person], jobs: list[Job], folder: MixFolder
) -> None:
    write()
    whole = pq.read_table(folder.mixes)
    yesterday = folder.mixes.read_bytes()
    with pytest.raises(OSError, match="power"):
        write(engine=Counting(breaks_at=2))
    assert folder.mixes.read_bytes() == yesterday
    assert len(folder.parts()) == 2
    rest = Counting()
    done = write(engine=rest)
    assert (rest.asked, done.parts) == (4, 6)
    assert pq.read_table(folder.mixes).equals(whole)
    assert len(people) == 24

    with pytest.raises(OSError, match="power"):
        write(engine=Counting(breaks_at=2))
    Job.objects.filter(pk=jobs[3].pk).update(status=JobStatus.CLOSED)
    forget_catalogue()
    write()
    closed = [job for mix in list(lines(folder).values())[8:] for job in mix if job == str(jobs[3].pk)]
    assert closed == [], "what closed meanwhile is in no mix made since"
    with pytest.raises(OSError, match="power"):
        write(engine=Counting(breaks_at=2))
    every = Counting()
    write(engine=every, is_afresh=True)
    assert every.asked == 6


def test_what_breaks_while_all_is_put_together_leaves_yesterdays_file(
    people: list[Person], folder: MixFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    yesterday = folder.mixes.read_bytes()

    def broken(_: Sequence[str]) -> set[str]:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(batch, "staying", broken)
        with pytest.raises(OSError, match="full"):
            write()
    assert folder.mixes.read_bytes() == yesterday
    assert not list(folder.path.rglob("*.half"))
    none_left = Counting(breaks_at=0)
    assert write(engine=none_left).people == len(people)


def test_who_takes_their_yes_back_or_is_erased_goes_from_the_file_soon(
    people: list[Person], folder: MixFolder
) -> None:
    write()
    untouched = folder.mixes.stat().st_mtime_ns
    assert sift_mixes(by=NIGHTLY) == 0
    assert folder.mixes.stat().st_mtime_ns == untouched
    set_consent(people[9], purpose="profile", granted=False, by=own(people[9]))
    erase_person(people[0], by=NIGHTLY)
    work_the_queue()
    assert set(lines(folder)) == {str(person.pk) for person in people} - {
        str(people[0].pk),
        str(people[9].pk),
    }
    about = json.loads(pq.read_schema(folder.mixes).metadata[b"segue.mixes"])
    assert about["k"] == 5


def test_a_yes_taken_back_during_a_run_counts(people: list[Person], folder: MixFolder) -> None:
    with pytest.raises(OSError, match="power"):
        write(engine=Counting(breaks_at=4))
    for purpose in ("profile", "behaviour"):
        set_consent(people[0], purpose=purpose, granted=False, by=own(people[0]))
    assert write().people == 23
    assert str(people[0].pk) not in lines(folder)


def work_the_queue() -> None:
    queue_worker.Worker().work_off()


def test_the_nightly_job_does_a_slice_at_a_time_and_may_run_twice(
    people: list[Person], folder: MixFolder, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.COMPUTE = "serial"
    monkeypatch.setattr(queue_jobs, "MIXES_SLICE_S", 0.0)
    queue_jobs.write_mixes_nightly()
    queue_jobs.write_mixes_nightly()
    assert folder.plan() is not None
    assert not folder.mixes.exists()
    monkeypatch.setattr(queue_jobs, "MIXES_SLICE_S", 60.0)
    work_the_queue()
    assert len(lines(folder)) == len(people)
    queue_jobs.sift()
    queue_jobs.sift()


def test_with_the_dial_off_nobody_gets_a_mix_and_yesterdays_goes(
    people: list[Person], folder: MixFolder
) -> None:
    write()
    Dial.objects.create(key="ai.on", value=False)
    with pytest.raises(Conflict, match="switched off"):
        write()
    assert not folder.mixes.exists()
    queue_jobs.write_mixes_nightly()
    assert len(people) == 24


def test_before_there_are_jobs_there_is_nothing_to_do(folder: MixFolder) -> None:
    with pytest.raises(Conflict, match="no open job"):
        write()
    assert sift_mixes(by=NIGHTLY) == 0
    assert not folder.mixes.exists()


def test_two_at_once_do_not_mix(people: list[Person], folder: MixFolder) -> None:
    with folder.held(), pytest.raises(Conflict, match="else"):
        write()
    assert write().people == len(people)


def test_eve_writes_nothing_and_reads_nobodys(people: list[Person], folder: MixFolder) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR, Role.MACHINE}:
        with pytest.raises(NotAllowed):
            write_mixes(by=Actor(role=role))
    write()
    with pytest.raises(NotAllowed):
        mix_of(people[0].pk, by=own(people[1]))
    mix = mix_of(people[0].pk, by=own(people[0]))
    assert mix is not None
    assert [str(job.pk) for job, _ in mix] == lines(folder)[str(people[0].pk)]


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.main(parser.parse_args(words)))


def test_the_command_writes_tells_and_shows(
    people: list[Person], folder: MixFolder, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.COMPUTE = "serial"
    assert call("--limit", "3", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["people"], told["path"]) == (24, str(folder.mixes))
    assert call("--person", str(people[0].pk), "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["job"] for one in shown] == lines(folder)[str(people[0].pk)]
    assert call("--person", str(people[0].pk)) == 0
    assert "  1. " in capsys.readouterr().out
    erase_person(people[1], by=NIGHTLY)
    work_the_queue()
    with pytest.raises(NotFound):
        call("--person", str(people[1].pk))

"""The whole way: files in, figures out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from segue.cli.main import main
from segue.engine.baselines import Popularity
from segue.engine.explain import Explanation
from segue.engine.metrics import per_person
from segue.engine.task import IntArray, ScoreArray, Task
from segue.kit.errors import Invalid
from segue.measure.evaluation import lineup, peers
from segue.measure.evaluation.running import ModelFailed, Ranked, rank_all, run
from tests.measure.evaluation.logs import (
    REAL_DATA,
    VIEWS,
    case,
    crowd,
    lines,
    measured,
    needs_sequences,
    needs_views,
    write,
)


@dataclass(frozen=True, eq=False)
class Oracle:
    """Knows one person's answer, and may be told to misbehave."""

    name: str = "oracle"
    answers: tuple[int, ...] = ()
    spoil: float = 0.0

    def fit(self, task: Task) -> Self:
        return replace(self)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        scores = np.zeros((len(people), task.jobs.size), dtype=np.float32)
        scores[np.arange(len(people)), np.array(self.answers)[people]] = 1.0
        scores[0, 0] += np.float32(self.spoil)
        return scores

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        return Explanation(0.0, (), "general")


def quiet(_: str) -> None:
    pass


def one(case_: Any, model: Any) -> Ranked:
    (ranked,) = run(case_, [model], (1, 3), quiet)
    assert isinstance(ranked, Ranked)
    return ranked


def test_who_knows_the_answers_finds_them_all(tmp_path: Path) -> None:
    read = case(interactions=crowd(tmp_path / "log.csv"))
    answers = np.zeros(read.task.people.size, dtype=int)
    answers[read.split.person] = read.split.job
    ranked = one(read, Oracle(answers=tuple(answers)))
    assert (ranked.rank == 1).all()
    assert ranked.shown[1].sum() == len(read.split)


def test_blocks_do_not_change_what_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = case(interactions=crowd(tmp_path / "log.csv"))
    model = Popularity().fit(read.task)
    whole = rank_all(read, model, "popularity", (2, 5))
    monkeypatch.setattr("segue.measure.evaluation.running._PEOPLE_A_BLOCK", 3)
    parts = rank_all(read, model, "popularity", (2, 5))
    assert parts.rank.tolist() == whole.rank.tolist()
    assert parts.shown[5].tolist() == whole.shown[5].tolist()


def test_a_job_of_the_history_is_never_listed(tmp_path: Path) -> None:
    read = case(interactions=lines(tmp_path / "log.txt", "a 1 2 3", "b 1 2 4", "c 1 4"))
    ranked = one(read, Popularity())
    figures = per_person(ranked.rank, np.arange(3), 3, 1)
    # 1 and 2 are known to a and b; of 3 and 4 nobody's history tells, so neither is given credit for its row.
    assert figures["recall"].tolist() == [0.0, 0.0, 0.0]
    assert ranked.shown[3][0] == 0


@pytest.mark.parametrize("spoil", [np.nan, np.inf])
def test_scores_that_cannot_be_ranked_are_refused_and_the_others_go_on(tmp_path: Path, spoil: float) -> None:
    read = case(interactions=crowd(tmp_path / "log.csv"))
    answers = (0,) * read.task.people.size
    failed, fine = run(read, [Oracle(answers=answers, spoil=spoil), Popularity()], (1,), quiet)
    assert isinstance(failed, ModelFailed)
    assert (failed.field, isinstance(fine, Ranked)) == ("oracle", True)


def test_the_report_holds_what_the_manual_says(tmp_path: Path) -> None:
    told = measured(interactions=crowd(tmp_path / "log.csv"))
    row = told["models"]["popularity"]
    for name in ("recall", "ndcg", "mrr"):
        low, high = row[f"{name}@2_ci"]
        assert 0 <= low <= row[f"{name}@2"] <= high <= 1
    assert {"coverage@2", "gini@2", "novelty@2", "recall@10", "cpu_s", "fit_cpu_s", "score_cpu_s"} <= set(row)
    assert told["slices"]["warm-person"]["popularity"]["recall@2"] == row["recall@2"]
    assert told["data"]["tested"] == told["slices"]["warm-person"]["tested"]
    assert told == json.loads(json.dumps(told))


def test_each_slice_asks_only_for_its_own_acts(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.txt", "a 1 2", "b 1 2 3 4", "c 1")
    test = lines(tmp_path / "test.txt", "a 3 9", "b 9", "c 2", "new 1")
    told = measured(train=train, test=test, ks=(1, 9))
    sizes = {name: (part["tested"], part["test_acts"]) for name, part in told["slices"].items()}
    assert sizes == {
        "cold-job": (2, 2), "warm-job": (3, 3), "cold-person": (1, 1), "warm-person": (3, 4),
        "activity-0": (1, 1), "activity-1-2": (2, 3), "activity-3-9": (1, 1), "activity-10+": (0, 0),
    }  # fmt: skip
    assert told["slices"]["cold-person"]["popularity"]["recall@1"] == 1.0
    # As many know 3 as 4, so a's 3 may stand second; c's and the newcomer's stand first.
    assert told["slices"]["warm-job"]["popularity"]["recall@1"] == pytest.approx(2 / 3, abs=1e-6)
    assert told["slices"]["cold-job"]["popularity"]["recall@9"] == 1.0
    assert "popularity" not in told["slices"]["activity-10+"]


def test_for_jobs_the_slices_change_their_names(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.txt", "a 1 2", "b 1")
    told = measured(
        train=train, test=lines(tmp_path / "test.txt", "new 1", "b 2 3"), direction="jobs", ks=(1,)
    )
    assert told["slices"]["cold-person"]["test_acts"] == 1  # nobody has heard of "new"
    assert told["slices"]["cold-job"]["test_acts"] == 1  # nobody has seen 3
    assert told["data"]["direction"] == "jobs"


@pytest.mark.parametrize("direction", ["people", "jobs"])
def test_one_person_and_three_jobs_are_enough(tmp_path: Path, direction: str) -> None:
    train = lines(tmp_path / "train.txt", "ada 1 2")
    told = measured(train=train, test=lines(tmp_path / "test.txt", "ada 3"), direction=direction, ks=(1, 50))
    assert set(told["models"]) == {"popularity", "itemknn"}
    assert told["models"]["itemknn"]["recall@50"] == 1.0


def test_the_same_seed_gives_the_same_figures(tmp_path: Path) -> None:
    log = crowd(tmp_path / "log.csv")
    first, again = (measured(interactions=log, seed=3, split="random")["slices"] for _ in range(2))
    assert first == again


def test_a_model_that_is_not_known_or_not_here_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="'magic'"):
        lineup.line_up(["magic"], seed=0, say=quiet)
    monkeypatch.setattr(lineup, "_STACK", "segue.engine.no_such_stack")
    monkeypatch.setattr(peers, "is_installed", lambda: False)
    with pytest.raises(Invalid, match="segue cannot run"):
        lineup.line_up(["segue"], seed=0, say=quiet)
    with pytest.raises(Invalid, match="not installed"):
        lineup.line_up(["als"], seed=0, say=quiet)
    assert [model.name for model in lineup.line_up([], seed=0, say=quiet)] == ["popularity", "itemknn"]


@pytest.mark.skipif(not peers.is_installed(), reason="the package implicit is not installed")
@pytest.mark.parametrize("kind", ["als", "bpr"])
def test_peers_are_measured_alike(tmp_path: Path, kind: str) -> None:
    log = crowd(tmp_path / "log.csv")
    first, again = (measured(interactions=log, models=[kind], seed=2)["slices"] for _ in range(2))
    assert first == again
    assert f"implicit-{kind}" in first["warm-job"]


def test_the_command_prints_json_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = crowd(tmp_path / "log.csv")
    assert main(["evaluate", "--interactions", str(log), "--models", "popularity", "--k", "3", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "recall@3" in json.loads(out)["models"]["popularity"]
    assert "popularity: fitting" in err


def test_the_command_prints_a_table_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = crowd(tmp_path / "log.csv")
    assert main(["evaluate", "--interactions", str(log), "--models", "popularity", "--table"]) == 0
    assert "cold-job" in capsys.readouterr().out


@pytest.mark.parametrize("more", [["--k", "0"], ["--k", "ten"], ["--seed", "-1"], ["--people", "none.csv"]])
def test_the_command_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    log = write(tmp_path / "log.csv", ("person_id", "job_id"), ("a", "x"), ("a", "y"))
    assert main(["evaluate", "--interactions", str(log), *more]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert more[0] in err or more[1] in err


@needs_views
def test_popularity_on_the_job_views_is_what_others_found() -> None:
    told = measured(
        interactions=VIEWS / "interactions.csv", people=VIEWS / "people.csv", jobs=VIEWS / "jobs.csv",
        models=["popularity"], ks=(10,),
    )  # fmt: skip
    assert (told["data"]["tested"], told["data"]["jobs"]) == (1741, 7047)
    assert told["models"]["popularity"]["recall@10"] == pytest.approx(0.025, abs=0.0005)


@needs_sequences
def test_sequences_are_asked_for_their_last_item() -> None:
    told = measured(interactions=REAL_DATA / "sequences" / "LastFM.txt", ks=(10,))
    data = told["data"]
    assert (data["tested"], data["jobs"], data["train_acts"]) == (1090, 3646, 52_551 - 1090)
    assert told["models"]["itemknn"]["recall@10"] > told["models"]["popularity"]["recall@10"]

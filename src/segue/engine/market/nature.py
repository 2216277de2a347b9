"""Who is in the market and what they truly want. No policy reads this; they see `Visible` and the logs.

What people want is not what any model here can say: pay saturates, distance hurts beyond a threshold,
craft counts by its cube, tastes that nobody wrote down meet in a hyperbolic tangent, and every pair has a
chemistry of its own. What jobs want is a chain as strong as its weakest required skill, a penalty for
being under their level and a smaller one for being over it, and a bar that is higher where more people
would like to work. Half of it is invisible or blurred in what the site knows.

Rates are set so that pairs at random convert as public funnels do (the same sources as the seeded world's
calibration): 17 % of applications pass screening, 32 % of those come to an offer, 69 % of offers are
accepted. Opens per card (8 %) and applications per open (30 %) are our assumption.

Openings differ in how many people look at them as real ones do. In a public log of job views (8,920 first
views of 7,047 jobs) a job's rate is log-normal with a deviation of 1.66, within its larger states of 1.2 to
2.4; here the log of an opening's chance to be opened has a deviation of 1.4, most of which stands in no text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import FEATURES, content_features
from segue.engine.place import RemoteMode
from segue.engine.vectors import unit_rows

FloatArray = NDArray[np.float64]
ScoreArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

OPENED, APPLIED, SCREENED, OFFERED, ACCEPTED = 0.08, 0.30, 0.17, 0.32, 0.69
NULL_RATES = (0.3, 0.5, 0.4, 0.6, ACCEPTED)
STEPS = ("open", "apply", "screen", "offer", "accept")
CRAFTS, TASTES, SKILLS, DIM = 4, 4, 16, 8
APPEAL = 1.95  # deviation of what draws people to an employer, before its weight on a card
PLENTY = 1_000_000
USED = ("text", "title", "skills", "place", "pay")  # features that this market's facts can fill


@dataclass(frozen=True)
class Size:
    """How much of everything: half a year of weeks in which every week a few openings are new to everybody.

    An opening stands eight weeks at most (public: filled at day 40), so the market neither starts empty nor
    runs dry, and a person is shown about a sixth of all openings. An earlier market had eight weeks and
    all its openings nearly at once: a person saw most of those in their own craft, so that it hardly mattered
    in which order. These sizes were set with policies at hand, on seeds other than those reported. `pace`
    leaves unread about what public figures say (28 %) where nobody steers.
    """

    people: int = 400
    jobs: int = 400
    rounds: int = 24
    slate: int = 3
    pace: int = 3  # applications an opening can read in one round
    open_for: int = 8  # rounds until an opening lapses, filled or not


@dataclass(frozen=True, eq=False)
class Visible:
    """What a site knows: features float32[P, J, F] named USED; of each job its family, seats, and how many
    applications it can read in a round."""

    features: ScoreArray
    family: IntArray
    seats: IntArray
    pace: int

    @property
    def families(self) -> int:
        return 2 * CRAFTS


@dataclass(frozen=True, eq=False)
class Nature:
    """The truth and its dice, so that two policies that show the same pair see the same thing happen.

    `chance`, `die`: float32[5, P, J] for each of STEPS; `liking`: float32[P, J], by which an offer among
    several is chosen; `quality`: float32[P, J], by which a shortlist is ordered; `look`: float32[T, P, k];
    `queue`: float32[P, J]; `arrives` int64[P], `posted` and `lapses` int64[J], rounds; what is
    posted before round 0 is there from the start.
    """

    size: Size
    visible: Visible
    chance: ScoreArray
    die: ScoreArray
    liking: ScoreArray
    quality: ScoreArray
    look: ScoreArray
    queue: ScoreArray
    arrives: IntArray
    posted: IntArray
    lapses: IntArray


@dataclass(frozen=True, eq=False)
class _Side:
    """Hidden and visible traits of one side, rows of n."""

    spot: FloatArray  # [n, 2] km
    craft: FloatArray  # [n, 4] unit rows
    taste: FloatArray  # [n, 4]
    level: FloatArray  # [n] 0 to 4
    skills: FloatArray  # [n, 16]: how well, or how much asked
    pay: FloatArray  # [n] floor, or offered
    appeal: FloatArray  # [n] of an employer's name, or of a person in an interview


def draw_nature(seed: int, *, size: Size | None = None, null: bool = False) -> Nature:
    """A market of this seed; a `null` one is of pure chance: no pair differs and nothing is scarce.

    Its dice are kind (NULL_RATES), for a test can only claim falsely where there are matches to count.
    With scarce seats even a market of dice rewards whoever spreads applications, which would be a true
    gain and no false claim; so in the null market seats and reading never run out.

    >>> market = draw_nature(1, size=Size(people=20, jobs=8, rounds=3))
    >>> market.chance.shape, bool((draw_nature(1, size=market.size).die == market.die).all())
    ((5, 20, 8), True)
    """
    size = size or Size()
    rng = np.random.default_rng([seed, 4])
    people, jobs = _people(rng, size.people), _jobs(rng, size.jobs)
    remote = rng.random(size.jobs) < 0.25
    willing_km = rng.uniform(10.0, 60.0, size.people)
    seats = 1 + (rng.random(size.jobs) < 0.3).astype(np.int64)
    surface, liking = _wants(rng, people, jobs, remote, willing_km)
    quality = _suits(rng, people, jobs)
    visible = replace(_visible(rng, people, jobs, remote, willing_km), seats=seats, pace=size.pace)
    shape = (size.people, size.jobs)
    posted = rng.integers(1 - size.open_for, size.rounds, size.jobs)
    chance = _null_chances(shape) if null else _chances(surface, liking, quality)
    return Nature(
        size=size,
        visible=_endless(visible) if null else visible,
        chance=chance,
        die=rng.random((len(STEPS), *shape), dtype=np.float32),
        liking=(rng.random(shape) if null else liking).astype(np.float32),
        quality=(rng.random(shape) if null else quality).astype(np.float32),
        look=rng.random((size.rounds, size.people, size.slate), dtype=np.float32),
        queue=rng.random(shape, dtype=np.float32),
        arrives=_entries(rng, size.people, 0.6, size.rounds),
        posted=posted,
        lapses=posted + size.open_for,
    )


def _entries(rng: np.random.Generator, count: int, at_once: float, rounds: int) -> IntArray:
    later = rng.integers(1, max(2, 7 * rounds // 10), count)
    return np.where(rng.random(count) < at_once, 0, later)


def _people(rng: np.random.Generator, n: int) -> _Side:
    level, craft = rng.integers(0, 5, n).astype(float), _crafts(rng, n)
    own = rng.beta(1.2, 2.0, (n, SKILLS)) + 0.35 * _skill_lean(craft) + 0.06 * level[:, None]
    pay = np.exp(0.22 * level + rng.normal(0.0, 0.2, n))
    return _Side(_spots(rng, n), craft, _tastes(rng, n), level, own, pay, rng.normal(0.0, 0.6, n))


def _jobs(rng: np.random.Generator, n: int) -> _Side:
    level, craft = rng.integers(0, 5, n).astype(float), _crafts(rng, n)
    drawn = rng.gumbel(size=(n, SKILLS)) + 3.0 * _skill_lean(craft)
    asked = (np.argsort(np.argsort(-drawn, axis=1), axis=1) < rng.integers(2, 5, n)[:, None]).astype(float)
    appeal = rng.normal(0.0, APPEAL, n)
    pay = np.exp(0.22 * level + 0.02 * appeal + rng.normal(0.08, 0.2, n))
    return _Side(_spots(rng, n), craft, _tastes(rng, n), level, asked, pay, appeal)


def _spots(rng: np.random.Generator, n: int) -> FloatArray:
    towns = np.array([[0.0, 0.0], [35.0, 10.0], [10.0, 60.0], [-50.0, 20.0]])
    return towns[rng.choice(4, n, p=[0.4, 0.25, 0.2, 0.15])] + rng.normal(0.0, 8.0, (n, 2))


def _crafts(rng: np.random.Generator, n: int) -> FloatArray:
    centres = np.concatenate([np.eye(CRAFTS), -np.eye(CRAFTS)])
    rows = centres[rng.integers(0, len(centres), n)] + rng.normal(0.0, 0.35, (n, CRAFTS))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def _tastes(rng: np.random.Generator, n: int) -> FloatArray:
    centres = np.random.default_rng(17).normal(0.0, 1.0, (5, TASTES))
    return np.asarray(centres[rng.integers(0, 5, n)] + rng.normal(0.0, 0.4, (n, TASTES)))


def _skill_lean(craft: FloatArray) -> FloatArray:
    """Which of the skills belong to a craft: two each way of every direction."""
    both = np.maximum(np.concatenate([craft, -craft], axis=1), 0.0)
    return np.repeat(both, SKILLS // (2 * CRAFTS), axis=1)


def _km(people: _Side, jobs: _Side) -> FloatArray:
    apart = people.spot[:, None, :] - jobs.spot[None, :, :]
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]))


def _wants(
    rng: np.random.Generator, people: _Side, jobs: _Side, remote: NDArray[np.bool_], willing_km: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What a card promises, and what the whole job is worth to the person, in logits."""
    pay = 1.4 * np.tanh(2.5 * (jobs.pay[None, :] / people.pay[:, None] - 1.0))
    far = expit(6.0 * (_km(people, jobs) / willing_km[:, None] - 1.0))
    way = -2.2 * np.where(remote[None, :], 0.15, far)
    craft = 2.4 * (people.craft @ jobs.craft.T) ** 3
    step = jobs.level[None, :] - people.level[:, None]
    level = -0.35 * np.maximum(np.abs(step - 0.3) - 0.7, 0.0) ** 1.5
    hidden = 1.3 * np.tanh(0.8 * people.taste @ jobs.taste.T)
    chemistry = rng.normal(0.0, 0.6, craft.shape)
    card = pay + way + craft + 0.6 * level + 0.7 * jobs.appeal + 0.5 * hidden
    return card, pay + 1.3 * way + craft + level + 0.7 * jobs.appeal + hidden + chemistry


def _suits(rng: np.random.Generator, people: _Side, jobs: _Side) -> FloatArray:
    """How well a person would do a job in its employer's eyes, in logits."""
    asked = jobs.skills > 0
    weakest = np.min(np.where(asked[None], people.skills[:, None, :], np.inf), axis=2)
    mean = (people.skills @ jobs.skills.T) / jobs.skills.sum(axis=1)
    step = people.level[:, None] - jobs.level[None, :]
    level = -1.1 * np.maximum(-step, 0.0) - 0.15 * np.maximum(step - 1.0, 0.0) ** 2
    craft = 1.2 * (people.craft @ jobs.craft.T)
    bar = 0.6 * jobs.appeal + rng.normal(0.0, 0.5, len(jobs.appeal))
    chemistry = rng.normal(0.0, 0.5, mean.shape)
    merit = 3.0 * weakest + 1.5 * mean + level + craft + people.appeal[:, None]
    return np.asarray(merit - merit.mean(axis=0) - bar + chemistry)  # one asks for what the market has


def _chances(surface: FloatArray, liking: FloatArray, quality: FloatArray) -> ScoreArray:
    """Chances of each step given the one before, levelled on pairs at random."""
    opens = _levelled(surface, OPENED, np.ones_like(surface))
    applies = _levelled(liking, APPLIED, opens)
    sent = opens * applies
    screens = _levelled(quality, SCREENED, sent)
    offers = _levelled(0.7 * quality, OFFERED, sent * screens)
    accepts = _levelled(0.6 * liking, ACCEPTED, sent * screens * offers)
    return np.stack([opens, applies, screens, offers, accepts]).astype(np.float32)


def _levelled(value: FloatArray, mean: float, weight: FloatArray) -> FloatArray:
    """expit(value + c) with c such that the weighted mean is `mean`; by halving, on every 7th pair."""
    some, much = value.ravel()[::7], weight.ravel()[::7]
    much = much / much.sum()
    low, high = -25.0, 25.0
    for _ in range(30):
        middle = (low + high) / 2.0
        low, high = (low, middle) if float(much @ expit(some + middle)) > mean else (middle, high)
    return np.asarray(expit(value + low))


def _null_chances(shape: tuple[int, int]) -> ScoreArray:
    rates = np.array(NULL_RATES, dtype=np.float32)
    return np.ascontiguousarray(np.broadcast_to(rates[:, None, None], (len(rates), *shape)))


def _endless(visible: Visible) -> Visible:
    return replace(visible, seats=np.full_like(visible.seats, PLENTY), pace=PLENTY)


def _visible(
    rng: np.random.Generator,
    people: _Side,
    jobs: _Side,
    remote: NDArray[np.bool_],
    willing_km: FloatArray,
) -> Visible:
    """The product's own content features of blurred, partly missing facts."""
    columns = _person_columns(rng, people, willing_km), _job_columns(rng, jobs, remote)
    rows = content_features(*columns, today=0.0)[:, :, [FEATURES.index(name) for name in USED]]
    family = np.argmax(np.concatenate([jobs.craft, -jobs.craft], axis=1), axis=1)
    return Visible(rows.astype(np.float32), family.astype(np.int64), np.ones_like(family), 1)


def _vectors(rng: np.random.Generator, side: _Side, blur: float) -> ScoreArray:
    """Craft, and a hint of the level, as an embedding of a text would blur them."""
    sure = np.column_stack([side.craft, 0.12 * (side.level - 2.0), np.zeros((len(side.level), DIM - 5))])
    return unit_rows(sure + rng.normal(0.0, blur, sure.shape))


def _person_columns(rng: np.random.Generator, people: _Side, willing_km: FloatArray) -> PersonColumns:
    n = len(people.level)
    told = (people.skills > 0.6) ^ (rng.random(people.skills.shape) < 0.12)
    lat, lon = _degrees(people.spot)
    return replace(
        PersonColumns.blank(np.arange(n), dim=DIM, skills=SKILLS),
        vec=_vectors(rng, people, 0.25),
        title_vec=_vectors(rng, people, 0.35),
        skills=sparse.csr_array(told.astype(np.float64)),
        lat=lat,
        lon=lon,
        willing_km=np.where(rng.random(n) < 0.5, willing_km, np.nan),
        pay_floor_year=np.where(rng.random(n) < 0.5, people.pay * 40_000.0, np.nan),
    )


def _job_columns(rng: np.random.Generator, jobs: _Side, remote: NDArray[np.bool_]) -> JobColumns:
    n = len(jobs.level)
    mode = np.where(remote, RemoteMode.REMOTE, RemoteMode.ON_SITE)
    paid = np.where(rng.random(n) < 0.6, jobs.pay * 40_000.0, np.nan)
    lat, lon = _degrees(jobs.spot)
    return replace(
        JobColumns.blank(np.arange(n), dim=DIM, skills=SKILLS),
        vec=_vectors(rng, jobs, 0.25),
        title_vec=_vectors(rng, jobs, 0.35),
        required=sparse.csr_array(jobs.skills),
        lat=lat,
        lon=lon,
        remote=np.where(rng.random(n) < 0.8, mode, RemoteMode.UNKNOWN).astype(np.int8),
        pay_min_year=0.92 * paid,
        pay_max_year=1.08 * paid,
    )


def _degrees(spot_km: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude of a plane laid at 50° north."""
    return 50.0 + spot_km[:, 1] / 111.2, 10.0 + spot_km[:, 0] / 71.5

"""A job's slate: people with evidence, names hidden until asked for, nobody left out of sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertMaxNumQueries

from segue.catalog.actions.facts import Said, settle_profile, state_facts
from segue.catalog.models import FactSource, Job, Person
from segue.learn.actions.fitting import read_everything
from segue.learn.queries.catalogue import forget_catalogue
from segue.learn.queries.pool import forget_pool
from segue.trust.models import Account, Decision
from tests.factories import actor, grant, make_job, make_member, make_person, make_resume

BUDGET = 15

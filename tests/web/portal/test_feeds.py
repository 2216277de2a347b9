"""Where others find our jobs: sitemap, feeds, and the data that search engines read on a job's page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from xml.etree import ElementTree
from xml.sax.xmlreader import AttributesImpl

import feedparser
import pytest
from django.test import Client, override_settings
from django.utils.xmlutils import SimplerXMLGenerator
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.catalog.models import EmploymentType, Job, JobStatus, PayPeriod, Remote
from segue.kit import clock
from segue.web.portal.feeds import indeed_fields, linkedin_fields, sayable, write_fields
from segue.web.postings import missing_for_search_engines, posting_of
from tests import factories

FILES = ("/jobs/indeed.xml", "/jobs/linkedin.xml")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESS = "https://jobs.example/jobs/1/"


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.getvalue().decode()


def jobs_in(client: Client, path: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(body(client, path)).findall("job")


def some_jobs() -> dict[str, Job]:
    """One open job, and every kind that nobody may apply for."""
    later, before = clock.now() + timedelta(days=1), clock.now() - timedelta(days=1)
    return {
        "open": factories.make_job(title="Baker", required_skills=["bread", "ovens"]),
        "draft": factories.make_job(title="Not yet", status=JobStatus.DRAFT),
        "closed": factories.make_job(title="No longer", status=JobStatus.CLOSED),
        "filled": factories.make_job(title="Taken", status=JobStatus.FILLED),
        "past": factories.make_job(title="Over", valid_through=before),
        "coming": factories.make_job(title="Tomorrow", posted_at=later),
    }


@pytest.mark.django_db
def test_only_open_jobs_are_told_to_anybody(client: Client) -> None:
    found = some_jobs()
    for path in FILES:
        assert [row.findtext("title") for row in jobs_in(client, path)] == ["Baker"]
    feed = feedparser.parse(body(client, "/jobs.atom"))
    assert [entry.title for entry in feed.entries] == ["Baker"]
    listed = body(client, "/sitemap-jobs.xml")
    assert str(found["open"].pk) in listed
    assert not any(str(job.pk) in listed for name, job in found.items() if name != "open")


@pytest.mark.django_db
def test_a_feed_reader_finds_nothing_to_complain_of(client: Client) -> None:
    job = factories.make_job(title="Bäcker <b>&</b> \x0bمخبز", description="One.\n\nTwo & <three>.")
    feed = feedparser.parse(body(client, "/jobs.atom"))
    assert not feed.bozo
    assert feed.version == "atom10"
    (entry,) = feed.entries
    assert entry.title_detail.value == "Bäcker <b>&</b> مخبز"
    assert entry.id == f"urn:uuid:{job.pk}"
    assert entry.link.endswith(f"/jobs/{job.pk}/")
    assert entry.summary == "<p>One.</p>\n\n<p>Two &amp; &lt;three&gt;.</p>"
    assert entry.published_parsed is not None


@pytest.mark.django_db
def test_an_empty_house_has_whole_and_empty_files(client: Client) -> None:
    for path in FILES:
        assert jobs_in(client, path) == []
    feed = feedparser.parse(body(client, "/jobs.atom"))
    assert (feed.bozo, feed.entries) == (False, [])
    ElementTree.fromstring(body(client, "/sitemap.xml"))


@pytest.mark.django_db
def test_indeed_and_linkedin_hear_it_in_their_own_words(client: Client) -> None:
    job = factories.make_job(
        title="Baker",
        remote=Remote.HYBRID,
        required_skills=["bread", "ovens"],
        pay_min=Decimal("17.50"),
        pay_max=Decimal(19),
        pay_currency="EUR",
        pay_period=PayPeriod.HOUR,
    )
    (row,) = jobs_in(client, "/jobs/indeed.xml")
    assert row.findtext("salary") == "EUR 17.50 - 19.00 per hour"
    assert (row.findtext("jobtype"), row.findtext("remotetype")) == ("fulltime", "Hybrid remote")
    assert row.findtext("referencenumber") == str(job.pk)
    (row,) = jobs_in(client, "/jobs/linkedin.xml")
    assert [skill.text for skill in row.findall("skills/skill")] == ["bread", "ovens"]
    assert len(row.findall("salaries")) == len(row.findall("salaries/salary")) == 1
    assert row.findtext("salaries/salary/lowEnd/amount") == "17.50"
    assert row.findtext("salaries/salary/highEnd/currencyCode") == "EUR"
    assert row.findtext("salaries/salary/period") == "HOURLY"


@pytest.mark.django_db
def test_what_is_not_known_is_left_out(client: Client) -> None:
    bare = {"pay_min": None, "pay_max": None, "pay_currency": "", "pay_period": "", "city": "", "country": ""}
    factories.make_job(**bare, employment_type="", valid_through=None, description="", required_skills=[])
    (row,) = jobs_in(client, "/jobs/linkedin.xml")
    assert row.find("salaries") is None
    assert all((element.text or len(element)) for element in row.iter())
    (row,) = jobs_in(client, "/jobs/indeed.xml")
    assert row.find("salary") is None
    assert row.findtext("description")


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES)
def test_who_has_the_file_need_not_take_it_again(client: Client, path: str) -> None:
    job = factories.make_job()
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    Job.objects.filter(pk=job.pk).update(valid_through=clock.now() - timedelta(minutes=1))
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_many_jobs_cost_no_more_queries_than_one(client: Client, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        factories.make_job()
    for path in FILES:
        with django_assert_num_queries(2):
            assert len(jobs_in(client, path)) == 3


@pytest.mark.django_db
def test_robots_find_the_sitemap_and_keep_out_of_what_is_private(client: Client) -> None:
    job = factories.make_job()
    said = body(client, "/robots.txt")
    assert "Disallow: /desk/" in said
    (place,) = re.findall(r"Sitemap: http://testserver(\S+)", said)
    parts = [e.text or "" for e in ElementTree.fromstring(body(client, place)).iter(f"{SITEMAP}loc")]
    assert len(parts) == 2
    pages = [
        element.text or ""
        for part in parts
        for element in ElementTree.fromstring(body(client, part.removeprefix("http://testserver"))).iter(
            f"{SITEMAP}loc"
        )
    ]
    assert f"http://testserver/jobs/{job.pk}/" in pages
    for page in pages:
        assert client.get(page.removeprefix("http://testserver")).status_code == 200
        shut = [line.removeprefix("Disallow: ") for line in said.splitlines() if line.startswith("Disallow")]
        assert not any(page.removeprefix("http://testserver").startswith(path) for path in shut)


@pytest.mark.django_db
@override_settings(EMPLOYER_NAME="Käthe & Söhne")
def test_a_shared_link_says_what_it_is(client: Client) -> None:
    job = factories.make_job(title='Baker "early"')
    page = body(client, f"/jobs/{job.pk}/")
    assert '<meta property="og:title" content="Baker &quot;early&quot;">' in page
    assert '<meta property="og:site_name" content="Käthe &amp; Söhne">' in page
    assert re.search(r'<meta name="description" content="Berlin, Germany[^"]+">', page)


def test_the_editor_says_what_search_engines_miss(client_as: Any, rosa: Any) -> None:
    job = factories.make_job(pay_min=None, pay_max=None, pay_currency="", pay_period="", city="", remote="")
    page = client_as(rosa).get(f"/desk/jobs/{job.pk}/edit").content.decode()
    assert "For search engines" in page
    assert "the pay" in missing_for_search_engines(job)
    assert "the last day to apply" not in missing_for_search_engines(job)


# ── What Google asks of a JobPosting, and schema.org of its parts ──────────────────────────────────────


def faults(posting: dict[str, Any]) -> list[str]:
    """Break no rule, or name it. Written from Google's page on job postings and schema.org's types."""
    found = [
        f"{name} is missing"
        for name in ("title", "description", "datePosted", "hiringOrganization")
        if not posting.get(name)
    ]
    if (posting.get("@context"), posting.get("@type")) != ("https://schema.org/", "JobPosting"):
        found.append("not a JobPosting")
    found += [f"{name} is no date" for name in ("datePosted", "validThrough") if not _is_date(posting, name)]
    if posting.get("jobLocationType", "TELECOMMUTE") != "TELECOMMUTE":
        found.append("jobLocationType knows one word")
    if "jobLocationType" in posting and not {"jobLocation", "applicantLocationRequirements"} & posting.keys():
        found.append("remote work from nowhere")
    if "jobLocationType" not in posting and "jobLocation" not in posting:
        found.append("jobLocation is missing")
    if not posting.get("hiringOrganization", {}).get("name"):
        found.append("an employer without a name")
    if posting.get("employmentType", "OTHER") not in {
        "FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER",
    }:  # fmt: skip
        found.append("employmentType is another word")
    return found + _pay_faults(posting.get("baseSalary"))


def _is_date(posting: dict[str, Any], name: str) -> bool:
    said = posting.get(name)
    return said is None or datetime.fromisoformat(said).tzinfo is not None


def _pay_faults(pay: dict[str, Any] | None) -> list[str]:
    if pay is None:
        return []
    value = pay["value"]
    ends = [value[name] for name in ("minValue", "maxValue") if name in value]
    rules = {
        "currency": bool(re.fullmatch("[A-Z]{3}", pay["currency"])),
        "unitText": value["unitText"] in {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"},
        "ends": bool(ends) and ends == sorted(ends),
        "types": (pay["@type"], value["@type"]) == ("MonetaryAmount", "QuantitativeValue"),
    }
    return [f"pay: {name}" for name, holds in rules.items() if not holds]


words = st.text(max_size=40)
paid = st.tuples(st.decimals(1, 9_000, places=2), st.decimals(9_000, 99_999, places=2))


@st.composite
def any_job(draw: st.DrawFn) -> Job:
    """A job as anybody might write it, saved or not."""
    pay = draw(st.one_of(st.none(), paid))
    return Job(
        title=draw(words.filter(str.strip)),
        description=draw(words),
        city=draw(st.sampled_from(["", "Berlin", "القاهرة"])),
        country=draw(st.sampled_from(["", "DE", "EG"])),
        remote=draw(st.sampled_from(Remote.values)),
        employment_type=draw(st.sampled_from(EmploymentType.values)),
        required_skills=draw(st.lists(words.filter(str.strip), max_size=3)),
        posted_at=clock.now(),
        valid_through=draw(st.sampled_from([None, clock.now()])),
        pay_min=pay[0] if pay else None,
        pay_max=pay[1] if pay else None,
        pay_currency="EUR" if pay else "",
        pay_period=draw(st.sampled_from(PayPeriod.values[1:])) if pay else "",
    )


@given(job=any_job())
@settings(max_examples=200)
def test_a_posting_breaks_no_rule_unless_the_editor_warns_of_it(job: Job) -> None:
    """Google's rules hold for whatever is said; what is not said, the editor names."""
    broken = faults(posting_of(job, address=ADDRESS))
    places = {"jobLocation is missing", "remote work from nowhere"}
    assert set(broken) <= places
    if broken:
        assert any("town and country" in words for words in missing_for_search_engines(job))


@given(job=any_job())
@settings(max_examples=200)
def test_whatever_a_job_says_can_be_written_and_read_again(job: Job) -> None:
    for fields in (indeed_fields(job, ADDRESS), linkedin_fields(job, ADDRESS)):
        paper = StringIO()
        xml = SimplerXMLGenerator(paper, "utf-8")
        xml.startElement("job", AttributesImpl({}))
        write_fields(xml, fields)
        xml.endElement("job")
        read = ElementTree.fromstring(paper.getvalue())
        said = sayable(job.title).replace("\r\n", "\n").replace("\r", "\n")  # as XML reads line ends
        assert (read.findtext("title") or "") == said

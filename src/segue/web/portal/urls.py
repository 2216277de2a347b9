"""The candidates' addresses."""

from __future__ import annotations

from django.urls import path

from segue.web.portal.views import (
    apply,
    consent,
    home,
    jobs,
    look,
    resume,
    sign_in,
    stances,
    status,
    taste,
    why,
    you,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("jobs/<uuid:job_id>/stance/", stances.stance, name="stance"),
    path("jobs/<uuid:job_id>/undo/", stances.undo, name="undo"),
    path("jobs/<uuid:job_id>/apply/", apply.apply, name="apply"),
    path("a/<str:status_key>/", status.status, name="status"),
    path("a/<str:status_key>/withdraw/", status.withdraw, name="withdraw"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", sign_in.redeem, name="redeem"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("outbox/", sign_in.outbox, name="outbox"),
    path("why/<uuid:exposure_id>/", why.why, name="why"),
    path("taste/", taste.taste, name="taste"),
    path("taste/reset/", taste.reset, name="taste_reset"),
    path("taste/export/", taste.export, name="taste_export"),
    path("consent/", consent.consent, name="consent"),
    path("applications/", you.applications, name="applications"),
    path("saved/", you.saved, name="saved"),
    path("you/", you.you, name="you"),
    path("you/fact/<int:fact_id>/", you.fact, name="fact"),
    path("you/say/", you.say, name="say"),
    path("you/claim/", you.claim, name="claim"),
    path("you/resume/", resume.reading, name="resume"),
    path("you/resume/upload/", resume.upload, name="resume_upload"),
    path("you/resume/<int:fact_id>/", resume.settle, name="resume_fact"),
    path("you/download/", you.download, name="download"),
    path("theme/", look.theme, name="theme"),
]

"""The desk's addresses."""

from __future__ import annotations

from django.urls import path

from segue.web.desk.views import (
    applications,
    board,
    controls,
    home,
    jobs,
    listening,
    listening_rejected,
    listening_sources,
    people,
    playlist_items,
    playlists,
    reviews,
    slate,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("jobs/", jobs.jobs_list, name="jobs"),
    path("jobs/new", jobs.job_new, name="job_new"),
    path("jobs/<uuid:job_id>/", board.job_page, name="job"),
    path("jobs/<uuid:job_id>/edit", jobs.job_edit, name="job_edit"),
    path("jobs/<uuid:job_id>/open", jobs.job_open, name="job_open"),
    path("jobs/<uuid:job_id>/close", jobs.job_close, name="job_close"),
    path("jobs/<uuid:job_id>/slate/", slate.slate_page, name="slate"),
    path("people/", people.people_list, name="people"),
    path("people/<uuid:person_id>/", people.person_page, name="person"),
    path("applications/<uuid:application_id>/", applications.application_page, name="application"),
    path("applications/<uuid:application_id>/move", applications.application_move, name="application_move"),
    path(
        "applications/<uuid:application_id>/reject",
        applications.application_reject,
        name="application_reject",
    ),
    path("applications/<uuid:application_id>/hire", applications.application_hire, name="application_hire"),
    path("playlists/", playlists.playlists, name="playlists"),
    path("playlists/new", playlists.playlist_new, name="playlist_new"),
    path("playlists/<uuid:playlist_id>/", playlists.playlist_page, name="playlist"),
    path("playlists/<uuid:playlist_id>/edit", playlists.playlist_edit, name="playlist_edit"),
    path("playlists/<uuid:playlist_id>/publish", playlists.playlist_publish, name="playlist_publish"),
    path("playlists/<uuid:playlist_id>/add", playlist_items.playlist_add, name="playlist_add"),
    path("playlists/<uuid:playlist_id>/remove", playlist_items.playlist_remove, name="playlist_remove"),
    path("playlists/<uuid:playlist_id>/place", playlist_items.playlist_place, name="playlist_place"),
    path("playlists/<uuid:playlist_id>/pin", playlist_items.playlist_pin, name="playlist_pin"),
    path("playlists/<uuid:playlist_id>/exclude", playlist_items.playlist_exclude, name="playlist_exclude"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", reviews.review_page, name="review"),
    path("reviews/<uuid:review_id>/settle", reviews.review_settle, name="review_settle"),
    path("reviews/<uuid:review_id>/reopen", reviews.review_reopen, name="review_reopen"),
    path("listening/", listening.health_page, name="listening"),
    path("listening/sources/", listening_sources.sources_list, name="sources"),
    path("listening/sources/new", listening_sources.source_new, name="source_new"),
    path("listening/sources/<int:source_id>/", listening_sources.source_page, name="source"),
    path("listening/sources/<int:source_id>/edit", listening_sources.source_edit, name="source_edit"),
    path("listening/sources/<int:source_id>/rotate", listening_sources.source_rotate, name="source_rotate"),
    path("listening/sources/<int:source_id>/retire", listening_sources.source_retire, name="source_retire"),
    path("listening/sources/<int:source_id>/key", listening_sources.source_key, name="source_key"),
    path("listening/rejected/", listening_rejected.rejected_list, name="rejected"),
    path("listening/rejected/<int:rejected_id>/", listening_rejected.rejected_page, name="rejected_event"),
    path("settings/", controls.settings_page, name="settings"),
    path("settings/ai", controls.settings_ai, name="settings_ai"),
]

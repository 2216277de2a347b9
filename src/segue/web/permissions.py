"""The permission matrix: who may ask what, in one file. What is not named here is refused to everybody.

A rule says for each role whether it reaches all rows or only its own: a candidate's are those about them,
those of a colleague on a job's team are their jobs'. Roles left out are refused. An API key is let in by its
scope.

`web/doorkeeper.py` asks here before any view runs, and the queries below guard the rows once more.
tests/web/test_permissions.py knocks at every address as every role; `segue permissions` prints the table in
docs/permissions.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from segue.kit.actor import FINDERS, ON_THE_JOB, STAFF, TALENT_TEAM, Actor, Role

ASKERS = (
    Role.ADMINISTRATOR,
    Role.RECRUITER,
    Role.SOURCER,
    Role.COORDINATOR,
    Role.HIRING_MANAGER,
    Role.INTERVIEWER,
    Role.ANALYST,
    Role.AUDITOR,
    Role.CANDIDATE,
    Role.ANONYMOUS,
)  # whoever can send a request without a key; the machine never does


class Reach(StrEnum):
    """How far a role gets."""

    ALL = "all"
    OWN = "own"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who reaches an address, and the scope that lets a key in (none: no key gets in)."""

    who: Mapping[Role, Reach]
    scope: str = ""

    def reach_of(self, actor: Actor) -> Reach:
        """Return how far this actor gets here."""
        if actor.role is Role.API_CLIENT:
            return Reach.ALL if self.scope == ANY_KEY or actor.has_scope(self.scope) else Reach.NO
        return self.who.get(actor.role, Reach.NO)


ANY_KEY = "any"  # every living key, whatever its scopes


def rule(*, everything: Iterable[Role] = (), own: Iterable[Role] = (), scope: str = "") -> Rule:
    """Write a rule down: who reaches all rows, who only their own."""
    reach = dict.fromkeys(own, Reach.OWN) | dict.fromkeys(everything, Reach.ALL)
    return Rule(reach, scope)


WHOEVER = rule(everything=ASKERS, scope=ANY_KEY)
CANDIDATES = rule(own=[Role.CANDIDATE])
BY_LINK = rule(everything=ASKERS)  # the address itself is the key, and opens one thing
COLLEAGUES = rule(everything=STAFF)
TALENT = rule(everything=TALENT_TEAM)
ADMINISTRATORS = rule(everything=[Role.ADMINISTRATOR])
FINDING = rule(everything=FINDERS)
OWN_SEARCHES = rule(own=FINDERS)
ONE_JOB = rule(everything=FINDERS, own=ON_THE_JOB - FINDERS)
APPLICATION = rule(everything=TALENT_TEAM, own=ON_THE_JOB)
DECIDING = rule(everything=TALENT_TEAM, own=[Role.HIRING_MANAGER])
ARRANGING = rule(everything=TALENT_TEAM, own=[Role.HIRING_MANAGER, Role.COORDINATOR])
READING_CARDS = rule(everything=TALENT_TEAM, own=[Role.HIRING_MANAGER, Role.INTERVIEWER])
HIRING = TALENT_TEAM | {Role.HIRING_MANAGER, Role.INTERVIEWER}
HIRING_TEAM = rule(everything=HIRING)
OWN_WORDS = rule(own=HIRING)
OWN_DEEDS = rule(
    everything=[Role.ADMINISTRATOR], own=[*TALENT_TEAM - {Role.ADMINISTRATOR}, Role.HIRING_MANAGER]
)
OWN_LETTERS = rule(own=TALENT_TEAM)
LETTERS_SENT = rule(everything=[Role.ADMINISTRATOR], own=TALENT_TEAM - {Role.ADMINISTRATOR})
OWN_SIGN_IN = rule(everything=[Role.ADMINISTRATOR], own=STAFF - {Role.ADMINISTRATOR})
OWN_NEEDS = rule(everything=[Role.ADMINISTRATOR], own=STAFF - {Role.ADMINISTRATOR})
COUNTING = rule(everything=[*TALENT_TEAM, Role.ANALYST])
FIGURES = rule(everything=[Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR])
MODELS = rule(everything=[Role.ADMINISTRATOR, Role.AUDITOR])


def _pages(which: Rule, space: str, names: str) -> dict[str, Rule]:
    """Give pages of a name space one rule; no page is named twice."""
    return {f"{space}:{name}" if space else name: which for name in names.split()}


PAGES: dict[str, Rule] = {
    # the machine room: /metrics asks for this machine or a token besides, /mail/in for its own token
    **_pages(WHOEVER, "", "healthz readyz metrics mail_in"),
    **_pages(
        BY_LINK,
        "portal",
        "home jobs job brand_sheet social_card apply sign_in sign_out theme robots sitemap sitemap_part "
        "atom indeed linkedin status withdraw talk redeem offer offer_letter offer_proof offer_code "
        "offer_accept offer_decline offer_ask withdraw_undo confirm document needs needs_withdraw felt "
        "voluntary",
    ),
    **_pages(ADMINISTRATORS, "portal", "outbox"),
    **_pages(
        CANDIDATES,
        "portal",
        "stance undo why taste taste_reset taste_export consent applications saved you looks fact "
        "fact_undo say my_voluntary claim resume resume_upload resume_fact download conversations "
        "conversation_new conversation",
    ),
    **_pages(
        COLLEAGUES,
        "desk",
        "home jobs security totp_new totp_keep passkey_ask passkey_keep codes devices_end confirm "
        "confirm_ask",
    ),
    **_pages(ONE_JOB, "desk", "job job_board"),
    **_pages(
        TALENT,
        "desk",
        "job_new job_edit job_open job_close same_people same_pair pair_same pair_different pair_later "
        "pair_again merge merge_undo job_questions job_questions_from job_questions_keep "
        "job_questions_undo job_stages job_stages_from job_stages_undo pipelines pipeline_edit "
        "pipeline_back pipeline_default template_kits template_kit template_kit_undo offer_new offer_edit "
        "offer_submit offer_send offer_extend offer_withdraw offer_take_on offer_letter offer_proof "
        "offer_chains offer_letters offer_letter_retire thread_new held held_one held_file held_ignore "
        "held_again letters letter_signature letter_retire segment_new segment_edit segment_restore "
        "segment_archive segment_duplicate segment_export segment_playlist segment_why community_name "
        "imports import_new import import_columns import_start import_stop import_held held_csv "
        "held_retry_all held_row held_retry held_skip playlists playlist_new playlist playlist_edit "
        "playlist_publish playlist_add playlist_remove playlist_place playlist_pin playlist_expire "
        "playlist_exclude quality audit_again skills skill_add skill_join skill_ignore skill_reopen",
    ),
    **_pages(
        DECIDING,
        "desk",
        "slate application_move application_release application_reject application_stayed "
        "application_hire next_step applications_export bulk bulk_do job_kits job_kit job_kit_undo "
        "debrief_decide debrief_undo debrief_discuss offers offer offer_approve offer_return inbox thread "
        "thread_settle thread_own letter_back attachment reviews review review_settle review_reopen",
    ),
    **_pages(FINDING, "desk", "people person people_export searches search_save"),
    **_pages(OWN_SEARCHES, "desk", "search_mail search_drop"),
    **_pages(APPLICATION, "desk", "application note_write"),
    **_pages(OWN_NEEDS, "desk", "accommodations accommodation_arrange"),
    **_pages(HIRING_TEAM, "desk", "mine view_save scorecards"),
    **_pages(
        OWN_WORDS,
        "desk",
        "view_drop note_withdraw scorecard scorecard_save scorecard_submit scorecard_amend scorecard_drop",
    ),
    **_pages(OWN_DEEDS, "desk", "bulk_undo bulk_reject bulk_reject_confirm bulk_spare"),
    **_pages(OWN_LETTERS, "desk", "bulk_letter bulk_letter_send"),
    **_pages(LETTERS_SENT, "desk", "bulk_letter_check"),
    **_pages(ARRANGING, "desk", "panel_ask panel_release"),
    **_pages(READING_CARDS, "desk", "debrief"),
    **_pages(
        BY_LINK,
        "desk",
        "sign_in sign_in_password sign_in_passkey_ask sign_in_passkey second_step second_passkey "
        "provider_begin oidc_back saml_back saml_finish saml_metadata look_stop",
    ),
    **_pages(OWN_SIGN_IN, "desk", "factor_remove device_end"),
    **_pages(
        ADMINISTRATORS,
        "desk",
        "look_colleague look_person identity second_step_roles provider_only group_role colleagues "
        "colleague_close colleague_reset sources source_new source source_edit source_rotate source_retire "
        "source_key rejected rejected_event model_promote model_roll_back model_retire settings settings_ai "
        "settings_same settings_held settings_looks settings_voluntary keys key_new key_rotate key_revoke "
        "brands brand_new brand brand_retire webhooks webhook_new webhook webhook_edit webhook_do "
        "delivery_replay",
    ),
    **_pages(COUNTING, "desk", "segments segment communities persona"),
    **_pages(FIGURES, "desk", "listening"),
    **_pages(MODELS, "desk", "models decisions decision audit audit_export"),
}


def _applications(scope: str) -> Rule:
    return rule(everything=TALENT_TEAM, own=ON_THE_JOB, scope=scope)


def _offers(scope: str) -> Rule:
    return rule(everything=TALENT_TEAM, own=[Role.HIRING_MANAGER], scope=scope)


SCIM = rule(scope="scim")
SCIM_LISTS, SCIM_ROWS = ("Users", "Groups"), ("Users/{user_id}", "Groups/{group_id}")
SCIM_WORDS = ("ServiceProviderConfig", "ResourceTypes", "ResourceTypes/{name}", "Schemas", "Schemas/{urn}")

AT_THE_DESK = rule()  # a decision about somebody takes a named human who has the evidence open: no program

# What is theirs alone, whoever else may look with their eyes: files, what was said in trust, how they sign in
THEIRS_ALONE = frozenset(
    _pages(WHOEVER, "portal", "download taste_export resume my_voluntary")
    | _pages(WHOEVER, "desk", "security totp_new confirm")
)
OPEN_IN_THE_DEMO = frozenset({"portal:outbox"})  # its people are invented, and nobody has a mailbox

OPERATIONS: dict[str, Rule] = {
    "GET /api/v1/openapi.json": WHOEVER,
    "GET /api/v1/jobs": WHOEVER,
    "GET /api/v1/jobs/{job_id}": WHOEVER,
    "GET /api/v1/recommendations": CANDIDATES,
    "POST /api/v1/stances": CANDIDATES,
    "GET /api/v1/jobs/all": rule(everything=FINDERS | {Role.ANALYST, Role.AUDITOR}, scope="jobs:read"),
    "POST /api/v1/jobs": rule(everything=TALENT_TEAM, scope="jobs:write"),
    "PATCH /api/v1/jobs/{job_id}": rule(everything=TALENT_TEAM, scope="jobs:write"),
    "POST /api/v1/jobs/{job_id}/open": rule(everything=TALENT_TEAM, scope="jobs:write"),
    "POST /api/v1/jobs/{job_id}/close": rule(everything=TALENT_TEAM, scope="jobs:write"),
    "GET /api/v1/people": rule(everything=FINDERS, scope="people:read"),
    "POST /api/v1/people": rule(everything=TALENT_TEAM, scope="people:write"),
    "GET /api/v1/people/{person_id}": rule(everything=FINDERS, scope="people:read"),
    "PATCH /api/v1/people/{person_id}": rule(everything=TALENT_TEAM, scope="people:write"),
    "GET /api/v1/people/{person_id}/pay": rule(everything=TALENT_TEAM, scope="pay:read"),
    "GET /api/v1/applications": _applications("applications:read"),
    "POST /api/v1/applications": rule(everything=TALENT_TEAM, scope="applications:write"),
    "GET /api/v1/applications/{application_id}": _applications("applications:read"),
    "GET /api/v1/applications/{application_id}/stages": _applications("applications:read"),
    "GET /api/v1/applications/{application_id}/notes": _applications("notes:read"),
    "GET /api/v1/applications/{application_id}/scorecards": rule(
        everything=TALENT_TEAM, own=[Role.HIRING_MANAGER, Role.INTERVIEWER], scope="scorecards:read"
    ),
    "GET /api/v1/applications/{application_id}/answers": _applications("applications:read"),
    "POST /api/v1/applications/{application_id}/move": rule(
        everything=TALENT_TEAM, own=[Role.HIRING_MANAGER], scope="applications:write"
    ),
    "GET /api/v1/offers": _offers("offers:read"),
    "GET /api/v1/offers/{offer_id}": _offers("offers:read"),
    "GET /api/v1/offers/{offer_id}/pay": rule(everything=TALENT_TEAM, scope="pay:read"),
    "POST /api/v1/applications/{application_id}/reject": AT_THE_DESK,
    "POST /api/v1/applications/{application_id}/hire": AT_THE_DESK,
    "GET /harvest/v1/openapi.json": WHOEVER,
    "GET /harvest/v1/candidates": rule(scope="people:read"),
    "GET /harvest/v1/candidates/{person_id}": rule(scope="people:read"),
    "GET /harvest/v1/applications": rule(scope="applications:read"),
    "GET /harvest/v1/applications/{application_id}": rule(scope="applications:read"),
    "GET /harvest/v1/applications/{application_id}/scorecards": rule(scope="scorecards:read"),
    "GET /harvest/v1/scorecards": rule(scope="scorecards:read"),
    "GET /harvest/v1/applications/{application_id}/offers": rule(scope="offers:read"),
    "GET /harvest/v1/applications/{application_id}/offers/current_offer": rule(scope="offers:read"),
    "GET /harvest/v1/offers": rule(scope="offers:read"),
    "GET /harvest/v1/offers/{offer_id}": rule(scope="offers:read"),
    "GET /harvest/v1/sources": rule(scope="applications:read"),
    "GET /harvest/v1/rejection_reasons": rule(scope="applications:read"),
    "GET /harvest/v1/jobs": rule(scope="jobs:read"),
    "GET /harvest/v1/jobs/{job_id}": rule(scope="jobs:read"),
    "GET /harvest/v1/jobs/{job_id}/stages": rule(scope="jobs:read"),
    "GET /harvest/v1/job_stages": rule(scope="jobs:read"),
    "GET /harvest/v1/departments": rule(scope="jobs:read"),
    "GET /harvest/v1/offices": rule(scope="jobs:read"),
    "GET /harvest/v1/users": rule(scope="staff:read"),
    "GET /harvest/v1/users/{account_id}": rule(scope="staff:read"),
    **{f"{method} /scim/v2/{place}": SCIM for place in SCIM_LISTS for method in ("GET", "POST")},
    **{
        f"{method} /scim/v2/{place}": SCIM
        for place in SCIM_ROWS
        for method in ("GET", "PUT", "PATCH", "DELETE")
    },
    **{f"GET /scim/v2/{place}": SCIM for place in SCIM_WORDS},
    "GET /api/v1/signals": rule(everything=[Role.ADMINISTRATOR], scope="signals:read"),
}


def rule_for(view_name: str, operation: str = "") -> Rule | None:
    """Return the rule of a page by its name, or of an API operation by method and path; None: refused."""
    if settings.DEMO and view_name in OPEN_IN_THE_DEMO:
        return BY_LINK
    return OPERATIONS.get(operation) if operation else PAGES.get(view_name)

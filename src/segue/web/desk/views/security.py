"""A colleague's own sign-in: second steps, spare codes, devices."""

from __future__ import annotations

import base64
import json
import uuid

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from segue.engage.links import safe_next
from segue.kit.errors import Invalid, SegueError
from segue.trust import passkeys
from segue.trust.actions.second_factors import (
    add_passkey,
    add_totp,
    check_code,
    fresh_seed,
    make_recovery_codes,
    remove_factor,
)
from segue.trust.actions.sign_ins import end_sign_in, end_sign_ins
from segue.trust.models import Account
from segue.trust.queries.accounts import account_of
from segue.trust.queries.impersonation import looks_at
from segue.trust.queries.second_factors import codes_left, factor_for, factors_of, passkeys_of, roles_asked
from segue.trust.queries.sign_ins import sign_in_for, sign_ins_of
from segue.trust.totp import app_uri, seed_in_letters
from segue.web.actors import actor_of
from segue.web.desk.doors import any_colleague, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast
from segue.web.desk.views.sign_in import ASKED, check_passkey, ways_to_prove
from segue.web.signing_in import MUST_ADD, confirm_now, recently_confirmed, site_of

SEED = "totp_seed"  # in the session until the app has shown a code


@any_colleague
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Show a colleague how they sign in, and where they are signed in."""
    return _page(request, account_of(actor_of(request)))


def _page(request: HttpRequest, account: Account, codes: list[str] | None = None) -> HttpResponse:
    answer = desk_page(
        request,
        "security",
        "",
        account=account,
        factors=factors_of(account),
        codes=codes,
        codes_left=codes_left(account),
        devices=list(sign_ins_of(account)[:50]),
        this_session=request.session.session_key,
        must_add=bool(request.session.get(MUST_ADD)),
        asked_for=account.role in roles_asked(),
        looks=looks_at(account)[:20],
    )
    add_never_cache_headers(answer)
    return answer


@any_colleague
@recently_confirmed
@never_cache
def totp_new(request: HttpRequest) -> HttpResponse:
    """Show the code an authenticator app reads; it is kept once the app has shown a right code."""
    return _totp_page(request)


def _totp_page(request: HttpRequest, refused: SegueError | None = None) -> HttpResponse:
    account = account_of(actor_of(request))
    seed = _seed_of(request)
    uri = app_uri(seed, issuer=settings.EMPLOYER_NAME, account=account.email)
    letters = seed_in_letters(seed)
    answer = desk_page(
        request,
        "totp_new",
        "",
        status=refused.http_status if refused else 200,
        picture=segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff", dark="#000"),
        letters=" ".join(letters[at : at + 4] for at in range(0, len(letters), 4)),
        refused=refused,
        refused_words=in_words(refused) if refused else "",
    )
    add_never_cache_headers(answer)
    return answer


def _seed_of(request: HttpRequest) -> bytes:
    if SEED not in request.session:
        request.session[SEED] = base64.b64encode(fresh_seed()).decode("ascii")
    return base64.b64decode(request.session[SEED])


@any_colleague
@posts_only
@recently_confirmed
def totp_keep(request: HttpRequest) -> HttpResponse:
    """Keep the app, and show spare codes with the first second step."""
    actor = actor_of(request)
    account = account_of(actor)
    first = not factors_of(account)
    try:
        add_totp(
            account,
            name=request.POST.get("name", ""),
            secret_seed=_seed_of(request),
            secret_code=request.POST.get("code", ""),
            by=actor,
        )
    except SegueError as refused:
        return _totp_page(request, refused)
    request.session.pop(SEED, None)
    return _added(request, account, first)


def _added(request: HttpRequest, account: Account, first: bool) -> HttpResponse:
    confirm_now(request)
    if first:
        return _page(request, account, make_recovery_codes(account, by=actor_of(request)))
    leave_toast(request, Toast(_("Your second step is added.")))
    return SeeOther(reverse("desk:security"))


@any_colleague
@posts_only
@recently_confirmed
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """Say what the browser must make."""
    account = account_of(actor_of(request))
    options, state = passkeys.ask_to_make(account, passkeys_of(account), site_of(request))
    request.session[ASKED] = state
    return JsonResponse(options)


@any_colleague
@posts_only
@recently_confirmed
def passkey_keep(request: HttpRequest) -> HttpResponse:
    """Keep the passkey the browser made."""
    actor = actor_of(request)
    account = account_of(actor)
    first = not factors_of(account)
    try:
        said = json.loads(request.POST.get("answer", "")[:20_000] or "{}")
        made = passkeys.made(request.session.pop(ASKED, None), said, site_of(request))
        add_passkey(account, name=request.POST.get("name", ""), secret_made=made, by=actor)
    except ValueError:
        leave_toast(request, Toast(_("The browser's answer could not be read."), refused=True))
        return SeeOther(reverse("desk:security"))
    except SegueError as refused:
        leave_toast(request, Toast(in_words(refused), refused=True))
        return SeeOther(reverse("desk:security"))
    return _added(request, account, first)


@any_colleague
@posts_only
@recently_confirmed
def codes(request: HttpRequest) -> HttpResponse:
    """Make new spare codes and show them, this once."""
    account = account_of(actor_of(request))
    return _page(request, account, make_recovery_codes(account, by=actor_of(request)))


@any_colleague
@posts_only
@recently_confirmed
def factor_remove(request: HttpRequest, factor_id: uuid.UUID) -> HttpResponse:
    """Take a second step away."""

    def deed() -> Toast:
        factor = factor_for(actor_of(request), factor_id)
        remove_factor(factor, by=actor_of(request))
        return Toast(_("“%s” is removed.") % factor.name)

    return do_and_return(request, reverse("desk:security"), deed)


@any_colleague
@posts_only
def device_end(request: HttpRequest, sign_in_id: uuid.UUID) -> HttpResponse:
    """Sign one device out."""

    def deed() -> Toast:
        end_sign_in(sign_in_for(actor_of(request), sign_in_id), by=actor_of(request))
        return Toast(_("The device is signed out."))

    return do_and_return(request, reverse("desk:security"), deed)


@any_colleague
@posts_only
def devices_end(request: HttpRequest) -> HttpResponse:
    """Sign out every device but this one."""

    def deed() -> Toast:
        actor = actor_of(request)
        key = request.session.session_key or ""
        count = end_sign_ins(account_of(actor), secret_but=key, by=actor)
        return Toast(_("Signed out elsewhere: %d.") % count)

    return do_and_return(request, reverse("desk:security"), deed)


@any_colleague
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the second step once more before a deed that could do harm."""
    account = account_of(actor_of(request))
    refused: SegueError | None = None
    if request.method == "POST":
        try:
            if request.POST.get("answer"):
                check_passkey(request, account)
            else:
                check_code(account, request.POST.get("code", ""), by=actor_of(request))
            confirm_now(request)
            leave_toast(request, Toast(_("Thank you. Please do it once more now.")))
            return SeeOther(safe_next(request.POST.get("next", "")) or reverse("desk:home"))
        except Invalid as error:
            refused = error
    context = ways_to_prove(account) | {
        "title": _("Is it you?"),
        "why": _("What you are about to do could do harm, so we ask again."),
        "next": safe_next(request.POST.get("next") or request.GET.get("next") or ""),
        "passkey_url": reverse("desk:confirm"),
        "passkey_ask_url": reverse("desk:confirm_ask"),
        "refused": refused,
        "refused_words": in_words(refused) if refused else "",
    }
    return render(request, "desk/second_step.html", context, status=refused.http_status if refused else 200)


@any_colleague
@posts_only
def confirm_ask(request: HttpRequest) -> HttpResponse:
    """Say what the browser must sign to confirm."""
    account = account_of(actor_of(request))
    options, state = passkeys.ask_to_use(passkeys_of(account), site_of(request))
    request.session[ASKED] = state
    return JsonResponse(options)

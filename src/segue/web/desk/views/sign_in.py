"""How colleagues sign in: the company's sign-in, a passkey, a link, or an administrator's password."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from segue.engage.links import safe_next
from segue.kit.errors import Invalid, SegueError
from segue.kit.ratelimit import knock
from segue.trust import passkeys
from segue.trust.actions.second_factors import check_code, use_passkey
from segue.trust.actions.sign_ins import account_by_password
from segue.trust.models import Account
from segue.trust.providers import providers
from segue.trust.queries.access import actor_for
from segue.trust.queries.second_factors import codes_left, factors_of, passkey_by_credential, passkeys_of
from segue.trust.queries.sign_ins import by_provider_only
from segue.trust.sign_in_models import FactorKind
from segue.web.desk.doors import posts_only
from segue.web.desk.toast import in_words
from segue.web.signing_in import HALF, Half, complete, enter, half_signed_in, site_of

ASKED = "passkey_asked"  # in the session: what the browser was asked to sign
QUARTER_HOUR_S = 15 * 60


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Offer the ways in; who is in goes to the desk."""
    if request.user.is_authenticated:
        return redirect("desk:home")
    return _ways(request)


def _ways(request: HttpRequest, refused: SegueError | None = None) -> HttpResponse:
    try:
        company, company_is_faulty = providers(), False
    except Invalid:  # one wrong line in its file must not shut the other ways; Settings says which line
        company, company_is_faulty = (), True
    context = {
        "next": next_of(request),
        "providers": company,
        "company_is_faulty": company_is_faulty,
        "only_provider": by_provider_only(),
        "refused": refused,
        "refused_words": in_words(refused) if refused else "",
        "email": request.POST.get("email", ""),
    }
    return render(request, "desk/sign_in.html", context, status=refused.http_status if refused else 200)


def next_of(request: HttpRequest) -> str:
    """Return where to go afterwards, if it is one of our own pages."""
    return safe_next(request.POST.get("next") or request.GET.get("next") or "")


@posts_only
def password(request: HttpRequest) -> HttpResponse:
    """Let an administrator in by the password kept for the day nothing else opens."""
    ip = str(request.META.get("REMOTE_ADDR", ""))
    try:
        account = account_by_password(request.POST.get("email", ""), request.POST.get("password", ""), ip=ip)
    except Invalid as refused:
        return _ways(request, refused)
    return enter(request, account, how="password", next_path=next_of(request))


@posts_only
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """Say what the browser must sign: by any passkey for this site, or by one of who did the first step."""
    half = request.session.get(HALF)
    held = passkeys_of(half_signed_in(request).account) if half else None
    options, state = passkeys.ask_to_use(held, site_of(request))
    request.session[ASKED] = state
    return JsonResponse(options)


@posts_only
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: it holds a key, and asks for a finger, a face or a PIN."""
    try:
        account = check_passkey(request, None)
    except Invalid as refused:
        return _ways(request, refused)
    return complete(
        request, account, how="passkey", next_path=next_of(request), second=FactorKind.PASSKEY.value
    )


def check_passkey(request: HttpRequest, account: Account | None) -> Account:
    """Return whose passkey has just proved itself; `account`, where it must be theirs.

    What was asked is spent, whatever the answer. Raises Invalid, TooMany.
    """
    knock("passkey.ip", str(request.META.get("REMOTE_ADDR", "")), limit=30, per_s=QUARTER_HOUR_S)
    state = request.session.pop(ASKED, None)
    answer = _answer_in(request)
    factor = passkey_by_credential(passkeys.credential_named(answer)) if state else None
    if factor is None or (account is not None and factor.account_id != account.pk):
        raise Invalid(
            _("We do not know this passkey."), field="passkey", remedy=_("Sign in another way, and add it.")
        )
    counter = passkeys.used(state, answer, factor, site_of(request))
    use_passkey(factor, counter=counter, by=actor_for(factor.account))
    return factor.account


def _answer_in(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.POST.get("answer", "")[:20_000])
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


@never_cache
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask who has done the first step for their second, and let them in by it."""
    if HALF not in request.session:
        return redirect("desk:sign_in")
    half = half_signed_in(request)
    if request.method != "POST":
        return _second(request, half)
    try:
        how = check_code(half.account, request.POST.get("code", ""), by=actor_for(half.account))
    except Invalid as refused:
        return _second(request, half, refused)
    return complete(request, half.account, how=half.how, next_path=half.next_path, second=how)


@posts_only
def second_passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey for the second step."""
    if HALF not in request.session:
        return redirect("desk:sign_in")
    half = half_signed_in(request)
    try:
        check_passkey(request, half.account)
    except Invalid as refused:
        return _second(request, half, refused)
    return complete(
        request, half.account, how=half.how, next_path=half.next_path, second=FactorKind.PASSKEY.value
    )


def _second(request: HttpRequest, half: Half, refused: SegueError | None = None) -> HttpResponse:
    context = ways_to_prove(half.account) | {
        "title": _("Your second step"),
        "passkey_url": reverse("desk:second_passkey"),
        "passkey_ask_url": reverse("desk:sign_in_passkey_ask"),
        "refused": refused,
        "refused_words": in_words(refused) if refused else "",
    }
    return render(request, "desk/second_step.html", context, status=refused.http_status if refused else 200)


def ways_to_prove(account: Account) -> dict[str, Any]:
    """Return which second steps somebody can take, for the page that asks."""
    kinds = {factor.kind for factor in factors_of(account)}
    return {
        "has_app": FactorKind.TOTP in kinds,
        "has_passkey": FactorKind.PASSKEY in kinds,
        "codes_left": codes_left(account),
    }

"""What devices and ways to sign in are called."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.trust.sign_in_models import SignIn
from segue.web.role_words import role_words

register = template.Library()
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
WAYS = {
    "link": gettext_lazy("by a link"),
    "password": gettext_lazy("by password"),
    "passkey": gettext_lazy("by passkey"),
}
SECONDS = {
    "totp": gettext_lazy("with an app's code"),
    "passkey": gettext_lazy("with a passkey"),
    "code": gettext_lazy("with a recovery code"),
    "provider": gettext_lazy("with the company's second step"),
}


@register.filter
def device_words(agent: str) -> str:
    """Name a browser and a system as people know them; what browsers say of themselves is long."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Some device")


@register.filter
def way_words(sign_in: SignIn) -> str:
    """Say by which way somebody signed in."""
    how = WAYS.get(sign_in.how)
    first = str(how) if how else _("with %s") % sign_in.how.partition(":")[2]
    second = SECONDS.get(sign_in.second)
    return f"{first} {second}" if second and sign_in.how != "passkey" else first


register.filter("role_words", role_words)

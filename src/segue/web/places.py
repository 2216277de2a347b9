"""Country names in the reader's words; a code we have no name for is shown as it is."""

from __future__ import annotations

from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

COUNTRIES = {
    "AE": _("United Arab Emirates"), "AR": _("Argentina"), "AT": _("Austria"), "AU": _("Australia"),
    "BE": _("Belgium"), "BG": _("Bulgaria"), "BR": _("Brazil"), "CA": _("Canada"), "CH": _("Switzerland"),
    "CL": _("Chile"), "CN": _("China"), "CO": _("Colombia"), "CZ": _("Czechia"), "DE": _("Germany"),
    "DK": _("Denmark"), "EE": _("Estonia"), "EG": _("Egypt"), "ES": _("Spain"), "FI": _("Finland"),
    "FR": _("France"), "GB": _("United Kingdom"), "GR": _("Greece"), "HK": _("Hong Kong"), "HR": _("Croatia"),
    "HU": _("Hungary"), "ID": _("Indonesia"), "IE": _("Ireland"), "IL": _("Israel"), "IN": _("India"),
    "IT": _("Italy"), "JO": _("Jordan"), "JP": _("Japan"), "KE": _("Kenya"), "KR": _("South Korea"),
    "LB": _("Lebanon"), "LT": _("Lithuania"), "LU": _("Luxembourg"), "LV": _("Latvia"), "MA": _("Morocco"),
    "MX": _("Mexico"), "MY": _("Malaysia"), "NG": _("Nigeria"), "NL": _("Netherlands"), "NO": _("Norway"),
    "NZ": _("New Zealand"), "PE": _("Peru"), "PH": _("Philippines"), "PL": _("Poland"), "PT": _("Portugal"),
    "QA": _("Qatar"), "RO": _("Romania"), "RS": _("Serbia"), "SA": _("Saudi Arabia"), "SE": _("Sweden"),
    "SG": _("Singapore"), "SI": _("Slovenia"), "SK": _("Slovakia"), "TH": _("Thailand"), "TN": _("Tunisia"),
    "TR": _("Türkiye"), "TW": _("Taiwan"), "UA": _("Ukraine"), "US": _("United States"), "VN": _("Vietnam"),
    "ZA": _("South Africa"),
}  # fmt: skip


def country_name(code: str) -> str:
    """Return the country's name, or the code itself."""
    return str(COUNTRIES.get(code.upper(), code.upper()))


def language_name(code: str) -> str:
    """Return the language's name in the language of the page, or the code itself."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code

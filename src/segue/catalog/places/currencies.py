"""Currencies by their ISO 4217 code, and the signs that name one without doubt."""

from __future__ import annotations

_CODES = (
    "AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|"
    "CAD|CDF|CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|GHS|GIP|GMD|"
    "GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|"
    "LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|"
    "NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|"
    "STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VES|VND|VUV|WST|XAF|XCD|XOF|"
    "XPF|YER|ZAR|ZMW|ZWL"
)
CURRENCIES = frozenset(_CODES.split("|"))
# A bare $ is not here: a dozen currencies use it.
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "C$": "CAD", "A$": "AUD", "₹": "INR", "₩": "KRW", "₴": "UAH",
          "₪": "ILS", "₺": "TRY", "₦": "NGN", "₽": "RUB", "zł": "PLN", "R$": "BRL"}  # fmt: skip


def currency_code(text: str) -> str:
    """Return the ISO code of a currency written as a code or an unambiguous sign; "" where it is neither."""
    word = text.strip()
    return word.upper() if word.upper() in CURRENCIES else _SIGNS.get(word, "")

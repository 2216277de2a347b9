"""What a unit of each currency is worth in euros, roughly; a dial may bring better ones.

Used only to compare a pay range with a stated floor, so a per cent more or less changes nothing.
"""

from __future__ import annotations

from segue.trust.queries.dials import dial

DEFAULT_RATES = {
    "EUR": 1.0, "USD": 0.92, "GBP": 1.17, "CHF": 1.05, "SEK": 0.088, "NOK": 0.086, "DKK": 0.134,
    "PLN": 0.233, "CZK": 0.040, "HUF": 0.0025, "RON": 0.20, "BGN": 0.511, "UAH": 0.022, "TRY": 0.027,
    "ILS": 0.25, "AED": 0.25, "SAR": 0.245, "EGP": 0.019, "MAD": 0.092, "NGN": 0.0006, "KES": 0.0071,
    "ZAR": 0.050, "INR": 0.0109, "CNY": 0.127, "JPY": 0.0061, "KRW": 0.00067, "SGD": 0.69, "AUD": 0.60,
    "NZD": 0.55, "CAD": 0.67, "MXN": 0.050, "BRL": 0.17, "ARS": 0.00095, "CLP": 0.00098, "AMD": 0.0024,
    "RSD": 0.0085, "GEL": 0.34, "KZT": 0.0019,
}  # fmt: skip


def rates() -> dict[str, float]:
    """Return the rates in force."""
    turned = dial("pay.rates", {})
    return {**DEFAULT_RATES, **{code: float(rate) for code, rate in turned.items()}}

"""Jobs near a place, and jobs that pay enough: both measured, where a job says enough to be measured."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin

from segue.catalog.models import Job, PayPeriod, Remote
from segue.catalog.places import Coordinates, locate, read_place
from segue.catalog.queries.job_wanted import Wanted
from segue.engine.pay import PERIODS_PER_YEAR
from segue.engine.place import EARTH_RADIUS_KM

DISTANCES_KM = (10, 25, 50, 100, 200)
USUAL_KM = 50
_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180


def place_named(text: str, country: str = "") -> Coordinates | None:
    """Return where a town is: by the list of large cities, else by a job in a town of that name."""
    city, found_country = read_place(text.replace("\x00", ""))
    if not city:
        return None
    known = locate(city, country or found_country) or locate(city)
    if known is not None:
        return known
    rows = Job.objects.filter(city__iexact=city, lat__isnull=False, lon__isnull=False)
    lat, lon = rows.order_by("-posted_at").values_list("lat", "lon").first() or (None, None)
    return None if lat is None or lon is None else Coordinates(lat, lon, "")


def km_of(wanted: Wanted) -> int:
    """Return the distance asked, of those there are; the usual one for anything else."""
    return int(wanted.km) if wanted.km in {str(km) for km in DISTANCES_KM} else USUAL_KM


def near_enough(wanted: Wanted) -> Q:
    """Match jobs within the distance of the place; a place we do not know is looked for by its name."""
    if not wanted.near:
        return Q()
    at = place_named(wanted.near, wanted.country)
    anywhere = Q(remote=Remote.REMOTE) if wanted.remote_too == "1" else Q(pk__in=[])
    if at is None:
        return Q(city__icontains=wanted.near.partition(",")[0].replace("\x00", "").strip()) | anywhere
    return within(at, km_of(wanted)) | anywhere


def within(at: Coordinates, km: float) -> Q:
    """Match jobs within `km` of a point: a box that an index can use, then the circle itself.

    The distance is the great circle's, as in `engine.place`, by the spherical law of cosines; its error near
    zero is metres. The box is left open where it would wrap around a pole or the date line.
    """
    high = km / _KM_PER_DEGREE
    box = Q(lat__range=(at.lat - high, at.lat + high))
    narrow = math.cos(math.radians(min(89.9, abs(at.lat) + high)))
    wide = high / narrow
    if abs(at.lon) + wide < 180:
        box &= Q(lon__range=(at.lon - wide, at.lon + wide))
    here = math.radians(_plain(at.lat))
    lat, lon = Radians(_plain(F("lat"))), Radians(_plain(F("lon")) - Value(_plain(at.lon)))
    cosine = Value(math.sin(here)) * Sin(lat) + Value(math.cos(here)) * Cos(lat) * Cos(lon)
    bounded = Least(Value(1.0), Greatest(Value(-1.0), cosine, output_field=FloatField()))
    inside = Job.objects.alias(angle=ACos(bounded)).filter(box, angle__lte=km / EARTH_RADIUS_KM)
    return Q(pk__in=inside.order_by().values("pk"))


def _plain(degrees: Any) -> Any:
    """Round a coordinate to what a double holds beside 256: products too small for one are refused."""
    return degrees + 256.0 - 256.0


def paid_enough(wanted: Wanted) -> Q:
    """Match jobs whose pay reaches so much a year, in the currency asked; unstated pay does not count."""
    try:
        least = Decimal(wanted.pay.replace(" ", "").replace(",", ""))
    except InvalidOperation:
        return Q()
    if not least.is_finite() or not 0 < least < Decimal(10) ** 12:
        return Q()
    reach = []
    for period in PayPeriod.values:
        if period in PERIODS_PER_YEAR:
            enough = least / Decimal(PERIODS_PER_YEAR[period])
            top = Q(pay_max__gte=enough) | Q(pay_max__isnull=True, pay_min__gte=enough)
            reach.append(Q(pay_period=period) & top)
    currency = Q(pay_currency=wanted.currency.upper()[:3]) if wanted.currency else Q()
    return currency & reduce(or_, reach)

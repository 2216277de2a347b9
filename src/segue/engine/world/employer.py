"""The employer and its colleagues: an invented group with six brands, eleven departments and 27 sites."""

from __future__ import annotations

from segue.engine.world.dice import Dice, stream
from segue.engine.world.names import AddressBook, draw_name
from segue.engine.world.occupations import slug_of
from segue.engine.world.places import COUNTRY, SITES, USD_RATES, City
from segue.engine.world.records import Brand, Employer, Site, StaffMember, Term

DEPARTMENTS: tuple[Term, ...] = (
    Term("software", "Software and Data"),
    Term("product", "Product and Design"),
    Term("care", "Care and Clinics"),
    Term("learning", "Schools and Learning"),
    Term("kitchens", "Kitchens"),
    Term("logistics", "Logistics and Transport"),
    Term("works", "Building Services"),
    Term("production", "Engineering and Production"),
    Term("finance", "Finance and Legal"),
    Term("people", "People and Workplace"),
    Term("sales", "Sales and Customers"),
)
BRANDS: tuple[Brand, ...] = (
    Brand("lindenmoor", "Lindenmoor Group", ("finance", "people", "sales")),
    Brand("lindenmoor-digital", "Lindenmoor Digital", ("software", "product")),
    Brand("lindenmoor-care", "Lindenmoor Care", ("care", "learning")),
    Brand("lindenmoor-freight", "Lindenmoor Freight", ("logistics",)),
    Brand("lindenmoor-works", "Lindenmoor Works", ("works", "production")),
    Brand("lindenmoor-table", "Lindenmoor Table", ("kitchens",)),
)
BRAND_OF: dict[str, Brand] = {slug: brand for brand in BRANDS for slug in brand.departments}
RECRUITERS, MANAGERS_PER_DEPARTMENT, INTERVIEWERS = 7, 3, 12
_STANDING: tuple[tuple[str, str, str, str, str], ...] = (
    ("Rosa", "Rosa Recruiter", "recruiter", "Lead Recruiter", "people"),
    ("Max", "Max Manager", "hiring_manager", "Head of Data", "software"),
    ("Ines", "Ines Interviewer", "interviewer", "Staff Engineer", "software"),
    ("Theo", "Theo Analyst", "analyst", "People Analyst", "people"),
    ("Noor", "Noor Auditor", "auditor", "Privacy and Fairness Auditor", "people"),
    ("Alva", "Alva Admin", "admin", "Systems Administrator", "software"),
)


def site_of(city: City) -> Site:
    """The site of a city as the employer records it."""
    slug = slug_of(city.name)
    currency = COUNTRY[city.country].currency
    return Site(slug, city.name, city.country, city.lat, city.lon, city.time_zone, currency)


def found_employer() -> Employer:
    """The employer, the same in every world."""
    sites = tuple(site_of(city) for city in SITES)
    per_euro = tuple((code, round(rate / USD_RATES["EUR"], 4)) for code, rate in USD_RATES.items())
    return Employer("Lindenmoor Group", "lindenmoor", "EUR", BRANDS, DEPARTMENTS, sites, per_euro)


def hire_staff(seed: int) -> tuple[StaffMember, ...]:
    """Colleagues with accounts: the standing cast first, then recruiters, managers and interviewers."""
    dice, book = Dice(stream(seed, "staff")), AddressBook()
    staff = [
        StaffMember(f"staff-{n:04d}", full, given, f"{given.lower()}@example.com", role, title, dept)
        for n, (given, full, role, title, dept) in enumerate(_STANDING, 1)
    ]
    for role, title, department in _open_seats():
        place = dice.pick(SITES)
        name = draw_name(dice, dice.weighted(COUNTRY[place.country].cultures))
        address = book.draw(dice, f"{name.latin} team")
        number = f"staff-{len(staff) + 1:04d}"
        staff.append(
            StaffMember(number, name.latin, name.latin.split(" ")[0], address, role, title, department)
        )
    return tuple(staff)


def _open_seats() -> list[tuple[str, str, str]]:
    seats = [("recruiter", "Recruiter", "people")] * (RECRUITERS - 1)
    for term in DEPARTMENTS:
        title = f"Team Lead, {term.label}"
        seats += [("hiring_manager", title, term.slug)] * MANAGERS_PER_DEPARTMENT
    for number in range(INTERVIEWERS - 1):
        term = DEPARTMENTS[number % len(DEPARTMENTS)]
        seats.append(("interviewer", f"Senior colleague, {term.label}", term.slug))
    return seats

"""Where the large cities are: enough to measure a commute when a source names only the city.

City centres, degrees, two decimals (about a kilometre). A city that is not here has no coordinates
until somebody gives them; it is never guessed.
"""

from __future__ import annotations

from typing import NamedTuple

from segue.catalog.places.countries import country_code
from segue.engine.text import fold


class Coordinates(NamedTuple):
    """Degrees north and east, and the time zone there."""

    lat: float
    lon: float
    time_zone: str


# country | time zone | city lat lon; city lat lon; …  Without a country, the first city of a name wins.
_TABLE = """
US|America/New_York|New York 40.71 -74.01; Boston 42.36 -71.06; Philadelphia 39.95 -75.17; Washington 38.91 -77.04; Atlanta 33.75 -84.39; Miami 25.76 -80.19; Newark 40.74 -74.17; Detroit 42.33 -83.05; Pittsburgh 40.44 -80.00; Charlotte 35.23 -80.84; Baltimore 39.29 -76.61; Columbus 39.96 -83.00; Orlando 28.54 -81.38; Tampa 27.95 -82.46; Raleigh 35.78 -78.64; Brooklyn 40.65 -73.95; Queens 40.73 -73.79; Bronx 40.84 -73.87; Staten Island 40.58 -74.15; Manhattan 40.78 -73.97
US|America/Chicago|Chicago 41.88 -87.63; Houston 29.76 -95.37; Dallas 32.78 -96.80; Austin 30.27 -97.74; San Antonio 29.42 -98.49; Minneapolis 44.98 -93.27; New Orleans 29.95 -90.07; St. Louis 38.63 -90.20; Kansas City 39.10 -94.58; Nashville 36.16 -86.78; Tulsa 36.15 -95.99
US|America/Denver|Denver 39.74 -104.99; Salt Lake City 40.76 -111.89
US|America/Phoenix|Phoenix 33.45 -112.07
US|America/Los_Angeles|San Francisco 37.77 -122.42; Los Angeles 34.05 -118.24; San Diego 32.72 -117.16; Seattle 47.61 -122.33; Portland 45.52 -122.68; San Jose 37.34 -121.89; Oakland 37.80 -122.27; Sacramento 38.58 -121.49; Palo Alto 37.44 -122.14; Las Vegas 36.17 -115.14
CA|America/Toronto|Toronto 43.65 -79.38; Montreal 45.50 -73.57; Ottawa 45.42 -75.70; Mississauga 43.59 -79.64
CA|America/Vancouver|Vancouver 49.28 -123.12
CA|America/Edmonton|Calgary 51.05 -114.07; Edmonton 53.55 -113.49
MX|America/Mexico_City|Mexico City 19.43 -99.13; Guadalajara 20.67 -103.35; Monterrey 25.69 -100.32
BR|America/Sao_Paulo|São Paulo -23.55 -46.63; Rio de Janeiro -22.91 -43.17; Brasília -15.79 -47.88
AR|America/Argentina/Buenos_Aires|Buenos Aires -34.60 -58.38
CL|America/Santiago|Santiago -33.45 -70.67
CO|America/Bogota|Bogotá 4.71 -74.07; Medellín 6.24 -75.58
PE|America/Lima|Lima -12.05 -77.04
GB|Europe/London|London 51.51 -0.13; Manchester 53.48 -2.24; Birmingham 52.49 -1.89; Leeds 53.80 -1.55; Glasgow 55.86 -4.25; Edinburgh 55.95 -3.19; Bristol 51.45 -2.59; Liverpool 53.41 -2.98; Cardiff 51.48 -3.18; Belfast 54.60 -5.93; Cambridge 52.21 0.12; Oxford 51.75 -1.26; Reading 51.45 -0.98; Croydon 51.38 -0.10; Stockport 53.41 -2.16
IE|Europe/Dublin|Dublin 53.35 -6.26; Cork 51.90 -8.47
DE|Europe/Berlin|Berlin 52.52 13.41; Hamburg 53.55 9.99; Munich 48.14 11.58; München 48.14 11.58; Cologne 50.94 6.96; Köln 50.94 6.96; Frankfurt 50.11 8.68; Stuttgart 48.78 9.18; Düsseldorf 51.23 6.78; Leipzig 51.34 12.37; Dresden 51.05 13.74; Potsdam 52.39 13.06; Hanover 52.37 9.73; Hannover 52.37 9.73; Nuremberg 49.45 11.08; Lüneburg 53.25 10.41
FR|Europe/Paris|Paris 48.86 2.35; Lyon 45.76 4.84; Marseille 43.30 5.37; Toulouse 43.60 1.44; Lille 50.63 3.06; Bordeaux 44.84 -0.58; Nantes 47.22 -1.55; Strasbourg 48.57 7.75; Nice 43.70 7.27; Saint-Denis 48.94 2.36; Vienne 45.52 4.88
ES|Europe/Madrid|Madrid 40.42 -3.70; Barcelona 41.39 2.17; Valencia 39.47 -0.38; Seville 37.39 -5.98; Bilbao 43.26 -2.93; Málaga 36.72 -4.42; Alcalá de Henares 40.48 -3.36
PT|Europe/Lisbon|Lisbon 38.72 -9.14; Porto 41.15 -8.61
IT|Europe/Rome|Rome 41.90 12.50; Milan 45.46 9.19; Turin 45.07 7.69; Naples 40.85 14.27; Bologna 44.49 11.34
NL|Europe/Amsterdam|Amsterdam 52.37 4.90; Rotterdam 51.92 4.48; The Hague 52.07 4.30; Utrecht 52.09 5.12; Eindhoven 51.44 5.48
BE|Europe/Brussels|Brussels 50.85 4.35; Antwerp 51.22 4.40; Ghent 51.05 3.72
LU|Europe/Luxembourg|Luxembourg 49.61 6.13
CH|Europe/Zurich|Zürich 47.37 8.54; Geneva 46.20 6.14; Basel 47.56 7.59; Bern 46.95 7.45; Lausanne 46.52 6.63
AT|Europe/Vienna|Vienna 48.21 16.37; Graz 47.07 15.44
PL|Europe/Warsaw|Warsaw 52.23 21.01; Kraków 50.06 19.94; Wrocław 51.11 17.04; Gdańsk 54.35 18.65
CZ|Europe/Prague|Prague 50.08 14.44; Brno 49.20 16.61
SK|Europe/Bratislava|Bratislava 48.15 17.11
HU|Europe/Budapest|Budapest 47.50 19.04
RO|Europe/Bucharest|Bucharest 44.43 26.10; Cluj-Napoca 46.77 23.59
BG|Europe/Sofia|Sofia 42.70 23.32; Plovdiv 42.14 24.75; София 42.70 23.32
GR|Europe/Athens|Athens 37.98 23.73; Thessaloniki 40.64 22.94; Αθήνα 37.98 23.73
HR|Europe/Zagreb|Zagreb 45.82 15.98
RS|Europe/Belgrade|Belgrade 44.79 20.45
UA|Europe/Kyiv|Kyiv 50.45 30.52; Lviv 49.84 24.03; Kharkiv 49.99 36.23; Odesa 46.48 30.73; Київ 50.45 30.52
RU|Europe/Moscow|Moscow 55.76 37.62; Saint Petersburg 59.93 30.34; Klin 56.33 36.73
SE|Europe/Stockholm|Stockholm 59.33 18.07; Gothenburg 57.71 11.97; Malmö 55.60 13.00; Uppsala 59.86 17.64; Lund 55.70 13.19
NO|Europe/Oslo|Oslo 59.91 10.75; Bergen 60.39 5.32
DK|Europe/Copenhagen|Copenhagen 55.68 12.57; Aarhus 56.16 10.20
FI|Europe/Helsinki|Helsinki 60.17 24.94
EE|Europe/Tallinn|Tallinn 59.44 24.75
LV|Europe/Riga|Riga 56.95 24.11
LT|Europe/Vilnius|Vilnius 54.69 25.28
TR|Europe/Istanbul|Istanbul 41.01 28.98; Ankara 39.93 32.86
AM|Asia/Yerevan|Yerevan 40.18 44.51; Gyumri 40.79 43.85; Abovyan 40.27 44.63
GE|Asia/Tbilisi|Tbilisi 41.72 44.79
IL|Asia/Jerusalem|Tel Aviv 32.09 34.78; Jerusalem 31.77 35.21; Haifa 32.79 34.99
AE|Asia/Dubai|Dubai 25.20 55.27; Abu Dhabi 24.45 54.38; Sharjah 25.35 55.42
SA|Asia/Riyadh|Riyadh 24.71 46.68; Jeddah 21.49 39.19
QA|Asia/Qatar|Doha 25.29 51.53
EG|Africa/Cairo|Cairo 30.04 31.24; Alexandria 31.20 29.92
MA|Africa/Casablanca|Casablanca 33.57 -7.59; Rabat 34.02 -6.84
NG|Africa/Lagos|Lagos 6.52 3.38; Abuja 9.08 7.40; Ikorodu 6.62 3.51
GH|Africa/Accra|Accra 5.60 -0.19
KE|Africa/Nairobi|Nairobi -1.29 36.82
ZA|Africa/Johannesburg|Johannesburg -26.20 28.05; Cape Town -33.92 18.42; Durban -29.86 31.02
IN|Asia/Kolkata|Mumbai 19.08 72.88; Delhi 28.70 77.10; New Delhi 28.61 77.21; Bengaluru 12.97 77.59; Bangalore 12.97 77.59; Hyderabad 17.39 78.49; Chennai 13.08 80.27; Pune 18.52 73.86; Kolkata 22.57 88.36; Ahmedabad 23.02 72.57; Mysuru 12.30 76.64; Noida 28.54 77.39; Gurgaon 28.46 77.03; Nagpur 21.15 79.09
PK|Asia/Karachi|Karachi 24.86 67.01; Lahore 31.55 74.34
BD|Asia/Dhaka|Dhaka 23.81 90.41
LK|Asia/Colombo|Colombo 6.93 79.86
SG|Asia/Singapore|Singapore 1.35 103.82
MY|Asia/Kuala_Lumpur|Kuala Lumpur 3.14 101.69
ID|Asia/Jakarta|Jakarta -6.21 106.85
TH|Asia/Bangkok|Bangkok 13.76 100.50
VN|Asia/Ho_Chi_Minh|Ho Chi Minh City 10.82 106.63; Hanoi 21.03 105.85
PH|Asia/Manila|Manila 14.60 120.98; Cebu City 10.32 123.89
CN|Asia/Shanghai|Shanghai 31.23 121.47; Beijing 39.90 116.41; Shenzhen 22.54 114.06; Guangzhou 23.13 113.26; Suzhou 31.30 120.59; 上海 31.23 121.47; 北京 39.90 116.41
HK|Asia/Hong_Kong|Hong Kong 22.32 114.17
TW|Asia/Taipei|Taipei 25.03 121.57
JP|Asia/Tokyo|Tokyo 35.68 139.65; Osaka 34.69 135.50; Kyoto 35.01 135.77; Yokohama 35.44 139.64; Kawasaki 35.53 139.70; 東京 35.68 139.65; 大阪 34.69 135.50
KR|Asia/Seoul|Seoul 37.57 126.98; Busan 35.18 129.08; Incheon 37.46 126.71; 서울 37.57 126.98
AU|Australia/Sydney|Sydney -33.87 151.21; Melbourne -37.81 144.96; Canberra -35.28 149.13
AU|Australia/Brisbane|Brisbane -27.47 153.03
AU|Australia/Perth|Perth -31.95 115.86
NZ|Pacific/Auckland|Auckland -36.85 174.76; Wellington -41.29 174.78
"""  # noqa: E501 - one zone of a table on one line


def _read(table: str) -> dict[tuple[str, str], tuple[str, Coordinates]]:
    found: dict[tuple[str, str], tuple[str, Coordinates]] = {}
    for line in table.strip().splitlines():
        country, zone, cities = line.split("|")
        for city in cities.split("; "):
            name, lat, lon = city.rsplit(" ", 2)
            place = Coordinates(float(lat), float(lon), zone)
            found.setdefault((country, fold(name)), (country, place))
            found.setdefault(("", fold(name)), (country, place))
    return found


_CITIES = _read(_TABLE)


def locate(city: str, country: str = "") -> Coordinates | None:
    """Return where a city is; None for one we do not know in that country."""
    found = _CITIES.get((country, fold(city.strip())))
    return found[1] if found else None


def country_of_city(city: str) -> str | None:
    """Return the country of a city we know, of several the first in the table; else None."""
    found = _CITIES.get(("", fold(city.strip())))
    return found[0] if found else None


def read_place(text: str) -> tuple[str, str]:
    """Read "Yerevan, Armenia" or "Newark, NJ" as (city, country code); what is unclear stays "".

    The country is taken from the last part if that names one, else from a known city.
    """
    parts = [" ".join(part.split()) for part in text.split(",") if part.strip()]
    if not parts or len(parts) > 4:
        return "", ""
    if len(parts) == 1:
        country = country_code(parts[0]) if len(parts[0]) > 2 else ""
        city = _CITIES.get(("", fold(parts[0])))
        return ("", country) if country and not city else (parts[0], city[0] if city else "")
    return parts[0], _country_of(parts[0], parts[-1])


def _country_of(city: str, last: str) -> str:
    """ "Berlin, DE" is in Germany and "Dover, DE" in Delaware: a city we know decides."""
    country = country_code(last)
    if country and (not _is_us_state(last) or (country, fold(city)) in _CITIES):
        return country
    if _is_us_state(last):
        return "US"
    known = _CITIES.get(("", fold(city)))
    return known[0] if known else ""


_US_STATES = (
    "|AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND"
    "|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|"
)


def _is_us_state(part: str) -> bool:
    """Say whether "CA 94115" or "NJ" begins with a state."""
    return f"|{part[:2]}|" in _US_STATES and not part[2:3].isalpha()

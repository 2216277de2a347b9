"""Countries by their ISO 3166-1 code, and the names people write for them."""

from __future__ import annotations

from segue.engine.text import fold

_PACKED = (
    "AD Andorra|AE United Arab Emirates|AF Afghanistan|AG Antigua & Barbuda|AI Anguilla|AL Albania|"
    "AM Armenia|AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria|AU Australia|"
    "AW Aruba|AX Åland Islands|AZ Azerbaijan|BA Bosnia & Herzegovina|BB Barbados|BD Bangladesh|"
    "BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|BL St Barthelemy|"
    "BM Bermuda|BN Brunei|BO Bolivia|BQ Caribbean NL|BR Brazil|BS Bahamas|BT Bhutan|BV Bouvet Island|"
    "BW Botswana|BY Belarus|BZ Belize|CA Canada|CC Cocos (Keeling) Islands|"
    "CD Congo, Democratic Republic|CF Central African Rep.|CG Congo (Rep.)|CH Switzerland|"
    "CI Côte d'Ivoire|CK Cook Islands|CL Chile|CM Cameroon|CN China|CO Colombia|CR Costa Rica|CU Cuba|"
    "CV Cape Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czech Republic|DE Germany|DJ Djibouti|"
    "DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|"
    "EH Western Sahara|ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands|"
    "FM Micronesia|FO Faroe Islands|FR France|GA Gabon|GB United Kingdom|GD Grenada|GE Georgia|"
    "GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|GN Guinea|"
    "GP Guadeloupe|GQ Equatorial Guinea|GR Greece|GS South Georgia & the South Sandwich Islands|"
    "GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong|HM Heard Island & McDonald Islands|"
    "HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IM Isle of Man|"
    "IN India|IO British Indian Ocean Territory|IQ Iraq|IR Iran|IS Iceland|IT Italy|JE Jersey|"
    "JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros|"
    "KN St Kitts & Nevis|KP North Korea|KR South Korea|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|"
    "LA Laos|LB Lebanon|LC St Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|"
    "LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|"
    "MF St Martin (French)|MG Madagascar|MH Marshall Islands|MK North Macedonia|ML Mali|MM Myanmar|"
    "MN Mongolia|MO Macau|MP Northern Mariana Islands|MQ Martinique|MR Mauritania|MS Montserrat|"
    "MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|"
    "NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|"
    "NP Nepal|NR Nauru|NU Niue|NZ New Zealand|OM Oman|PA Panama|PE Peru|PF French Polynesia|"
    "PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|PM St Pierre & Miquelon|PN Pitcairn|"
    "PR Puerto Rico|PS Palestine|PT Portugal|PW Palau|PY Paraguay|QA Qatar|RE Réunion|RO Romania|"
    "RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan|"
    "SE Sweden|SG Singapore|SH St Helena|SI Slovenia|SJ Svalbard & Jan Mayen|SK Slovakia|"
    "SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS South Sudan|"
    "ST Sao Tome & Principe|SV El Salvador|SX St Maarten (Dutch)|SY Syria|SZ Eswatini (Swaziland)|"
    "TC Turks & Caicos Is|TD Chad|TF French S. Terr.|TG Togo|TH Thailand|TJ Tajikistan|TK Tokelau|"
    "TL East Timor|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey|TT Trinidad & Tobago|TV Tuvalu|"
    "TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|UM US minor outlying islands|US United States|"
    "UY Uruguay|UZ Uzbekistan|VA Vatican City|VC St Vincent|VE Venezuela|VG Virgin Islands (UK)|"
    "VI Virgin Islands (US)|VN Vietnam|VU Vanuatu|WF Wallis & Futuna|WS Samoa|YE Yemen|YT Mayotte|"
    "ZA South Africa|ZM Zambia|ZW Zimbabwe"
)
_OTHER_NAMES = (
    "US usa|US u.s.a.|US u.s.|US united states of america|GB uk|GB u.k.|GB great britain|"
    "GB england|GB scotland|GB wales|GB northern ireland|DE deutschland|"
    "FR république française|ES españa|IT italia|CH schweiz|CH suisse|AT österreich|"
    "NL the netherlands|NL holland|NL nederland|BE belgique|BE belgië|SE sverige|NO norge|DK danmark|"
    "FI suomi|"
    "PL polska|CZ czechia|CZ czech republic|GR hellas|GR ελλάδα|BG българия|UA україна|"
    "RU russian federation|TR turkey|TR türkiye|JP 日本|CN 中国|KR 대한민국|KR republic of korea|"
    "IN bharat|IL ישראל|EG مصر|AE uae|AE u.a.e.|BR brasil|MX méxico|CI ivory coast|"
    "CI côte d'ivoire|VN viet nam|IE éire"
)

COUNTRY_NAMES: dict[str, str] = {row[:2]: row[3:] for row in _PACKED.split("|")}
_BY_NAME = {fold(row[3:]): row[:2] for row in (_PACKED + "|" + _OTHER_NAMES).split("|")}


def country_code(text: str) -> str:
    """Return the ISO code of a country written as a code or a name; "" where it is neither."""
    word = text.strip()
    if len(word) == 2 and word.upper() in COUNTRY_NAMES:
        return word.upper()
    return _BY_NAME.get(fold(word), "")

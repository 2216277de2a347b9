"""The fields a file can fill, and the headers people give them."""

from __future__ import annotations

import re

# field: headers in the order of preference, lower case, words only
JOB_FIELDS: dict[str, str] = {
    "external_id": "referencenumber|job id|jobid|requisition id|requisition|req id|reference|job reference"
    "|posting id|external id|id|url",
    "title": "title|job title|tittle|business title|position|position title|job|name|role",
    "department": "department|agency|company|employer|organisation|organization|hiring organization|team"
    "|division",
    "occupation": "occupation|occupational category|civil service title|job family",
    "description": "description|text|job description|jobdescription|summary|responsibilities"
    "|job requirment|jobrequirment"
    "|job requirements|requirements|required qual|requiredqual|required qualifications"
    "|qualifications"
    "|minimum qual requirements|minimum qualifications|experience|preferred skills|preferred qualifications"
    "|job category|category|industry|duties|benefits|about",
    "city": "city|town|location city|municipality|locality",
    "country": "country|country code|location country code|location country|countrycode",
    "place": "place|location|job location|work place",
    "address": "address|street|street address|location address|work location",
    "lat": "lat|latitude",
    "lon": "lon|lng|long|longitude",
    "remote": "remotetype|remote|remote work|work mode|workplace type|telecommute",
    "pay_min": "salary min|min salary|pay min|minimum pay|salary from|salary range from|minimum salary"
    "|pay from",
    "pay_max": "salary max|max salary|pay max|maximum pay|salary to|salary range to|maximum salary|pay to",
    "pay_text": "salary|pay|compensation|wage|remuneration|salary range",
    "pay_currency": "currency|salary currency|pay currency",
    "pay_period": "period|pay period|salary period|salary frequency|pay frequency|frequency",
    "employment_type": "jobtype|employment type|type|job type|contract type|full time part time indicator"
    "|hours|schedule",
    "required_skills": "required skills|skills|must have|must have skills|key skills|technologies",
    "nice_skills": "nice skills|nice to have|nice to have skills|optional skills|preferred",
    "licences": "licences|licenses|licence|license|certifications|certificates",
    "permit_country": "work permit|permit|work permit country|work authorization",
    "openings": "openings|vacancies|positions|number of positions|of positions|headcount|total job openings",
    "posted_at": "posted|posted at|date posted|posting date|dateposted|date|published|publish date"
    "|start date|created",
    "valid_through": "expirationdate|expiration date|valid through|validthrough|closing date|deadline"
    "|apply by|post until|expires|end date|closes",
    "status": "status|state of job|job status",
}
PERSON_FIELDS: dict[str, str] = {
    "external_id": "candidate id|person id|applicant id|unique id|external id|resume id|id|ref",
    "name": "name|full name|candidate|candidate name|applicant|applicant name",
    "given_name": "given|given name|first name|firstname|forename",
    "family_name": "family|family name|last name|lastname|surname",
    "email": "email|e mail|email address|e mail address|mail",
    "phone": "phone|phone number|telephone|mobile|tel|cell",
    "headline": "headline|title|job title|current title|position|current position|role|category"
    "|profession|label",
    "city": "city|town|municipality",
    "country": "country|country code",
    "place": "place|location|address|residence",
    "skills": "skills|key skills|competencies|technologies",
    "licences": "licences|licenses|certifications|certificates",
    "permits": "work permits|permits|work permit|work authorization|right to work",
    "resume_text": "resume|resume text|cv|cv text|text|curriculum vitae|profile text",
    "summary": "summary|about|bio|profile|interests|positions of interest|notes",
    "employer": "employer|company|current employer|current company|organisation|organization",
    "remote": "remote|remote work|work mode",
    "locale": "locale|language|preferred language",
}
FIELDS = {"jobs": JOB_FIELDS, "people": PERSON_FIELDS}
MANY_HEADERS = frozenset({"description", "summary"})  # several columns may fill one of these
CONSTANTS = {
    "jobs": (
        "pay_currency",
        "pay_period",
        "country",
        "city",
        "department",
        "employment_type",
        "remote",
        "status",
    ),
    "people": ("country", "city", "locale"),
}


def plain_header(header: str) -> str:
    """Reduce a header to its words: "Salary_Range-From" and "salary range from" are the same.

    >>> plain_header("Full-Time/Part-Time indicator"), plain_header("jobTitle"), plain_header("Résumé")
    ('full time part time indicator', 'job title', 'resume')
    """
    from segue.engine.text import fold

    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", fold(spaced)))

# ruff: noqa: E501 - one sentence a line
"""Words for résumés: invented employers and schools, degrees, and sentences in four languages."""

ROOTS = (
    "Alderquay", "Brackenholt", "Cindermoor", "Dovermarsh", "Elmarsk", "Fenwyn", "Gullhavn", "Hartsmoor", "Ivelund",
    "Jarrowdene", "Kestrelby", "Larkholt", "Mirefold", "Nettlewyn", "Orrinvale", "Pellamoor", "Quillmarsh", "Rookhavn",
    "Selwyck", "Tarnwick", "Umberfell", "Velmorra", "Wrenfold", "Yarrowby", "Zephyrdene",
)  # fmt: skip
SUFFIXES: dict[str, tuple[str, ...]] = {
    "software": ("Labs", "Systems", "Software", "Data", "Online"),
    "product": ("Studio", "Digital", "Labs", "Software"),
    "care": ("Hospital", "Clinic", "Care Home", "Health", "Home Care"),
    "learning": ("School", "College", "Academy", "Learning Centre"),
    "kitchens": ("Canteen", "Bistro", "Catering", "Kitchen"),
    "logistics": ("Freight", "Parcels", "Logistics", "Haulage"),
    "works": ("Building Services", "Facilities", "Installations", "Workshops"),
    "production": ("Works", "Engineering", "Metalworks", "Machines"),
    "finance": ("Advisers", "Savings Bank", "Trading", "Holdings"),
    "people": ("Council", "Services", "Group", "Foundation"),
    "sales": ("Retail", "Trading", "Telecom", "Energy"),
}
DEGREES: dict[str, tuple[str, ...]] = {
    "software": (
        "BSc Computer Science",
        "BSc Mathematics",
        "MSc Informatics",
        "Software bootcamp certificate",
        "BEng Electronic Engineering",
    ),
    "product": ("BA Design", "BSc Psychology", "BA Economics", "MA Human-Computer Interaction"),
    "care": ("BSc Health Sciences", "Vocational diploma in health and care", "MSc Health Sciences"),
    "learning": ("BEd Education", "BA History", "BSc Physics", "MA Education"),
    "kitchens": ("Vocational diploma in cookery", "Secondary school certificate"),
    "logistics": (
        "Secondary school certificate",
        "Vocational diploma in logistics",
        "BA Supply Chain Management",
    ),
    "works": (
        "Apprenticeship certificate",
        "Secondary school certificate",
        "Vocational diploma in building services",
    ),
    "production": ("BEng Engineering", "Vocational diploma in metalwork", "MEng Engineering"),
    "finance": ("BA Economics", "BSc Accounting and Finance", "MA Law and Economics"),
    "people": ("BA Business Administration", "BA Sociology", "Vocational diploma in office work"),
    "sales": ("BA Communication", "BA Business Administration", "Secondary school certificate"),
}
SUMMARIES = (
    "{title} with {years} years in the work, most of it at {employer}.",
    "I have worked in this field for {years} years and still like Mondays.",
    "{years} years of experience, with a focus on {skill_a} and {skill_b}.",
    "I am {a_title} who enjoys {skill_a} and learns {skill_b} at the moment.",
    "Practical, careful and friendly. {years} years around {skill_a}.",
    "I like work where {skill_a} matters and colleagues help each other. {years} years of experience.",
    "{title}, based in {city}. Known for {skill_a}.",
)
BEGINNER_SUMMARIES = (
    "I am at the start of my working life and keen to practise {skill_a}.",
    "First steps in the field, with a good grounding in {skill_a} and {skill_b}.",
    "I recently finished my training and look for a team to learn from.",
)
WISHES: dict[str, tuple[str, ...]] = {
    "purpose": ("I want to see whom my work helps.", "Work should be of use to others."),
    "growth": ("I am looking for a place to grow.", "I would like to lead a small team one day."),
    "stability": (
        "Regular hours and a permanent contract matter to me.",
        "I look for an employer to stay with.",
    ),
    "flexibility": ("I need some flexibility for my family.", "I work best when I can plan my own hours."),
    "team": ("A good team matters more to me than a title.", "I do my best work with others."),
}
DUTY_LINKS = ("Also, I ", "Together with two colleagues, I ", "Among other things, I ", "Besides, I ")
RESULTS = (
    "Errors fell by {percent} per cent in the first year.",
    "The team grew from {few} to {many} people in that time.",
    "Trained {few} new colleagues.",
    "Worked in shifts, including weekends.",
    "Stood in for the team lead during holidays.",
    "Covered {few} sites.",
    "Saved about {percent} per cent of the yearly cost.",
    "Moved on because the site closed.",
    "Part time alongside family care.",
)
GAPS = ("Time for family", "Travel and language study", "Care for a relative")
SPARSE = (
    "CV to follow.",
    "Please see my portfolio.",
    "Available at once.",
    "Worked in several jobs. Can start next month.",
)

HEADINGS: dict[str, dict[str, str]] = {
    "en": {
        "summary": "Summary",
        "experience": "Experience",
        "education": "Education",
        "skills": "Skills",
        "licences": "Licences",
        "now": "present",
    },
    "de": {
        "summary": "Kurzprofil",
        "experience": "Berufserfahrung",
        "education": "Ausbildung",
        "skills": "Kenntnisse",
        "licences": "Scheine und Zulassungen",
        "now": "heute",
    },
    "fr": {
        "summary": "Profil",
        "experience": "Expérience professionnelle",
        "education": "Formation",
        "skills": "Compétences",
        "licences": "Habilitations",
        "now": "aujourd'hui",
    },
    "es": {
        "summary": "Perfil",
        "experience": "Experiencia",
        "education": "Formación",
        "skills": "Competencias",
        "licences": "Habilitaciones",
        "now": "actualidad",
    },
}
LANGUAGE_INDEX = {"de": 0, "fr": 1, "es": 2}
LOCAL_SUMMARIES: dict[str, tuple[str, ...]] = {
    "de": (
        "Seit {years} Jahren im Bereich {title} tätig, mit Schwerpunkt auf {skill_a}.",
        "Ich arbeite gern im Team und lerne schnell. {years} Jahre Erfahrung, vor allem mit {skill_a} und {skill_b}.",
        "Sorgfältig, ruhig und hilfsbereit. Fachgebiet: {title}.",
        "Ich suche eine Aufgabe mit festen Arbeitszeiten in der Nähe von {city}.",
    ),
    "fr": (
        "{years} ans d'expérience dans le domaine suivant : {title}. Je maîtrise {skill_a}.",
        "J'aime travailler en équipe et apprendre. Points forts : {skill_a}, {skill_b}.",
        "Je cherche un poste stable près de {city}.",
        "Domaine : {title}. J'aime le travail bien fait et les échanges simples.",
    ),
    "es": (
        "{years} años de experiencia en {title}, sobre todo en {skill_a}.",
        "Me gusta trabajar en equipo y aprender cosas nuevas. Puntos fuertes: {skill_a} y {skill_b}.",
        "Busco un puesto estable cerca de {city}.",
        "Área: {title}. Trabajo con cuidado, calma y buen humor.",
    ),
}
LOCAL_DUTIES: dict[str, tuple[str, ...]] = {
    "de": (
        "Verantwortlich für {skill_a} in einem Team von {many} Personen.",
        "Einarbeitung von {few} neuen Kolleginnen und Kollegen.",
        "Schwerpunkte: {skill_a}, {skill_b}.",
        "Verbesserung der Abläufe, {percent} Prozent weniger Fehler im ersten Jahr.",
        "Enge Zusammenarbeit mit {few} Standorten.",
        "Vertretung der Teamleitung im Urlaub.",
        "Weiterbildung in {skill_b}.",
    ),
    "fr": (
        "Responsable de {skill_a} dans une équipe de {many} personnes.",
        "Accueil et formation de {few} nouveaux collègues.",
        "Missions principales : {skill_a}, {skill_b}.",
        "Amélioration des méthodes, {percent} % d'erreurs en moins la première année.",
        "Travail avec {few} sites de la région.",
        "Remplacement de la direction d'équipe pendant les congés.",
        "Formation continue : {skill_b}.",
    ),
    "es": (
        "Responsable de {skill_a} en un equipo de {many} personas.",
        "Acogida y formación de {few} nuevas personas del equipo.",
        "Tareas principales: {skill_a}, {skill_b}.",
        "Mejora de los procesos, con un {percent} % menos de errores el primer año.",
        "Trabajo con {few} centros de la región.",
        "Sustitución de la jefatura de equipo en vacaciones.",
        "Formación continua en {skill_b}.",
    ),
}

# ruff: noqa: E501 - tables of names and sentences, one a line
"""Care, clinics, learning, laboratories and kitchens."""

from segue.engine.world.occupations import Occupation, occupation

CARE: tuple[Occupation, ...] = (
    occupation(
        "Registered nurse",
        "care",
        titles="Staff Nurse|Senior Staff Nurse|Ward Lead Nurse",
        local="Pflegefachkraft|Soins infirmiers|Enfermería",
        skills="Patient assessment, Medication administration, Care planning, Wound care, Infection control, Intensive care, Triage, Palliative care, Electronic health records, Mentoring, Phlebotomy",
        licences="nursing-registration",
        usd=68_000,
        popularity=1.0,
        duties="""
        assess/assessed patients at the start of each shift and keep/kept their care plan honest
        give/gave medication safely and explain/explained it in plain words
        dress/dressed wounds and teach/taught patients to do it at home
        welcome/welcomed families and tell/told them what comes next
        guide/guided students through their first placement
        hand/handed over so that the next shift starts calmly
        notice/noticed small changes early and speak/spoke up
        """,
        colour="""
        By day one nurse looks after five patients, and we publish the ratio every month.
        Rotas come out six weeks ahead; swaps need two taps and no favours.
        Night shifts are shared fairly, and nobody works more than three in a row.
        """,
    ),
    occupation(
        "Care assistant",
        "care",
        titles="Care Assistant|Senior Care Assistant|Care Team Lead",
        local="Pflegeassistenz|Aide à la personne|Asistencia de cuidados",
        skills="Personal care, Dementia care, Manual handling, Communication, Record keeping, First aid, Meal preparation, Safeguarding, Infection control, Empathy",
        usd=33_000,
        hourly=True,
        popularity=1.1,
        duties="""
        help/helped residents wash, dress and start the day at their own pace
        share/shared meals and notice/noticed who eats too little
        record/recorded each visit in the app before leaving
        go/went along to appointments, with time for a coffee after
        support/supported people with dementia using what they love
        tell/told the nurse when something changed
        """,
        colour="""
        Travel between visits is paid time, and so is the chat on the doorstep.
        We train you from the first day; kindness is the part we cannot teach.
        You look after the same seven to nine people, so you come to know them.
        """,
    ),
    occupation(
        "Physiotherapist",
        "care",
        titles="Physiotherapist|Senior Physiotherapist|Lead Physiotherapist",
        local="Physiotherapie|Kinésithérapie|Fisioterapia",
        skills="Musculoskeletal assessment, Exercise therapy, Rehabilitation, Manual therapy, Patient education, Neurological rehabilitation, Electronic health records, Group classes, Sports injuries, Goal setting",
        licences="physiotherapy-registration",
        usd=72_000,
        remote=0.05,
        popularity=0.6,
        duties="""
        assess/assessed new patients for a full 45 minutes
        plan/planned rehabilitation after hip and knee surgery
        lead/led small exercise groups that people come back to
        teach/taught warehouse colleagues to lift without pain
        track/tracked progress with simple measures patients understand
        work/worked with nurses and doctors in one weekly round
        """,
        colour="""
        Our practice rooms have daylight, two gyms and a pool shared with the town.
        You choose your own courses with a yearly learning budget.
        """,
    ),
    occupation(
        "Pharmacist",
        "care",
        titles="Pharmacist|Clinical Pharmacist|Pharmacy Manager",
        local="Pharmazie|Pharmacie|Farmacia",
        skills="Dispensing, Medication review, Patient counselling, Stock control, Pharmacovigilance, Clinical guidelines, Vaccination, Sterile preparation, Electronic health records, Team leadership",
        licences="pharmacy-registration",
        usd=98_000,
        remote=0.05,
        popularity=0.5,
        duties="""
        check/checked prescriptions and call/called the doctor when they puzzle you/me
        counsel/counselled patients in a quiet room, not over the counter
        review/reviewed the medicines of people who take eight or more
        manage/managed stock so that rare medicines arrive in a day
        vaccinate/vaccinated colleagues and neighbours each autumn
        train/trained technicians towards their certificate
        """,
        colour="""
        A robot picks the boxes, so you have time for the people.
        Our pharmacies close at eight, and on Sundays they stay closed.
        """,
    ),
    occupation(
        "Laboratory technician",
        "care",
        titles="Laboratory Assistant|Laboratory Technician|Senior Laboratory Technician",
        local="Laborassistenz|Technique de laboratoire|Técnica de laboratorio",
        skills="Sample preparation, Laboratory safety, Microscopy, Quality control, Record keeping, Haematology, Calibration, PCR, Good laboratory practice, Data entry",
        usd=52_000,
        popularity=0.7,
        duties="""
        prepare/prepared and run/ran up to 180 samples a day
        calibrate/calibrated instruments before anyone asks
        report/reported results that clinicians act upon within the hour
        document/documented each step so an auditor smiles
        investigate/investigated odd results instead of repeating them in hope
        introduce/introduced a new analyser to the team
        """,
        colour="""
        Results go out in under 50 minutes on average, and we celebrate when a morning goes quietly.
        The laboratory was rebuilt last year with quiet fans and adjustable benches.
        """,
    ),
    occupation(
        "Teacher",
        "learning",
        titles="Teaching Assistant|Teacher|Head of Subject",
        local="Unterricht und Pädagogik|Enseignement|Docencia",
        skills="Lesson planning, Classroom management, Assessment design, Special educational needs, Curriculum design, Communication, Safeguarding, Mathematics, Science, Mentoring",
        licences="teaching-qualification",
        usd=58_000,
        remote=0.05,
        popularity=0.8,
        duties="""
        plan/planned lessons that begin with a question
        teach/taught groups of eighteen at our staff and family schools
        adapt/adapted materials for learners who need another way in
        speak/spoke with parents before there is a problem
        mark/marked work with comments that help
        coach/coached colleagues in their first year
        """,
        colour="""
        Marking and planning have their own paid hours in the week.
        Our schools serve the families of night workers, so the day starts gently at nine.
        """,
    ),
    occupation(
        "Training specialist",
        "learning",
        titles="Training Coordinator|Training Specialist|Head of Training",
        local="Aus- und Weiterbildung|Formation professionnelle|Formación profesional",
        skills="Workshop facilitation, E-learning design, Curriculum design, Coaching, Public speaking, Needs analysis, Learning management systems, Writing, Video editing, Evaluation",
        usd=66_000,
        remote=0.5,
        popularity=0.9,
        duties="""
        find/found out what people need to learn by asking and watching
        build/built short courses that fit into a break
        lead/led first-day workshops for twelve to twenty people
        measure/measured whether training changed the work
        coach/coached team leads in giving feedback
        translate/translated lessons with local colleagues into five languages
        """,
        colour="""
        Everyone here has forty paid hours a year for learning, and our team makes them worth it.
        We film lessons on the shop floor with the people who know the work best.
        """,
    ),
    occupation(
        "Chef",
        "kitchens",
        titles="Commis Chef|Chef de Partie|Head Chef",
        local="Küche|Cuisine|Cocina",
        skills="Menu planning, Food safety, Batch cooking, Kitchen management, Stock control, Vegetarian cooking, Baking, Allergen management, Cost control, Team leadership",
        licences="food-hygiene",
        usd=46_000,
        hourly=True,
        popularity=0.9,
        duties="""
        cook/cooked fresh lunches for 300 to 600 guests
        plan/planned menus four weeks ahead with the dietitian
        buy/bought from growers within a two-hour drive
        teach/taught apprentices the five sauces and the one rule: taste
        cut/cut food waste by weighing it each evening
        keep/kept allergens labelled and apart
        """,
        colour="""
        We cook in daytime: most shifts end at four, and evenings are yours.
        Two thirds of our menu is vegetarian, because our guests asked for it.
        """,
    ),
    occupation(
        "Kitchen assistant",
        "kitchens",
        titles="Kitchen Assistant|Senior Kitchen Assistant|Kitchen Supervisor",
        local="Küchenhilfe|Aide de cuisine|Ayudante de cocina",
        skills="Food safety, Dishwashing, Food preparation, Cleaning, Teamwork, Stock rotation, Customer service, Allergen management, Cash handling, Manual handling",
        usd=28_000,
        hourly=True,
        popularity=1.1,
        duties="""
        prepare/prepared vegetables, salads and breakfast trays
        serve/served lunch with a kind word
        keep/kept the kitchen clean, dry and safe
        rotate/rotated stock so that nothing is thrown away
        help/helped at the till on busy days
        set/set up for events twice a month
        """,
        colour="""
        Lunch is on us, every shift, at a table, sitting down.
        You do not need experience; we do need you on time, and we pay for the early bus.
        """,
    ),
)

# ruff: noqa: E501 - tables of names and sentences, one a line
"""Software, data, product and design."""

from segue.engine.world.occupations import Occupation, occupation

TECH: tuple[Occupation, ...] = (
    occupation(
        "Backend engineer",
        "software",
        titles="Junior Backend Engineer|Backend Engineer|Senior Backend Engineer",
        local="Backend-Entwicklung|Développement back-end|Desarrollo backend",
        skills="Python, SQL, REST APIs, PostgreSQL, Git, Django, Docker, Kubernetes, Java, Go, Message queues, Code review, System design",
        usd=112_000,
        remote=0.9,
        popularity=1.7,
        duties="""
        design/designed the interfaces that our apps and our partners call
        move/moved booking data out of a twelve-year-old database without a night of downtime
        write/wrote services that stay simple enough to read in one sitting
        review/reviewed code kindly and quickly, usually the same day
        take/took part in a calm on-call rota, one week in seven
        measure/measured slow queries and make/made them fast
        pair/paired with newer colleagues on their first production release
        """,
        colour="""
        Most of our code is Python and PostgreSQL, and we prefer boring tools that we understand.
        We deploy about thirty times a week and roll back in under two minutes when we are wrong.
        Every second Friday belongs to repairs that nobody asked for and everybody wants.
        """,
    ),
    occupation(
        "Frontend engineer",
        "software",
        titles="Junior Frontend Engineer|Frontend Engineer|Senior Frontend Engineer",
        local="Frontend-Entwicklung|Développement front-end|Desarrollo frontend",
        skills="JavaScript, TypeScript, HTML, CSS, React, Web accessibility, Git, Testing, GraphQL, Design systems, Web performance, Node.js",
        usd=105_000,
        remote=0.9,
        popularity=1.5,
        duties="""
        build/built the screens that carers, drivers and cooks use on a phone in a hurry
        look/looked after our component library with the designers
        test/tested every page with a keyboard and a screen reader
        bring/brought the first page load under two seconds on a slow connection
        sit/sat beside users twice a month and fix/fixed what made them sigh
        remove/removed scripts we no longer needed
        """,
        colour="""
        Half of our users open the app outdoors with gloves on, so big targets and short text win.
        Accessibility is part of our definition of done, not a project for next year.
        Our design system has forty components, and we would rather have thirty.
        """,
    ),
    occupation(
        "Data engineer",
        "software",
        titles="Junior Data Engineer|Data Engineer|Senior Data Engineer",
        local="Data Engineering|Ingénierie des données|Ingeniería de datos",
        skills="Python, SQL, Data modelling, ETL, Apache Spark, Airflow, Kafka, dbt, PostgreSQL, Docker, Cloud computing, Data quality",
        usd=118_000,
        remote=0.85,
        popularity=1.2,
        duties="""
        build/built pipelines that turn route, ward and kitchen records into tables people trust
        write/wrote tests for data the way others write tests for code
        keep/kept the nightly load under forty minutes
        agree/agreed definitions with finance, so that one number has one meaning
        trace/traced errors back to their source and fix/fixed them there
        retire/retired reports that nobody opens
        """,
        colour="""
        Our warehouse has about 900 tables, a third of which we hope to delete with you.
        When a number on a dashboard is wrong, we write down why, in public.
        Personal data leaves our pipelines at the first stage, unless there is a purpose for it.
        """,
    ),
    occupation(
        "Data scientist",
        "software",
        titles="Junior Data Scientist|Data Scientist|Lead Data Scientist",
        local="Data Science|Science des données|Ciencia de datos",
        skills="Python, Statistics, Machine learning, SQL, Experiment design, Data visualisation, Forecasting, R, Causal inference, Natural language processing, Communication",
        usd=120_000,
        remote=0.8,
        popularity=1.5,
        duties="""
        forecast/forecast parcel volumes by depot so that shifts can be planned four weeks ahead
        design/designed experiments that are large enough to answer the question
        explain/explained uncertainty to people who need a decision by noon
        build/built models that are simple, calibrated and checked for fairness
        publish/published negative results inside the company
        mentor/mentored analysts across three countries
        """,
        colour="""
        We ship few models, and each has an owner, a card and an off switch.
        Your first project is already scoped: demand for home-care visits by postcode and hour.
        Analysts and scientists share one reading group on Thursdays, with cake.
        """,
    ),
    occupation(
        "Site reliability engineer",
        "software",
        titles="Systems Engineer|Site Reliability Engineer|Senior Site Reliability Engineer",
        local="Systembetrieb und SRE|Ingénierie de fiabilité|Ingeniería de fiabilidad",
        skills="Linux, Kubernetes, Terraform, Monitoring, CI/CD, Networking, Python, Incident response, Cloud computing, Docker, Prometheus, Capacity planning",
        usd=125_000,
        remote=0.85,
        popularity=0.9,
        duties="""
        keep/kept the platform of 140 services up and boring
        automate/automated the tasks that wake people at night
        run/ran incident reviews without blame and with follow-up
        plan/planned capacity before each holiday season
        write/wrote the runbook everyone wants at three in the morning
        cut/cut our cloud bill by a fifth without slowing anyone down
        """,
        colour="""
        Last year we had nine pages outside office hours; this year we aim for fewer.
        On-call is paid, and the morning after a night page is free.
        We practise failure on the first Tuesday of each month, with warning and with biscuits.
        """,
    ),
    occupation(
        "Security analyst",
        "software",
        titles="Junior Security Analyst|Security Analyst|Lead Security Analyst",
        local="IT-Sicherheit|Sécurité informatique|Ciberseguridad",
        skills="Threat modelling, Incident response, Networking, Vulnerability management, Risk assessment, Linux, Identity management, Penetration testing, Cryptography, Security awareness training",
        usd=108_000,
        remote=0.6,
        popularity=0.8,
        duties="""
        watch/watched over 6,000 devices in depots, clinics and kitchens
        model/modelled threats with product teams before the code exists
        answer/answered reports from staff within the hour and thank/thanked them for it
        test/tested our backups by restoring them
        lead/led the yearly phishing exercise, in which nobody is shamed
        close/closed the findings of outside testers
        """,
        colour="""
        We believe that people are the strongest part of our security when we make the safe way the easy way.
        Our clinics keep health records, so your work protects patients as much as servers.
        """,
    ),
    occupation(
        "IT support specialist",
        "software",
        titles="IT Support Assistant|IT Support Specialist|IT Support Lead",
        local="IT-Support|Support informatique|Soporte informático",
        skills="Troubleshooting, Windows administration, Customer service, Ticketing systems, Networking, Active Directory, Mobile device management, Documentation, macOS administration, Onboarding",
        usd=56_000,
        remote=0.3,
        popularity=1.4,
        duties="""
        solve/solved around twenty tickets a day, from lost passwords to dead scanners
        set/set up laptops so that new colleagues can work on their first morning
        write/wrote short guides that save the next person a call
        visit/visited depots and clinics to see what really goes wrong
        look/looked after phones, printers and meeting rooms on three floors
        spot/spotted patterns in tickets and remove/removed their cause
        """,
        colour="""
        Colleagues rate our help desk after every ticket; the last twelve months average 4.7 of 5.
        Many of our engineers began at this desk, and we keep that door open.
        """,
    ),
    occupation(
        "Product manager",
        "product",
        titles="Associate Product Manager|Product Manager|Senior Product Manager",
        local="Produktmanagement|Gestion de produit|Gestión de producto",
        skills="Product strategy, User research, Roadmapping, Stakeholder management, Data analysis, Prioritisation, Agile methods, Writing, SQL, Pricing, Experiment design",
        usd=122_000,
        remote=0.7,
        popularity=1.5,
        duties="""
        own/owned one product from first question to retired feature
        talk/talked with at least four users a week
        write/wrote one-page proposals that engineers enjoy/enjoyed arguing with
        say/said no with reasons and thanks
        agree/agreed goals with depots and clinics that people there believe in
        measure/measured whether a release changed anything
        """,
        colour="""
        Our products are used by people who would rather be with a patient, a guest or a parcel, so less is more.
        You will spend two days a quarter working a shift with the people you build for.
        """,
    ),
    occupation(
        "UX designer",
        "product",
        titles="Junior UX Designer|UX Designer|Senior UX Designer",
        local="UX-Design|Design UX|Diseño UX",
        skills="Interaction design, User research, Prototyping, Figma, Web accessibility, Usability testing, Visual design, Information architecture, Design systems, Workshop facilitation, Writing",
        usd=98_000,
        remote=0.7,
        popularity=1.4,
        duties="""
        sketch/sketched early, in pencil, and throw/threw most of it away
        test/tested prototypes with five people every other Wednesday
        draw/drew flows for handovers between shifts
        rewrite/rewrote labels until a tired person understands them
        care/cared for the parts of the design system most used
        run/ran workshops in which quiet people are heard
        """,
        colour="""
        We design in four scripts and two reading directions, which keeps us humble.
        Research notes are open to everyone in the company, and people read them.
        """,
    ),
)

# ruff: noqa: E501 - tables of names and sentences, one a line
"""Finance, legal, people, sales and customers; and the whole list in one order."""

from segue.engine.world.occupations import Occupation, occupation, slug_of
from segue.engine.world.occupations_care import CARE
from segue.engine.world.occupations_tech import TECH
from segue.engine.world.occupations_trade import TRADE

OFFICE: tuple[Occupation, ...] = (
    occupation(
        "Accountant",
        "finance",
        titles="Accounts Assistant|Accountant|Senior Accountant",
        local="Buchhaltung|Comptabilité|Contabilidad",
        skills="Bookkeeping, Financial reporting, Spreadsheets, Month-end close, Tax returns, Accounts payable, SAP, Auditing, IFRS, Payroll, Attention to detail",
        usd=68_000,
        remote=0.5,
        popularity=1.1,
        duties="""
        close/closed the month in four working days
        reconcile/reconciled accounts across three currencies
        prepare/prepared tax returns for two countries
        answer/answered the auditors with papers ready to hand
        improve/improved invoice approval so suppliers are paid on time
        explain/explained budgets to managers without jargon
        """,
        colour="""
        Nobody stays late at month end; we planned it so, and measured it.
        We pay small suppliers within ten days, and you will help us keep that promise.
        """,
    ),
    occupation(
        "Financial analyst",
        "finance",
        titles="Junior Financial Analyst|Financial Analyst|Finance Manager",
        local="Controlling und Finanzanalyse|Analyse financière|Análisis financiero",
        skills="Financial modelling, Spreadsheets, Forecasting, Budgeting, SQL, Data visualisation, Presentation, Cost control, Business cases, Stakeholder management",
        usd=84_000,
        remote=0.5,
        popularity=1.1,
        duties="""
        build/built forecasts that say how sure they are
        test/tested business cases by trying to break them
        write/wrote the monthly letter that managers really read
        compare/compared depots fairly by their circumstances
        support/supported wage talks with facts for both sides
        simplify/simplified a planning model of sixty tabs to nine
        """,
        colour="""
        The board reads your numbers unsmoothed.
        We budget twice a year, in two weeks, and then get on with the work.
        """,
    ),
    occupation(
        "Legal counsel",
        "finance",
        titles="Junior Legal Counsel|Legal Counsel|Senior Legal Counsel",
        local="Rechtsberatung|Conseil juridique|Asesoría jurídica",
        skills="Contract drafting, Employment law, Data protection law, Negotiation, Legal research, Risk assessment, Compliance, Writing, Stakeholder management, Company law",
        licences="practising-lawyer",
        usd=118_000,
        remote=0.4,
        popularity=0.6,
        duties="""
        draft/drafted contracts on two pages wherever two pages do
        advise/advised colleagues before they sign rather than after
        negotiate/negotiated with customers and keep/kept the relationship
        guard/guarded the data of patients, guests and applicants
        train/trained managers in employment law with real cases
        settle/settled disputes early and fairly
        """,
        colour="""
        Plain language is our house style, and it has saved us two lawsuits.
        Our team of eleven lawyers works in nine countries and shares one library.
        """,
    ),
    occupation(
        "Procurement specialist",
        "finance",
        titles="Purchasing Assistant|Procurement Specialist|Procurement Manager",
        local="Einkauf|Achats|Compras",
        skills="Negotiation, Supplier management, Contract management, Spreadsheets, Cost analysis, Tendering, Sustainability, SAP, Category management, Communication",
        usd=70_000,
        remote=0.4,
        popularity=0.8,
        duties="""
        buy/bought from gloves to lorries, with total cost in mind
        visit/visited suppliers and see/saw how people work there
        negotiate/negotiated yearly frames that hold when prices jump
        run/ran tenders that small firms can win
        measure/measured delivery and quality with the users
        find/found second sources for everything that matters
        """,
        colour="""
        Working conditions at suppliers count for a quarter of every award.
        You own your category end to end, including its mistakes, and we help.
        """,
    ),
    occupation(
        "People partner",
        "people",
        titles="People Administrator|People Partner|Head of People",
        local="Personalwesen|Ressources humaines|Recursos humanos",
        skills="Employment law, Coaching, Conflict resolution, Onboarding, Workforce planning, Communication, Policy writing, Data analysis, Facilitation, Performance reviews",
        usd=76_000,
        remote=0.4,
        popularity=1.1,
        duties="""
        advise/advised sixty team leads on hiring, growth and hard talks
        welcome/welcomed newcomers and ask/asked after thirty days how it is going
        mediate/mediated before positions harden
        plan/planned next year's teams with finance
        write/wrote policies that fit on one page
        watch/watched pay for unfair gaps and close/closed them
        """,
        colour="""
        Our pay bands are open to everyone inside, and printed in every advert.
        People partners work on site three days a week, since that is where the people are.
        """,
    ),
    occupation(
        "Office administrator",
        "people",
        titles="Office Assistant|Office Administrator|Office Manager",
        local="Büroorganisation|Assistanat administratif|Administración de oficina",
        skills="Scheduling, Office software, Record keeping, Communication, Travel booking, Customer service, Event organisation, Bookkeeping, Attention to detail, Supplier communication",
        usd=44_000,
        remote=0.2,
        popularity=1.4,
        duties="""
        keep/kept an office of ninety people running and friendly
        plan/planned visits, travel and the odd summer party
        greet/greeted guests, patients' families and lost couriers
        order/ordered supplies and pay/paid small bills
        maintain/maintained records so that they can be found
        support/supported three managers without becoming their memory
        """,
        colour="""
        The front desk is staffed by two people, so lunch is really lunch.
        The garden terrace is your responsibility too, if you like tomatoes.
        """,
    ),
    occupation(
        "Project manager",
        "people",
        titles="Project Coordinator|Project Manager|Programme Manager",
        local="Projektleitung|Gestion de projet|Gestión de proyectos",
        skills="Project planning, Risk management, Stakeholder management, Budgeting, Agile methods, Communication, Change management, Reporting, Facilitation, Negotiation",
        usd=94_000,
        remote=0.5,
        popularity=1.3,
        duties="""
        lead/led openings of new sites from lease to first day
        hold/held a plan that is short, true and current
        name/named risks while they are still small
        bring/brought builders, nurses and engineers to one table
        close/closed projects with a review that changes the next one
        report/reported in traffic lights that are allowed to be red
        """,
        colour="""
        You will run two projects at a time, not seven.
        Last year five of six projects finished within their range, and we wrote about the sixth.
        """,
    ),
    occupation(
        "Account executive",
        "sales",
        titles="Sales Development Representative|Account Executive|Senior Account Executive",
        local="Vertrieb|Commerce et vente|Ventas",
        skills="Negotiation, CRM software, Prospecting, Presentation, Relationship building, Contract negotiation, Forecasting, Listening, Market research, Public tenders",
        usd=82_000,
        remote=0.5,
        popularity=1.2,
        duties="""
        find/found clinics, shops and towns that we can truly help
        listen/listened first and propose/proposed second
        write/wrote offers that leave nothing in small print
        hand/handed over to operations with care
        grow/grew accounts by keeping promises
        forecast/forecast honestly, including the bad months
        """,
        colour="""
        A larger fixed salary and a smaller bonus keep our advice honest.
        Customers stay for nine years on average, so you will know them well.
        """,
    ),
    occupation(
        "Customer support agent",
        "sales",
        titles="Customer Support Agent|Senior Customer Support Agent|Customer Support Team Lead",
        local="Kundenservice|Service client|Atención al cliente",
        skills="Customer service, Communication, Ticketing systems, Problem solving, Writing, Conflict resolution, Typing, CRM software, Time management, Empathy",
        usd=42_000,
        hourly=True,
        remote=0.7,
        popularity=1.6,
        duties="""
        answer/answered calls, mails and chats in the customer's own language
        solve/solved three of four questions at first contact
        follow/followed up until the parcel or the visit arrived
        write/wrote help pages from questions asked twice
        tell/told product teams what hurts
        calm/calmed upset callers by listening to the end
        """,
        colour="""
        There is no script and no call timer on your screen.
        Shifts are fixed for eight weeks, so you can plan your life.
        """,
    ),
    occupation(
        "Marketing specialist",
        "sales",
        titles="Marketing Assistant|Marketing Specialist|Marketing Manager",
        local="Marketing|Marketing et communication|Marketing y comunicación",
        skills="Content writing, Social media, Campaign planning, Search engine optimisation, Data analysis, Graphic design, Email marketing, Event organisation, Photography, Market research",
        usd=70_000,
        remote=0.6,
        popularity=1.5,
        duties="""
        tell/told stories of real colleagues with their consent
        plan/planned campaigns for places rather than personas
        write/wrote texts short enough to finish
        measure/measured what a campaign changed, with a hold-out
        photograph/photographed workdays as they are
        organise/organised open days in depots and clinics
        """,
        colour="""
        We never use stock photos; the people you see are the people you meet.
        The team of nine sits in four cities and meets every quarter.
        """,
    ),
)

OCCUPATIONS: tuple[Occupation, ...] = TECH + CARE + TRADE + OFFICE
OCCUPATION_INDEX: dict[str, int] = {row.slug: index for index, row in enumerate(OCCUPATIONS)}
SKILL_LABELS: dict[str, str] = {slug_of(label): label for row in OCCUPATIONS for label in row.skills}
SKILL_INDEX: dict[str, int] = {slug: index for index, slug in enumerate(SKILL_LABELS)}
ENGINEERING: frozenset[str] = frozenset(row.slug for row in TECH[:5])

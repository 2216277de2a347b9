# ruff: noqa: E501 - tables of names and sentences, one a line
"""Logistics, building services and production."""

from segue.engine.world.occupations import Occupation, occupation

TRADE: tuple[Occupation, ...] = (
    occupation(
        "Warehouse operative",
        "logistics",
        titles="Warehouse Assistant|Warehouse Operative|Warehouse Shift Lead",
        local="Lager und Kommissionierung|Préparation de commandes|Operaciones de almacén",
        skills="Order picking, Forklift licence, Manual handling, Stock control, Inventory systems, Packing, Health and safety, Teamwork, Barcode scanning, Loading",
        licences="forklift",
        usd=37_000,
        hourly=True,
        popularity=1.3,
        duties="""
        pick/picked and pack/packed around 90 orders an hour with a scanner that talks
        drive/drove a reach truck in aisles with wide, marked lanes
        count/counted stock and settle/settled the differences the same day
        load/loaded trailers so that they unload in the right order
        show/showed new colleagues how to work without hurry and without harm
        report/reported near misses, which we thank people for
        """,
        colour="""
        There are no individual pick-rate rankings here; teams set their own goals.
        The hall is heated to 17 degrees, and the coffee is free and good.
        We pay for your forklift licence and its renewals.
        """,
    ),
    occupation(
        "Truck driver",
        "logistics",
        titles="Delivery Driver|Truck Driver|Lead Driver",
        local="Berufskraftfahrt|Conduite poids lourd|Conducción de camiones",
        skills="Route knowledge, Safe driving, Vehicle checks, Load securing, Tachograph use, Customer service, Navigation, Delivery paperwork, Time management, Manual handling",
        licences="driving-c1",
        usd=48_000,
        hourly=True,
        popularity=0.9,
        duties="""
        drive/drove regional routes that bring you/me home every evening
        check/checked the vehicle before each start and write/wrote down all there was to see
        secure/secured mixed loads from pallets to hospital beds
        deliver/delivered to shops, wards and building sites
        plan/planned each day with dispatch, who used to drive as well
        keep/kept driving and rest times to the minute
        """,
        colour="""
        Each driver has their own lorry, and nobody else moves your seat.
        A third of the fleet is electric, with fast chargers at every depot.
        Waiting time is paid like driving time.
        """,
    ),
    occupation(
        "Logistics coordinator",
        "logistics",
        titles="Logistics Assistant|Logistics Coordinator|Logistics Manager",
        local="Logistikkoordination|Coordination logistique|Coordinación logística",
        skills="Route planning, Inventory systems, Customs documentation, Spreadsheets, Supplier communication, Problem solving, Transport management systems, Negotiation, Data analysis, Time management",
        usd=60_000,
        remote=0.35,
        popularity=1.0,
        duties="""
        plan/planned 60 routes a day across two borders
        call/called customers before a delay becomes a complaint
        prepare/prepared customs papers that pass the first time
        agree/agreed rates with carriers and keep/kept them honest
        balance/balanced loads between three depots
        improve/improved the morning meeting until it takes ten minutes
        """,
        colour="""
        Dispatch sits by the window to the yard, so drivers and planners know each other's faces.
        You will not be alone on a shift: two people plan, always.
        """,
    ),
    occupation(
        "Electrician",
        "works",
        titles="Electrician's Mate|Electrician|Lead Electrician",
        local="Elektroinstallation|Électricité du bâtiment|Electricidad",
        skills="Electrical installation, Fault finding, Wiring regulations, Testing and inspection, Health and safety, Solar installation, Technical drawings, Control panels, Heat pumps, Customer service",
        licences="electrician, driving-b",
        usd=62_000,
        hourly=True,
        popularity=0.8,
        duties="""
        install/installed wiring, panels and chargers in clinics, schools and depots
        find/found faults with patience and a good meter
        test/tested and certify/certified each installation before handover
        fit/fitted solar panels on the roofs of our own halls
        read/read drawings and improve/improved them with the architect
        train/trained apprentices, one to each electrician
        """,
        colour="""
        Your van is electric, tidy and yours, with a tool budget every spring.
        We plan two jobs a day, not six, and go home when they are done.
        """,
    ),
    occupation(
        "HVAC technician",
        "works",
        titles="HVAC Apprentice|HVAC Technician|Senior HVAC Technician",
        local="Heizungs- und Klimatechnik|Génie climatique|Climatización",
        skills="Refrigeration, Heat pumps, Fault finding, Preventive maintenance, Pipework, Building management systems, Health and safety, Brazing, Air balancing, Customer service",
        licences="refrigerant-handling, driving-b",
        usd=58_000,
        hourly=True,
        popularity=0.7,
        duties="""
        service/serviced heating and cooling in forty buildings
        replace/replaced old boilers with heat pumps
        tune/tuned building controls until the complaints stop/stopped
        answer/answered call-outs, one week in eight
        log/logged refrigerant to the gram
        explain/explained to caretakers what the display means/meant
        """,
        colour="""
        Every heat pump we install is measured for a year, and you see the results.
        Call-out weeks carry a fixed allowance even when the phone stays quiet.
        """,
    ),
    occupation(
        "Maintenance mechanic",
        "works",
        titles="Maintenance Assistant|Maintenance Mechanic|Maintenance Supervisor",
        local="Instandhaltung|Maintenance industrielle|Mantenimiento industrial",
        skills="Mechanical repair, Preventive maintenance, Hydraulics, Pneumatics, Fault finding, Conveyor systems, Technical drawings, Welding, Spare parts planning, Health and safety",
        usd=56_000,
        hourly=True,
        popularity=0.8,
        duties="""
        keep/kept nine kilometres of conveyor moving
        plan/planned maintenance for quiet hours instead of Sundays
        repair/repaired pumps, motors and dock doors
        order/ordered spare parts before they are needed
        write/wrote down what was done for the colleague after you/me
        suggest/suggested changes to machines, and see/saw them built
        """,
        colour="""
        The workshop has light, a lathe from this decade and a radio everyone agrees on.
        Breakdowns fell by a third in two years because mechanics choose what to fix first.
        """,
    ),
    occupation(
        "Carpenter",
        "works",
        titles="Carpenter's Improver|Carpenter|Site Carpenter Lead",
        local="Tischlerei und Zimmerei|Menuiserie|Carpintería",
        skills="Joinery, Technical drawings, Measuring, Power tools, Fitting, Timber framing, Health and safety, Restoration, Flooring, Customer service",
        usd=52_000,
        hourly=True,
        popularity=0.6,
        duties="""
        build/built counters, beds and shelves that survive a clinic
        fit/fitted doors in old buildings where nothing is square
        restore/restored windows instead of replacing them
        measure/measured twice and write/wrote it down once
        choose/chose timber with the buyer from certified woods
        lead/led a crew of four on site
        """,
        colour="""
        Our joinery works a four-and-a-half-day week; Friday afternoons are for sharpening and sweeping.
        Off-cuts go to the staff school, where they become boats.
        """,
    ),
    occupation(
        "Cleaner",
        "works",
        titles="Cleaner|Senior Cleaner|Cleaning Supervisor",
        local="Gebäudereinigung|Propreté|Limpieza",
        skills="Cleaning, Infection control, Health and safety, Time management, Floor care, Teamwork, Waste separation, Stock control, Attention to detail, Equipment care",
        usd=29_000,
        hourly=True,
        popularity=1.0,
        duties="""
        clean/cleaned wards, offices and kitchens to a clear plan
        use/used mild products and machines that are easy on the back
        refill/refilled what runs out before it does
        report/reported what is broken with a photo
        show/showed new colleagues the order that saves steps
        care/cared for wooden and stone floors
        """,
        colour="""
        Most of our cleaning happens in the daytime, when people can say thank you.
        Contracts start at twenty hours, and hours are guaranteed.
        """,
    ),
    occupation(
        "Welder",
        "production",
        titles="Trainee Welder|Welder|Welding Supervisor",
        local="Schweißen|Soudage|Soldadura",
        skills="MIG welding, TIG welding, Technical drawings, Metal fabrication, Quality control, Grinding, Health and safety, Measuring, Plasma cutting, Overhead cranes",
        licences="welding-certificate",
        usd=50_000,
        hourly=True,
        popularity=0.6,
        duties="""
        weld/welded frames for trailers, ramps and hospital beds
        read/read drawings and question/questioned them when they are wrong
        check/checked each seam and sign/signed it
        set/set up the robot for series and keep/kept the fine work for yourself/myself
        prepare/prepared for the yearly certificate with paid practice
        keep/kept fumes away with extraction that works
        """,
        colour="""
        Each booth has its own extraction arm, and the air is measured every week.
        Series are short, from five to eighty pieces, so days differ.
        """,
    ),
    occupation(
        "Mechanical engineer",
        "production",
        titles="Junior Mechanical Engineer|Mechanical Engineer|Senior Mechanical Engineer",
        local="Maschinenbau|Génie mécanique|Ingeniería mecánica",
        skills="CAD, SolidWorks, Mechanical design, Tolerance analysis, Materials science, Finite element analysis, Prototyping, Project planning, Technical drawings, Lean manufacturing",
        usd=92_000,
        remote=0.3,
        popularity=1.1,
        duties="""
        design/designed lifts and ramps that a nurse can use with one hand
        calculate/calculated loads and then test/tested to destruction
        draw/drew parts that the welders next door like/liked to make
        take/took cost out of parts without taking life out of them
        lead/led trials at customer sites
        document/documented changes so that spare parts fit in ten years
        """,
        colour="""
        From your desk to the first prototype it is forty steps and one week.
        We repair what we sell for at least fifteen years, and design for it.
        """,
    ),
    occupation(
        "Civil engineer",
        "production",
        titles="Graduate Civil Engineer|Civil Engineer|Senior Civil Engineer",
        local="Bauingenieurwesen|Génie civil|Ingeniería civil",
        skills="Structural analysis, AutoCAD, Project planning, Construction law, Site supervision, Surveying, Cost estimation, Building information modelling, Sustainability, Report writing",
        usd=90_000,
        remote=0.3,
        popularity=0.9,
        duties="""
        plan/planned depots and clinics from ground survey to key
        check/checked structures and keep/kept reuse ahead of rebuild
        supervise/supervised contractors fairly and on site
        estimate/estimated costs with ranges rather than wishes
        agree/agreed permits with the town and neighbours
        report/reported progress in one honest page a week
        """,
        colour="""
        Half of our projects give an old building a second life.
        You will see your projects finished: most take fourteen months.
        """,
    ),
    occupation(
        "Quality inspector",
        "production",
        titles="Quality Assistant|Quality Inspector|Quality Manager",
        local="Qualitätsprüfung|Contrôle qualité|Control de calidad",
        skills="Quality control, Measuring, ISO 9001, Root cause analysis, Statistics, Technical drawings, Auditing, Report writing, Calibration, Supplier communication",
        usd=54_000,
        popularity=0.7,
        duties="""
        inspect/inspected first pieces and release/released series
        trace/traced faults to their cause with the people on the line
        audit/audited suppliers twice a year, with notice
        keep/kept gauges calibrated and records short
        teach/taught operators to check their own work
        prepare/prepared the team for certification
        """,
        colour="""
        Anyone here may stop the line, and it is followed by a thank-you.
        Complaints fell to eleven last year; we read each one aloud.
        """,
    ),
)

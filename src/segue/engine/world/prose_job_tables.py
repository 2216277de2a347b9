# ruff: noqa: E501 - one sentence a line
"""Sentences for job adverts. Slots in braces are filled by `prose_jobs`."""

OPENINGS = (
    "We are looking for {a_title} to join our {team} in {city}.",
    "{brand} in {city} has a chair free for {a_title}, and we would like it to be yours.",
    "Our {team} in {city} is growing by one: {a_title}.",
    "A good colleague is moving on to something new, so our {team} in {city} needs {a_title}.",
    "Do you want your work to be noticed by the people it helps? {brand} is hiring {a_title} in {city}.",
    "In {city}, {size} of us make up the {team}. We would like to be one more, with you as {title}.",
    "This is a post in {city} for {a_title} who likes clear goals, kind colleagues and going home on time.",
    "{brand} opened its {city} site {years} years ago. The {team} there now needs {a_title}.",
    "As {title} in {city} you will be part of a {team} that people tend to stay in.",
    "Come and work with us in {city}: the {team} is looking for {a_title}.",
    "We have more to do than hands to do it, and we said so. That is why {brand} is hiring {a_title} in {city}.",
    "Some jobs are described in ten bullet points. This one, {title} in {city}, is better told by the people who do it.",
    "Last spring the {team} in {city} asked for help, and today we can offer it: one post for {a_title}.",
    "You know your trade and would like to practise it among people who know theirs. {brand} is looking for {a_title} in {city}.",
)

PROJECTS: dict[str, tuple[str, ...]] = {
    "software": (
        "This year we are joining four booking systems into one.",
        "The big task ahead is to let drivers, nurses and cooks sign in once instead of six times.",
        "We are rebuilding how shifts are swapped, and 11,000 colleagues will use it.",
        "Next on the list: making our route planner explain itself.",
        "By summer, every clinic should be able to work offline for a day.",
    ),
    "product": (
        "You would begin with the handover screen, which everyone uses and nobody loves.",
        "We are about to redesign how families follow a home visit.",
        "The portal for applicants is ours too, so you will hear from people like you.",
        "In autumn we open our research library to partner hospitals.",
    ),
    "care": (
        "A new rehabilitation wing opens here next year, and the team helps to plan it.",
        "We are moving from paper charts to tablets, ward by ward, at the pace of the ward.",
        "Together with two local hospitals we are shortening the way home after surgery.",
        "Our home-visit rounds are being redrawn so that nobody drives more than fifteen minutes between people.",
    ),
    "learning": (
        "We are building a course for newcomers who speak little of the local language yet.",
        "From January, every apprentice will have a mentor with time set aside for it.",
        "The school garden is the newest classroom, and it has no timetable yet.",
        "A shared library of short lessons in nine languages is half finished.",
    ),
    "kitchens": (
        "We are turning the menu towards the season, one dish a week.",
        "A second kitchen opens across the river, with induction and no deep fryer.",
        "This year's goal is to halve what comes back on the plates.",
        "Breakfast for the wards moves in-house in spring, and you can shape it.",
    ),
    "logistics": (
        "Two thirds of the yard will be electric by next winter.",
        "We are moving heavy night loads to rail, so nights become quieter.",
        "The new hall has daylight over every packing desk.",
        "A smaller depot in the town centre will serve cargo bikes from May.",
    ),
    "works": (
        "Forty buildings are waiting for better insulation, and six will get it this year.",
        "We are fitting sensors that call us before something breaks.",
        "The old boiler house is being turned into a workshop for apprentices.",
        "Every roof that can carry panels will have them in three years.",
    ),
    "production": (
        "We are designing a lighter hospital bed that two people can carry up a stair.",
        "A repair line starts in March, next to the assembly line and just as important.",
        "Our trailers are getting a second life as charging stations.",
        "The test hall doubles in size, and you will choose half of what goes in.",
    ),
    "finance": (
        "We are replacing three ledgers with one, and the hard part is the agreeing.",
        "Supplier contracts are being rewritten in plain language, one family at a time.",
        "This year we publish the pay gap by site for the first time.",
        "Planning becomes quarterly and much shorter, which will need patient explaining.",
    ),
    "people": (
        "We are opening pay bands at the last two sites that do not have them yet.",
        "Nine hundred colleagues will choose their own shift pattern from June.",
        "A house for newcomers, with beds for the first month, opens next to the site.",
        "We are cutting our internal forms from 140 to 30.",
    ),
    "sales": (
        "We are starting in two regions where nobody knows us yet.",
        "Towns can now rent our lorries by the hour, and many have not heard.",
        "The help centre will answer in nine languages, by people and not by bots alone.",
        "Long-standing customers asked for one contact instead of five; we promised it for autumn.",
    ),
}

TEAMS = (
    "You will work with {size} colleagues. {manager} leads the team and has done the job before.",
    "The team has {size} people; the newest came {months} months ago, the longest has stayed {years} years.",
    "Your lead is {manager}, who meets everyone for half an hour each week and cancels rarely.",
    "Around you: {size} colleagues from {nations} countries, a shared calendar and a decent coffee machine.",
    "{manager} will be your lead and your guide for the first {months} months, with a plan you write together.",
    "We are {size} in the team. Decisions are made by whoever is closest to the work, and written down.",
    "You will report to {manager} and share the work with {size} others, some of them for {years} years now.",
)

NEEDS = (
    "We ask for experience with {skills}.",
    "You should be at home with {skills}.",
    "What the work needs is {skills}.",
    "You bring {skills}, learned at work, at school or on your own.",
    "To start well you will need {skills}.",
    "You can show us that you know {skills}; how you learned it is up to you.",
)
LICENCES = (
    "By law you also need: {licences}.",
    "Required for this work: {licences}. If yours was issued abroad, we help with recognition.",
    "Please have ready: {licences}.",
)
NICE = (
    "It helps if you know {skills}, but we can teach it.",
    "Good to have, not required: {skills}.",
    "If you also know {skills}, tell us.",
    "Nobody here knows everything, and {skills} would round us out.",
    "You could learn {skills} with us.",
)
EXPERIENCE = (
    (
        "First steps count: an internship, a course or a summer job is enough.",
        "You may be at the very start, as long as you are curious.",
        "No years are required; we look at what you can do.",
    ),
    (
        "About two to five years in the work are a good basis.",
        "You have done this work for a while and can do most of it alone.",
        "You know the usual problems and have solved a few unusual ones.",
    ),
    (
        "You have long experience and enjoy making others better.",
        "Six years or more in the field would fit, or fewer years that taught you much.",
        "People come to you with the difficult cases, and you like that.",
    ),
)
TRAITS: dict[str, tuple[str, ...]] = {
    "purpose": (
        "Your work reaches people who need it, often on the same day.",
        "Twice a year, patients and neighbours tell us what our work changed for them.",
        "We measure ourselves by what improves for people, and then by money.",
    ),
    "growth": (
        "Two of three team leads here began in the team they lead.",
        "You get a learning budget, ten paid days for it, and a mentor outside your team.",
        "Next steps are written down, with the pay that goes with them.",
    ),
    "stability": (
        "Nine of ten contracts here are permanent.",
        "This site has never laid anyone off.",
        "Shifts are known six weeks ahead, and they hold.",
    ),
    "flexibility": (
        "You choose when to start between seven and ten.",
        "Four-day weeks are common here and do not slow a career.",
        "School holidays, carers' days and odd hours can be arranged; just ask.",
    ),
    "team": (
        "People eat lunch together, and new people are asked along.",
        "We help each other before we are asked, and say thank you after.",
        "Every other month the team spends a day away, without slides.",
    ),
}
BENEFITS = (
    "{days} days of paid leave, and your birthday.",
    "A pension scheme to which we pay {percent} per cent.",
    "The travel pass for the whole region is on us.",
    "Full pay for the first {weeks} weeks of illness.",
    "{weeks} weeks of fully paid parental leave for every parent.",
    "A bicycle or a contribution to your rail card.",
    "Free, fresh lunch from our own kitchen.",
    "Thirteen monthly salaries, the thirteenth in November.",
    "An open pay band: your colleagues' pay follows the same table.",
    "Paid overtime, to the minute, or time off if you prefer.",
)
MODES: dict[str, tuple[str, ...]] = {
    "onsite": (
        "The work happens on site in {city}.",
        "This job is done on site; the stop for bus and tram is {minutes} minutes on foot.",
        "You work at our {city} site, where lockers, showers and bicycle racks are waiting.",
    ),
    "hybrid": (
        "Two or three days a week on site in {city}, the rest wherever you work well.",
        "The team meets in {city} on Tuesdays and Wednesdays; other days are yours to choose.",
        "Hybrid here means at least four days a month in {city}, not a badge count.",
    ),
    "remote": (
        "You can do this job from anywhere in {country}; we meet in {city} four times a year.",
        "The post is fully remote within {country}, with a desk in {city} if you like company.",
        "Remote is the normal case in this team, and meetings are made for it.",
    ),
}
PROCESS = (
    "How we decide: a person reads your application within seven days, then a call of twenty minutes, then one visit of half a day. You hear from us after each step.",
    "What happens next: {recruiter} reads every application. If it looks like a fit on both sides, we talk by phone, then you meet the team. Most people have an answer within {weeks} weeks.",
    "Applying takes three minutes and needs no cover letter. {recruiter} replies within a week, also when the answer is no.",
    "We hold two conversations, with the same questions for everyone, and pay for your travel. No person is turned down by a machine here.",
    "There is one interview and one short piece of practical work, which is paid. {recruiter} is there for questions.",
)
CLOSINGS = (
    "If you miss one of the points above, write to us anyway.",
    "Not sure? Ask us. Questions never count against you.",
    "We would be glad to hear from you.",
    "Tell us if you need anything for the interview to be fair to you.",
    "We look forward to reading how you work.",
    "If the timing is wrong, save this and come back; we hire all year.",
    "Come by for a coffee before you decide.",
)
EMPLOYMENT: dict[str, tuple[str, ...]] = {
    "full_time": (
        "A full-time post.",
        "Full time, {hours} hours a week.",
        "We think of this as full time; tell us if you need less.",
    ),
    "part_time": (
        "Part time, {part} hours a week, on days we agree together.",
        "A part-time post of about {part} hours. The pay shown is for full time.",
    ),
    "contract": (
        "A contract for {months} months, with a fair chance to stay.",
        "We offer a contract of {months} months for a clear piece of work.",
    ),
    "temporary": (
        "A temporary post of {months} months to cover a colleague's leave.",
        "Temporary, for {months} months, while a colleague is with a new baby.",
    ),
    "internship": (
        "A paid internship of {months} months with one mentor.",
        "An internship of {months} months, paid, with real work.",
    ),
}
HEADINGS = (
    ("What you will do", "Who you will work with", "What you bring", "What you get", "How we decide"),
    ("Your days", "Your team", "You", "From us", "Next steps"),
    ("The work", "The people", "What helps", "What we offer", "Applying"),
    ("In this job you will", "Your colleagues", "What we ask for", "In return", "From application to answer"),
    ("A usual week", "The team", "What you need", "Pay and more", "How hiring works"),
)

"""English and German, as their résumés are written."""

from __future__ import annotations

from tests.bench.rig.resumes.tongue import Tongue

EN = Tongue(
    code="en",
    first="Amelia|Oliver|Niamh|Priya|Zoë|Callum|Imogen|Tariq|Siobhán|Dwayne|Mary Ann|Renée|Jean-Paul"
    "|Oluwaseun|Grace",
    last="Whitfield|O'Connor|Okafor|Hargreaves|Patel|McAllister|Brontë|Featherstone|Nguyen"
    "|Sinclair-Hughes|Abara|Lee",
    titles="Senior Software Engineer|Staff Nurse|Head of Logistics|Payroll Officer|Site Manager|Barista"
    "|Data Analyst"
    "|Customer Success Lead|Electrician|Primary School Teacher|UX Researcher|Night Porter|Dispatcher"
    "|Product Owner"
    "|Quality Engineer|HR Business Partner|Forklift Operator|Sous Chef|Tram Driver|Picker and Packer|Lab "
    "Technician",
    employers="Northgate Logistics Ltd|Brightwater Hospital|Fernhill Primary School|Oakline|Tilbury & "
    "Sons|Kestrel"
    "|Meridian Rail Group|Silverbirch Care|Copperfield Foods Inc.|The Lantern Café|Hollis Engineering"
    "|City of Marlow"
    "|Quayside Hotels|Pemberton Data Systems|BlueHarbour|Ashdown University|Greyfriars Bank|Wren & Finch"
    "|Optimata",
    cities="London|Manchester|Bristol|Leeds|Glasgow|Dublin|Edinburgh|Cardiff|Belfast|Liverpool",
    country="United Kingdom|UK",
    phone="+44 20 7946 0###|+44 7700 900###|020 7946 0###|(0161) 496 0###|+44 (0)20 7946 0###",
    postcode="SW1A 1AA|M1 4BT|BS1 5TR",
    experience="Experience|Work Experience|Professional Experience|Employment History|Career History",
    education="Education|Education and Training|Academic Background|Qualifications",
    skills="Skills|Key Skills|Core Skills|Skills & Tools",
    languages="Languages|Language Skills",
    summary="Profile|Summary|About Me|Personal Statement",
    contact="Contact|Contact Details|Personal Details",
    other="Interests|References|Volunteering|Hobbies",
    months="January February March April May June July August September October November December",
    short="Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    present="Present|present|Now|Current",
    to="to|until",
    since="Since|since",
    of="",
    at="at",
    labels="Phone: |Email: |Address: ",
    degrees="BSc Computer Science|BA History|MSc Nursing|Diploma in Hospitality|A-Levels|MEng Civil "
    "Engineering|HNC Electrics",
    schools="University of Leeds|Brunel College|Trinity College Dublin|Ashdown University|Kelham School"
    "|Open University",
    page="Page # of %",
    sentences="Rebuilt the weekly roster so that nobody works two nights in a row"
    "|Brought delivery errors down from 4 % to 1 % within a year"
    "|Trained eleven new colleagues and wrote the handbook they still use"
    "|Looked after a ward of 24 beds with a team of six"
    "|Moved reports from Excel to SQL and Python, which saved two days a month"
    "|Kept the books for three shops and closed every month by the fifth working day"
    "|Answered around sixty calls a day and kept calm on all of them"
    "|Set up a Kubernetes cluster and the monitoring for it"
    "|Planned routes for 40 drivers across the north of the country, in summer and in winter alike"
    "|Negotiated with suppliers in 2018 and 2019 and cut costs by a tenth"
    "|Responsible for budget, safety and hiring|Taught reading to children aged five to seven",
    about="I like work that is finished properly. In my last job I learned how much a good handover is "
    "worth, and I "
    "would like to bring that to a team which cares about people.",
    skill_list="Python|SQL|Excel|Project management|First aid|Customer service|Kubernetes|Forklift "
    "licence|Bookkeeping",
    language_list="English (native)|French (B2)|Polish (A2)|German (C1)",
    hobbies="Running, choir, allotment|Chess and long walks|Repairing old radios",
)

DE = Tongue(
    code="de",
    first="Jürgen|Anneliese|Björn|Käthe|Lukas|Mareike|Özgür|Hannah|Friedrich|Ayşe|Anna-Lena|Tobias"
    "|Günther|Yasmin|Uwe",
    last="Müller|Schäfer|von der Heide|Yılmaz|Großkopf|Weiß|Lindemann|Böhm|Krüger-Thiel|Ostermann"
    "|Petrović|Vogt",
    titles="Softwareentwicklerin|Pflegefachkraft (m/w/d)|Leiter Logistik|Sachbearbeiter Lohn|Bauleiter"
    "|Servicekraft"
    "|Datenanalyst|Teamleiterin Kundendienst|Elektroniker für Betriebstechnik|Grundschullehrerin|Disponentin"
    "|Nachtportier|Qualitätsingenieur|Personalreferentin|Staplerfahrer|Koch|Straßenbahnfahrer|Kommissionierer"
    "|Chemielaborant|Product Owner|Senior Consultant|Fachkraft für Lagerlogistik",
    employers="Klinikum Nordheide|Spedition Wagner GmbH|Stadtwerke Lindau|Eichhorn & Söhne KG|Hotel "
    "Seeblick|Kranich"
    "|Bäckerei Ostertag|Grundschule am Wall|Meridian Bahn AG|Silberbach Pflege|Hollerbach Technik|Stadt "
    "Marburg"
    "|Datenhaus Pohl GmbH & Co. KG|Blauwal|Universität Passau|Sparkasse Altmark|Zaunkönig|Optimata",
    cities="Berlin|Hamburg|München|Köln|Frankfurt|Stuttgart|Leipzig|Dresden|Hannover|Bremen",
    country="Deutschland|Germany",
    phone="+49 30 23125 ###|+49 176 04069 ###|030 23125###|0176/04069###|+49 (0)221 4710 ###",
    postcode="10115|20095|80331",
    experience="Berufserfahrung|Beruflicher Werdegang|Berufspraxis|Werdegang|Berufliche Stationen",
    education="Ausbildung|Bildungsweg|Ausbildung und Studium|Studium",
    skills="Kenntnisse|Fähigkeiten|Kompetenzen|Fachkenntnisse",
    languages="Sprachen|Sprachkenntnisse",
    summary="Profil|Kurzprofil|Über mich",
    contact="Kontakt|Persönliche Daten|Kontaktdaten",
    other="Interessen|Ehrenamt|Hobbys|Weiterbildungen",
    months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    short="Jan. Feb. März Apr. Mai Juni Juli Aug. Sep. Okt. Nov. Dez.",
    present="heute|jetzt|aktuell",
    to="bis",
    since="seit|Seit",
    of="",
    at="bei",
    labels="Telefon: |E-Mail: |Anschrift: ",
    degrees="Bachelor of Science Informatik|Ausbildung zur Pflegefachfrau|Abitur|Diplom Maschinenbau"
    "|Meister Elektrotechnik"
    "|Magister Geschichte",
    schools="Universität Leipzig|Hochschule Bremen|Berufsschule Kassel|Gymnasium am Stadtpark|Technische "
    "Universität Dresden",
    page="Seite # von %",
    sentences="Dienstplan neu aufgebaut, sodass niemand zwei Nächte hintereinander arbeitet"
    "|Lieferfehler innerhalb eines Jahres von 4 % auf 1 % gesenkt"
    "|Elf neue Kolleginnen und Kollegen eingearbeitet und das Handbuch dazu geschrieben"
    "|Betreuung einer Station mit 24 Betten in einem Team von sechs Personen"
    "|Berichte von Excel auf SQL und Python umgestellt und damit zwei Tage im Monat gespart"
    "|Buchhaltung für drei Filialen, Monatsabschluss jeweils bis zum fünften Werktag"
    "|Täglich rund sechzig Anrufe beantwortet und dabei ruhig geblieben"
    "|Aufbau eines Kubernetes-Clusters samt Überwachung"
    "|Tourenplanung für 40 Fahrerinnen und Fahrer im ganzen Norden, im Sommer wie im Winter"
    "|Verhandlungen mit Lieferanten in den Jahren 2018 und 2019, Kosten um ein Zehntel gesenkt"
    "|Verantwortung für Budget, Sicherheit und Einstellungen|Leseunterricht für Kinder von fünf bis "
    "sieben Jahren",
    about="Ich mag Arbeit, die ordentlich fertig wird. In meiner letzten Stelle habe ich gelernt, wie "
    "viel eine gute "
    "Übergabe wert ist, und das möchte ich in ein Team einbringen, dem Menschen wichtig sind.",
    skill_list="Python|SQL|Excel|Projektmanagement|Erste Hilfe|Kundenservice|Kubernetes|Staplerschein"
    "|Buchhaltung",
    language_list="Deutsch (Muttersprache)|Englisch (B2)|Türkisch (C1)|Französisch (A2)",
    hobbies="Laufen, Chor, Kleingarten|Schach und lange Spaziergänge|Alte Radios reparieren",
)

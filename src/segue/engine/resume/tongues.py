"""The words résumés are built with, in the languages we read: English, French, German, Spanish, "
    "Portuguese, Dutch.

Everything is compared folded (without case and accents), but for the small words. Written by us from everyday
usage; a language is added by adding its tables here.
"""

from __future__ import annotations

from functools import cache

from segue.engine.folding import fold

LANGUAGES = ("en", "fr", "de", "es", "pt", "nl")

SECTIONS: dict[str, str] = {
    "experience": (
        "experience|work experience|company details|experience details|work details|"
        "professional experience|employment|employment history|work history"
        "|career|"
        "career history|positions held|relevant experience|professional background|positions|"
        "expérience|expériences|expérience professionnelle|expériences professionnelles|parcours "
        "professionnel|"
        "parcours|emplois|carrière|"
        "berufserfahrung|beruflicher werdegang|berufspraxis|werdegang|beruflicher hintergrund"
        "|praxiserfahrung|"
        "arbeitserfahrung|berufliche erfahrung|berufliche stationen|berufstätigkeit|"
        "experiencia|experiencia profesional|experiencia laboral|trayectoria profesional|trayectoria|empleo|"
        "historial laboral|vida laboral|"
        "experiência|experiência profissional|experiências profissionais|percurso profissional|"
        "histórico profissional|trajetória profissional|atividade profissional|"
        "werkervaring|ervaring|professionele ervaring|loopbaan|arbeidsverleden|relevante werkervaring"
        "|beroepservaring"
    ),
    "education": (
        "education|education details|educational qualification|educational qualifications|academic details|"
        "education and training|academic background|qualifications|studies|academic history"
        "|training|"
        "formation|formations|études|parcours académique|diplômes|formation académique|cursus|scolarité|"
        "ausbildung|bildung|bildungsweg|studium|akademischer werdegang|ausbildung und studium|schulbildung|"
        "bildungsgang|schule und studium|hochschulbildung|"
        "educación|formación|formación académica|estudios|estudios realizados|"
        "educação|formação|formação académica|formação acadêmica|habilitações literárias|habilitações"
        "|escolaridade|"
        "opleiding|opleidingen|onderwijs|studie|studies en opleidingen"
    ),
    "skills": (
        "skills|skill details|key skills|"
        "technical skills|core skills|core competencies|competencies|expertise"
        "|strengths|tools|"
        "compétences|compétences clés|compétences techniques|savoir-faire|atouts|"
        "kenntnisse|fähigkeiten|kompetenzen|fachkenntnisse|it-kenntnisse|stärken|"
        "habilidades|competencias|aptitudes|conocimientos|"
        "competências|aptidões|conhecimentos|"
        "vaardigheden|competenties|kennis"
    ),
    "languages": (
        "languages|language skills|langues|sprachen|sprachkenntnisse|idiomas|línguas|talen|talenkennis"
    ),
    "summary": (
        "summary|profile|about me|about|objective|personal statement|professional summary|"
        "profil|à propos|à propos de moi|résumé|présentation|objectif|"
        "kurzprofil|über mich|zusammenfassung|persönliches profil|"
        "perfil|perfil profesional|sobre mí|resumen|extracto|"
        "perfil profissional|sobre mim|resumo|apresentação|"
        "profiel|persoonlijk profiel|over mij|samenvatting"
    ),
    "contact": (
        "contact|contact details|personal details|personal information|coordonnées|informations personnelles|"
        "kontakt|persönliche daten|kontaktdaten|angaben zur person|contacto|datos personales|datos de "
        "contacto|"
        "contactos|contato|dados pessoais|informação pessoal|persoonlijke gegevens|contactgegevens|personalia"
    ),
    "other": (
        "interests|hobbies|hobbies and interests|references|certifications|certificates|volunteering"
        "|publications|"
        "awards|projects|activities|additional information|licences|"
        "centres d'intérêt|loisirs|références|certifications|bénévolat|publications|projets|divers|permis|"
        "interessen|hobbys|hobbies und interessen|referenzen|zertifikate|ehrenamt|weiterbildung"
        "|weiterbildungen|"
        "projekte|auszeichnungen|sonstiges|veröffentlichungen|"
        "intereses|aficiones|referencias|certificaciones|voluntariado|publicaciones|proyectos|otros datos"
        "|cursos|"
        "interesses|passatempos|referências|certificações|voluntariado|publicações|projetos|outros|"
        "interesses|hobby's|referenties|certificaten|vrijwilligerswerk|projecten|nevenactiviteiten|cursussen|"
        "overige"
    ),
}

_MONTHS = (
    "january jan janvier janv januar jänner enero ene janeiro januari",
    "february feb février févr fév februar feber febrero fevereiro fev februari",
    "march mar mars märz mär mrz marzo março maart mrt",
    "april apr avril avr abril abr",
    "may mai mayo maio mei",
    "june jun juin juni junio junho",
    "july jul juillet juil juli julio julho",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre setembro set",
    "october oct octobre oktober okt octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec décembre déc dezember dez diciembre dic dezembro dec",
)

PRESENT = (
    "present|now|today|current|currently|ongoing|to date|aujourd'hui|aujourd’hui|présent|actuel|actuellement|"
    "à ce jour|en cours|ce jour|heute|jetzt|aktuell|laufend|gegenwart|dato|actualidad|la actualidad|presente|"
    "actual|actualmente|hoy|hasta la fecha|el presente|atual|atualmente|o momento|momento|hoje|até à data|"
    "à data|heden|nu|huidig|vandaag"
)
SINCE = "since|depuis|depuis le|seit|ab|desde|desde el|sinds|vanaf|from|à partir de"
TO = "to|until|till|bis|à|au|jusqu'à|jusqu'en|hasta|a|al|até|tot|t/m|tot en met|thru|through"
FROM = "from|von|vom|de|du|del|van|desde|between"

TITLE_HEADS = (
    "engineer developer programmer architect analyst scientist manager director head lead leader officer "
    "assistant "
    "associate consultant coordinator specialist administrator technician nurse teacher lecturer driver "
    "cook chef "
    "cashier clerk accountant controller auditor designer editor writer journalist translator electrician "
    "plumber "
    "mechanic carpenter welder operator supervisor foreman receptionist secretary recruiter buyer planner "
    "representative executive advisor adviser trainer tutor therapist pharmacist physician doctor dentist "
    "paramedic caregiver carer cleaner guard waiter waitress barista baker butcher gardener warehouse picker "
    "trainee apprentice intern owner founder president partner tester administratorin "
    "ingénieur ingénieure développeur développeuse architecte analyste responsable directeur directrice "
    "chef cheffe "
    "chargé chargée assistant assistante conseiller conseillère coordinateur coordinatrice technicien "
    "technicienne "
    "infirmier infirmière enseignant enseignante professeur conducteur conductrice chauffeur cuisinier "
    "cuisinière "
    "comptable contrôleur contrôleuse auditeur graphiste rédacteur rédactrice traducteur traductrice "
    "électricien "
    "plombier mécanicien menuisier soudeur opérateur opératrice secrétaire acheteur acheteuse vendeur "
    "vendeuse "
    "caissier caissière gestionnaire formateur formatrice pharmacien médecin stagiaire alternant apprenti "
    "serveur "
    "serveuse boulanger magasinier cariste aide-soignant aide-soignante animateur éducateur éducatrice "
    "ingenieur ingenieurin entwickler entwicklerin softwareentwickler softwareentwicklerin architektin "
    "analystin "
    "leiter leiterin leitung teamleiter teamleiterin abteilungsleiter projektleiter projektleiterin referent "
    "referentin sachbearbeiter sachbearbeiterin assistentin berater beraterin koordinator koordinatorin "
    "techniker "
    "technikerin pflegefachkraft pflegefachfrau pfleger krankenpfleger krankenpflegerin krankenschwester "
    "lehrer "
    "lehrerin fahrer fahrerin kraftfahrer berufskraftfahrer koch köchin buchhalter buchhalterin "
    "finanzbuchhalterin controllerin gestalter gestalterin redakteur redakteurin übersetzer übersetzerin "
    "elektriker elektroniker installateur mechaniker mechatroniker tischler schreiner schweißer maurer "
    "verkäufer verkäuferin kassiererin kaufmann kauffrau einkäufer einkäuferin apotheker arzt ärztin "
    "praktikant "
    "praktikantin werkstudent werkstudentin auszubildender auszubildende geschäftsführer erzieher erzieherin "
    "fachkraft lagerist kellner kellnerin bäcker disponent meister "
    "ingeniero ingeniera desarrollador desarrolladora programador programadora arquitecto analista "
    "gerente jefe "
    "jefa director directora coordinador coordinadora técnico técnica enfermero enfermera maestro maestra "
    "profesor "
    "profesora conductor cocinero cocinera contable auditor diseñador diseñadora redactor traductor "
    "electricista "
    "fontanero mecánico carpintero soldador operario operaria administrativo administrativa secretario "
    "secretaria "
    "comprador vendedor vendedora dependiente dependienta cajero cajera camarero camarera asesor asesora "
    "consultor "
    "consultora responsable ayudante auxiliar becario becaria farmacéutico médico encargado encargada mozo "
    "engenheiro engenheira desenvolvedor desenvolvedora programador gestor gestora diretor diretora "
    "coordenador "
    "coordenadora técnico enfermeiro enfermeira professor professora motorista cozinheiro cozinheira "
    "contabilista "
    "contador auditor designer redator tradutor eletricista canalizador mecânico carpinteiro operador "
    "operadora "
    "assistente auxiliar secretária comprador vendedor vendedora caixa empregado consultor consultora "
    "estagiário "
    "estagiária farmacêutico chefe encarregado "
    "ingenieur ontwikkelaar softwareontwikkelaar architect analist manager directeur hoofd teamleider "
    "projectleider "
    "medewerker assistent adviseur coördinator specialist technicus monteur verpleegkundige verzorgende "
    "leraar "
    "lerares docent chauffeur kok boekhouder controleur ontwerper redacteur vertaler elektricien loodgieter "
    "timmerman lasser operator secretaresse inkoper verkoper verkoopster kassamedewerker consultant stagiair "
    "apotheker arts begeleider planner magazijnmedewerker bakker vertegenwoordiger"
)
EMPLOYER_HEADS = (
    "inc llc ltd limited plc corp corporation co company group holding holdings partners associates & sons "
    "university hospital clinic school college institute council agency bank bakery hotel restaurant stores "
    "services solutions systems technologies logistics consulting industries laboratories labs foundation "
    "trust "
    "gmbh ag kg ohg mbh e.v. ev klinikum klinik krankenhaus universität hochschule schule stadt stadtwerke "
    "gruppe werke verlag bäckerei apotheke praxis logistik spedition stiftung versicherung autohaus kanzlei "
    "sa sas sarl société groupe hôpital clinique université école mairie banque boulangerie cabinet ateliers "
    "transports laboratoire laboratoires maison assurances éditions association lycée "
    "s.a. s.l. sl slu s.l.u. grupo hospital clínica universidad colegio ayuntamiento banco panadería "
    "talleres "
    "transportes laboratorios editorial asociación instituto fundación seguros "
    "lda lda. s.a. grupo clínica universidade escola câmara padaria oficinas transportes laboratórios "
    "editora "
    "associação fundação construções ltda "
    "bv b.v. nv n.v. groep ziekenhuis universiteit school gemeente bakkerij garage uitgeverij stichting "
    "verzekeringen bouw transport zorg"
)
AT_WORDS = "at|bei|beim|chez|en|em|na|no|bij|at the|bei der"
DEGREE_HEADS = (
    "bachelor master msc bsc mba phd diploma degree doctorate ba ma beng meng certificate high school "
    "diploma a-levels gcse "
    "licence dut bts baccalauréat bac doctorat diplôme ingénieur cap bep mastère "
    "diplom abitur magister staatsexamen promotion ausbildung fachabitur realschulabschluss mittlere "
    "reife geselle meister "
    "grado licenciatura máster doctorado bachillerato técnico diplomatura ingeniería fp ciclo formativo "
    "licenciatura mestrado doutoramento doutorado bacharelado ensino secundário ensino médio curso "
    "técnico pós-graduação "
    "bachelor master doctoraat vwo havo mbo hbo vmbo propedeuse"
)
SCHOOL_HEADS = (
    "university college school institute academy polytechnic université école lycée institut iut "
    "universität hochschule "
    "fachhochschule schule gymnasium berufsschule akademie technische universidad instituto colegio "
    "escuela facultad "
    "universidade escola faculdade politécnico instituto universiteit hogeschool college lyceum academie "
    "school roc"
)
NAME_LABELS = (
    "name|nom|nom et prénom|nombre|nombre y apellidos|nome|nome completo|naam|full name|vor- und nachname"
)
PLACE_LABELS = (
    "address adresse anschrift wohnort direccion morada endereco adres woonplaats city ville stadt ciudad "
    "cidade "
    "stad location lieu ort domicile residence localidad localidade"
)
PARTICLES = (
    "de da do dos das del della di van von der den la le el al bin ibn ben zu zur ter ten t y e dr prof "
    "mag msc mba "
    "phd dipl ing"
)
DOCUMENT_TITLES = (
    "curriculum vitae|cv|resume|résumé|lebenslauf|tabellarischer lebenslauf|currículum|currículum vitae"
    "|currículo|"
    "hoja de vida|curriculum|levensloop|bewerbung|profil"
)
_STOP = {
    "en": "the and of for with in to from by on at as an our was were all their into this that",
    "fr": "le la les des du et pour dans avec sur au aux une un par en de à d' l' qu' j' s' leurs ainsi",
    "de": "der die das und für mit von im zur zum den dem des ein eine bei auf sowie aus in",
    "es": "el la los las del y para con en por una un de al como su sus más se",
    "pt": "o a os as do da dos das e para com em por uma um no na de ao nos à",
    "nl": "de het een en van voor met in op bij aan te door naar uit over als onze tot",
}


@cache
def phrases(packed: str) -> frozenset[str]:
    """Unpack phrases parted by bars, folded."""
    return frozenset(fold(part.strip()) for part in packed.split("|"))


@cache
def words(packed: str) -> frozenset[str]:
    """Unpack words parted by spaces, folded."""
    return frozenset(fold(part) for part in packed.split())


@cache
def months() -> dict[str, int]:
    """Return the number of each month's name and abbreviation, folded."""
    return {fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


@cache
def sections() -> dict[str, str]:
    """Return which section a folded heading opens; the first to claim a heading keeps it."""
    found: dict[str, str] = {}
    for section, packed in SECTIONS.items():
        for heading in packed.split("|"):
            found.setdefault(fold(heading.strip()), section)
    return found


@cache
def stop_words() -> dict[str, frozenset[str]]:
    """Return the small words that give a language away."""
    return {language: frozenset(packed.split()) for language, packed in _STOP.items()}

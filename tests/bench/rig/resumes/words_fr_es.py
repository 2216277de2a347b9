"""French and Spanish, as their résumés are written."""

from __future__ import annotations

from tests.bench.rig.resumes.tongue import Tongue

FR = Tongue(
    code="fr",
    first="Éloïse|François|Maël|Anaïs|Jean-Baptiste|Chloé|Rachid|Inès|Noémie|Thibault|Aïcha|Marie-Laure"
    "|Hervé|Léa|Cédric",
    last="Lefèvre|Dubois|N'Diaye|Garçon|de La Tour|Benoît|Bouchard|Ménard|Traoré|Castelnau|Saint-Pierre|Roux",
    titles="Développeuse web|Infirmier diplômé d'État|Responsable logistique|Gestionnaire de paie|Chef de "
    "chantier|Serveuse"
    "|Analyste de données|Chargée de clientèle|Électricien|Professeure des écoles|Réceptionniste de nuit"
    "|Régulateur"
    "|Ingénieur qualité|Chargé de recrutement|Cariste|Second de cuisine|Conducteur de tramway|Préparateur "
    "de commandes"
    "|Technicienne de laboratoire|Product Owner|Hôtesse d'accueil",
    employers="Clinique du Parc|Transports Berthelot SARL|Groupe Méridien Rail|Boulangerie Aubépine|Hôtel "
    "des Dunes|Alcyon"
    "|École Jules-Verne|Ateliers Garnier|Mairie de Saintes|Maison Corbeau|Données & Cie|Université de "
    "Poitiers"
    "|Banque des Deux Rives|Laboratoires Vauban|Le Café des Lanternes|Optimata|Pierrefeu|Soins Bellevue",
    cities="Paris|Lyon|Marseille|Toulouse|Nantes|Bordeaux|Lille|Strasbourg|Nice|Montpellier",
    country="France",
    phone="+33 1 99 00 12 ##|06 39 98 12 ##|01.99.00.12.##|+33 (0)6 39 98 12 ##",
    postcode="75011|69003|44000",
    experience="Expérience professionnelle|Expériences professionnelles|Parcours professionnel|Expérience"
    "|Expériences",
    education="Formation|Formations|Études|Diplômes",
    skills="Compétences|Compétences clés|Compétences techniques|Savoir-faire",
    languages="Langues",
    summary="Profil|À propos|À propos de moi",
    contact="Contact|Coordonnées|Informations personnelles",
    other="Centres d'intérêt|Loisirs|Bénévolat|Références",
    months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    short="janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    present="aujourd'hui|à ce jour|Aujourd’hui|présent",
    to="à",
    since="depuis|Depuis",
    of="",
    at="chez",
    labels="Tél. : |E-mail : |Adresse : ",
    degrees="Licence d'informatique|Diplôme d'État d'infirmier|Baccalauréat général|BTS Électrotechnique"
    "|Master Histoire|CAP Cuisine",
    schools="Université de Nantes|Lycée Hôtelier de Dinard|IUT de Lannion|École d'infirmières de Metz"
    "|Institut Pasteur de Lille",
    page="Page # sur %",
    sentences="Refonte du planning pour que personne ne travaille deux nuits de suite"
    "|Baisse des erreurs de livraison de 4 % à 1 % en un an"
    "|Formation de onze nouveaux collègues et rédaction du guide qu'ils utilisent encore"
    "|Suivi d'un service de 24 lits avec une équipe de six personnes"
    "|Passage des rapports d'Excel à SQL et Python, soit deux jours gagnés par mois"
    "|Tenue des comptes de trois boutiques, clôture le cinquième jour ouvré"
    "|Une soixantaine d'appels par jour, toujours dans le calme"
    "|Mise en place d'un cluster Kubernetes et de sa supervision"
    "|Planification des tournées de 40 conducteurs dans tout le nord du pays, été comme hiver"
    "|Négociation avec les fournisseurs en 2018 et 2019, coûts réduits d'un dixième"
    "|Responsabilité du budget, de la sécurité et des embauches|Apprentissage de la lecture aux enfants "
    "de cinq à sept ans",
    about="J'aime le travail bien terminé. Dans mon dernier poste, j'ai appris combien une bonne "
    "passation compte, et je "
    "voudrais apporter cela à une équipe qui prend soin des gens.",
    skill_list="Python|SQL|Excel|Gestion de projet|Premiers secours|Relation client|Kubernetes|CACES 3"
    "|Comptabilité",
    language_list="Français (langue maternelle)|Anglais (B2)|Arabe (C1)|Espagnol (A2)",
    hobbies="Course à pied, chorale, jardin|Échecs et longues marches|Réparation de vieilles radios",
)

ES = Tongue(
    code="es",
    first="María José|Íñigo|Begoña|Joaquín|Lucía|Ángel|Nuria|Andrés|Sofía|Héctor|Mónica|Raúl|Inmaculada"
    "|Iván|Ximena",
    last="Muñoz García|Núñez Peña|de la Fuente|Ibáñez|Echeverría Ruiz|Gómez|Castaño Vidal|Alarcón|Zúñiga"
    "|Prieto Sáez|Marín",
    titles="Desarrolladora de software|Enfermero de planta|Responsable de logística|Técnico de nóminas"
    "|Jefe de obra|Camarera"
    "|Analista de datos|Coordinadora de clientes|Electricista|Maestra de primaria|Recepcionista de noche"
    "|Repartidor"
    "|Ingeniero de calidad|Técnica de selección|Carretillero|Segundo de cocina|Conductora de tranvía|Mozo "
    "de almacén"
    "|Técnica de laboratorio|Product Owner|Monitor de tiempo libre",
    employers="Hospital del Valle|Transportes Ibarra S.L.|Grupo Meridiano|Panadería La Espiga|Hotel Las "
    "Dunas|Alcotán"
    "|Colegio San Telmo|Talleres Garrido|Ayuntamiento de Ronda|Casa Cuervo|Datos y Cía|Universidad de Jaén"
    "|Banco Dos Orillas|Laboratorios Vega S.A.|Café del Faro|Optimata|Piedraluna|Cuidados Bellavista",
    cities="Madrid|Barcelona|Valencia|Sevilla|Zaragoza|Bilbao|Málaga|Granada|Murcia|Alicante",
    country="España|Spain",
    phone="+34 910 99 12 ##|+34 600 12 34 ##|600 123 4##|91 099 12 ##",
    postcode="28013|08002|41001",
    experience="Experiencia profesional|Experiencia laboral|Experiencia|Trayectoria profesional",
    education="Formación|Formación académica|Estudios|Educación",
    skills="Habilidades|Competencias|Aptitudes|Conocimientos",
    languages="Idiomas",
    summary="Perfil|Perfil profesional|Sobre mí",
    contact="Contacto|Datos personales|Datos de contacto",
    other="Intereses|Aficiones|Voluntariado|Referencias",
    months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    short="ene. feb. mar. abr. may. jun. jul. ago. sept. oct. nov. dic.",
    present="actualidad|la actualidad|presente|Actualidad",
    to="a|hasta",
    since="desde|Desde",
    of="de",
    at="en",
    labels="Teléfono: |Correo: |Dirección: ",
    degrees="Grado en Informática|Grado en Enfermería|Bachillerato|Técnico Superior en Electricidad"
    "|Máster en Historia|Licenciatura en Derecho",
    schools="Universidad de Zaragoza|Instituto La Rosaleda|Escuela de Hostelería de Cádiz|Universidad de "
    "Salamanca|Colegio San Telmo",
    page="Página # de %",
    sentences="Nuevo cuadrante de turnos para que nadie trabaje dos noches seguidas"
    "|Reducción de los errores de entrega del 4 % al 1 % en un año"
    "|Formación de once compañeros nuevos y redacción del manual que siguen usando"
    "|Atención de una planta de 24 camas con un equipo de seis personas"
    "|Paso de los informes de Excel a SQL y Python, con dos días menos de trabajo al mes"
    "|Contabilidad de tres tiendas, cierre mensual al quinto día hábil"
    "|Unas sesenta llamadas al día, siempre con calma"
    "|Puesta en marcha de un clúster de Kubernetes y de su supervisión"
    "|Planificación de rutas de 40 conductores en todo el norte del país, en verano y en invierno"
    "|Negociación con proveedores en 2018 y 2019, con un diez por ciento menos de costes"
    "|Responsable de presupuesto, seguridad y contratación|Enseñanza de la lectura a niños de cinco a "
    "siete años",
    about="Me gusta el trabajo bien terminado. En mi último puesto aprendí cuánto vale un buen relevo, y "
    "quisiera llevar "
    "eso a un equipo que cuida de las personas.",
    skill_list="Python|SQL|Excel|Gestión de proyectos|Primeros auxilios|Atención al cliente|Kubernetes"
    "|Carné de carretilla",
    language_list="Español (nativo)|Inglés (B2)|Catalán (C1)|Francés (A2)",
    hobbies="Correr, coro, huerto|Ajedrez y paseos largos|Arreglar radios viejas",
)

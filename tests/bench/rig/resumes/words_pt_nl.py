"""Portuguese and Dutch, as their résumés are written."""

from __future__ import annotations

from tests.bench.rig.resumes.tongue import Tongue

PT = Tongue(
    code="pt",
    first="João|Inês|Conceição|Tomás|Beatriz|Luís|Catarina|Rúben|Mariana|Sebastião|Ana Rita|Gonçalo"
    "|Fátima|Nuno|Patrícia",
    last="Conceição|Magalhães|da Silva|dos Santos|Araújo|Simões|Fernandes Leitão|Brandão|Guimarães|Falcão"
    "|Tavares",
    titles="Engenheira de software|Enfermeiro|Responsável de logística|Técnico de vencimentos|Encarregado "
    "de obra"
    "|Empregada de mesa|Analista de dados|Coordenadora de clientes|Eletricista|Professora do ensino básico"
    "|Rececionista noturno|Despachante|Engenheiro da qualidade|Técnica de recrutamento|Operador de empilhador"
    "|Subchefe de cozinha|Motorista|Operador de armazém|Técnica de laboratório|Product Owner|Animadora "
    "cultural",
    employers="Hospital do Vale|Transportes Ferraz Lda|Grupo Meridiano|Padaria Espiga|Hotel das Dunas"
    "|Açor|Corvo & Filhos"
    "|Escola da Ribeira|Oficinas Garrido|Câmara de Lagos|Dados e Companhia|Universidade de Évora|Banco "
    "Duas Margens"
    "|Laboratórios Veiga S.A.|Café do Farol|Optimata|Pedralva|Cuidados Boavista",
    cities="Lisboa|Porto|São Paulo|Rio de Janeiro|Braga|Coimbra",
    country="Portugal|Brasil",
    phone="+351 210 99 1 ##2|+351 912 345 6##|912 345 6##|21 099 12 ##",
    postcode="1100-148|4000-322|3000-123",
    experience="Experiência profissional|Experiência|Percurso profissional|Experiências profissionais",
    education="Formação académica|Formação|Educação|Habilitações literárias",
    skills="Competências|Aptidões|Conhecimentos",
    languages="Idiomas|Línguas",
    summary="Perfil|Perfil profissional|Sobre mim|Resumo",
    contact="Contactos|Contacto|Dados pessoais",
    other="Interesses|Voluntariado|Passatempos|Referências",
    months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    short="jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    present="presente|atualmente|o presente|atual|hoje",
    to="a|até",
    since="desde|Desde",
    of="de",
    at="na",
    labels="Telefone: |E-mail: |Morada: ",
    degrees="Licenciatura em Informática|Licenciatura em Enfermagem|Ensino secundário|Mestrado em "
    "História|Curso técnico de Eletricidade",
    schools="Universidade do Minho|Escola Secundária de Tavira|Instituto Politécnico de Viseu"
    "|Universidade de Évora|Faculdade de Letras",
    page="Página # de %",
    sentences="Nova escala de turnos para que ninguém trabalhe duas noites seguidas"
    "|Redução dos erros de entrega de 4 % para 1 % num ano"
    "|Formação de onze novos colegas e redação do manual que ainda usam"
    "|Acompanhamento de um serviço de 24 camas com uma equipa de seis pessoas"
    "|Passagem dos relatórios de Excel para SQL e Python, com menos dois dias de trabalho por mês"
    "|Contabilidade de três lojas, fecho mensal ao quinto dia útil"
    "|Cerca de sessenta chamadas por dia, sempre com calma"
    "|Instalação de um cluster Kubernetes e da sua monitorização"
    "|Planeamento de rotas de 40 motoristas em todo o norte do país, no verão e no inverno"
    "|Negociação com fornecedores em 2018 e 2019, com menos um décimo de custos"
    "|Responsável por orçamento, segurança e contratação|Ensino da leitura a crianças dos cinco aos sete "
    "anos",
    about="Gosto de trabalho bem acabado. No meu último emprego aprendi quanto vale uma boa passagem de "
    "turno, e gostava de "
    "levar isso para uma equipa que cuida das pessoas.",
    skill_list="Python|SQL|Excel|Gestão de projetos|Primeiros socorros|Atendimento ao cliente|Kubernetes"
    "|Contabilidade",
    language_list="Português (nativo)|Inglês (B2)|Espanhol (C1)|Francês (A2)",
    hobbies="Corrida, coro, horta|Xadrez e longas caminhadas|Reparar rádios antigos",
)

NL = Tongue(
    code="nl",
    first="Sjoerd|Anouk|Joëlle|Pieter-Jan|Femke|Renée|Thijs|Fatima|Lieke|Daniël|Marijke|Zoë|Bram|Noor|Gijs",
    last="van den Berg|de Vries|Çelik|Jansen|van 't Hoff|Bakker|Öztürk|Visser|ter Horst|Meijer|van Dijk"
    "|Postma",
    titles="Softwareontwikkelaar|Verpleegkundige|Hoofd logistiek|Medewerker salarisadministratie"
    "|Uitvoerder|Gastvrouw"
    "|Data-analist|Teamleider klantenservice|Elektricien|Leerkracht basisonderwijs|Nachtreceptionist|Planner"
    "|Kwaliteitsingenieur|HR-adviseur|Heftruckchauffeur|Souschef|Trambestuurder|Orderpicker|Laborant"
    "|Product Owner"
    "|Wijkverpleegkundige",
    employers="Ziekenhuis De Linde|Transport Verhagen B.V.|Meridiaan Groep|Bakkerij De Korenaar|Hotel "
    "Duinzicht|Havik"
    "|Basisschool De Regenboog|Garage Smit|Gemeente Zeist|Huis Raaf|Datahuis BV|Universiteit Utrecht|Twee "
    "Oevers Bank"
    "|Laboratorium Van Essen|Café De Lantaarn|Optimata|Steenveld|Zorg Zonnehoek",
    cities="Amsterdam|Rotterdam|Utrecht|Eindhoven|Den Haag|Groningen|Antwerpen|Gent",
    country="Nederland|The Netherlands",
    phone="+31 20 794 6###|+31 6 1234 5###|06-12345###|020 794 6###|+31 (0)20 794 6###",
    postcode="1012 AB|3011 CD|9712 EX",
    experience="Werkervaring|Ervaring|Professionele ervaring|Loopbaan|Relevante werkervaring",
    education="Opleiding|Opleidingen|Onderwijs|Studie",
    skills="Vaardigheden|Competenties|Kennis",
    languages="Talen|Talenkennis",
    summary="Profiel|Over mij|Persoonlijk profiel",
    contact="Contact|Contactgegevens|Persoonlijke gegevens|Personalia",
    other="Interesses|Hobby's|Vrijwilligerswerk|Referenties",
    months="januari februari maart april mei juni juli augustus september oktober november december",
    short="jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
    present="heden|nu|Heden",
    to="tot|t/m",
    since="sinds|Sinds|vanaf",
    of="",
    at="bij",
    labels="Telefoon: |E-mail: |Adres: ",
    degrees="Bachelor Informatica|HBO Verpleegkunde|HAVO|MBO Elektrotechniek|Master Geschiedenis|VWO",
    schools="Universiteit Leiden|Hogeschool Windesheim|ROC Midden|Stedelijk Lyceum Breda|Hogeschool van "
    "Amsterdam",
    page="Pagina # van %",
    sentences="Rooster opnieuw opgezet zodat niemand twee nachten achter elkaar werkt"
    "|Leverfouten binnen een jaar teruggebracht van 4 % naar 1 %"
    "|Elf nieuwe collega's ingewerkt en het handboek geschreven dat zij nog gebruiken"
    "|Zorg voor een afdeling van 24 bedden met een team van zes mensen"
    "|Rapporten van Excel naar SQL en Python gebracht, wat twee dagen per maand scheelt"
    "|Boekhouding van drie winkels, maandafsluiting op de vijfde werkdag"
    "|Ongeveer zestig telefoontjes per dag, altijd rustig gebleven"
    "|Opzetten van een Kubernetes-cluster met bewaking"
    "|Routes gepland voor 40 chauffeurs in het hele noorden van het land, in de zomer en in de winter"
    "|Onderhandeld met leveranciers in 2018 en 2019, een tiende minder kosten"
    "|Verantwoordelijk voor budget, veiligheid en werving|Leesonderwijs aan kinderen van vijf tot zeven jaar",
    about="Ik houd van werk dat goed wordt afgemaakt. In mijn laatste baan heb ik geleerd hoeveel een "
    "goede overdracht waard "
    "is, en dat breng ik graag mee naar een team dat om mensen geeft.",
    skill_list="Python|SQL|Excel|Projectmanagement|EHBO|Klantenservice|Kubernetes|Heftruckcertificaat"
    "|Boekhouden",
    language_list="Nederlands (moedertaal)|Engels (B2)|Turks (C1)|Duits (A2)",
    hobbies="Hardlopen, koor, moestuin|Schaken en lange wandelingen|Oude radio's repareren",
)

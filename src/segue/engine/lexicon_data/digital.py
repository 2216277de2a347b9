"""Starter skills of digital work: software, data, infrastructure, security, design."""

SOFTWARE = """
Python | python3 | py
Java | java ee | j2ee | core java | java se
JavaScript | js | JS | ecmascript | es6 | java script
TypeScript | ts | TS
C language | c programming | ansi c
C++ | cpp | c plus plus
C# | csharp | c sharp | c#.net
.NET | dotnet | .net framework | .net core | dot net | ms .net
ASP.NET | asp.net mvc | asp.net core | asp .net
Visual Basic | vb.net | vb | VB | vba
PHP | php5 | php7
Ruby | ruby language
Ruby on Rails | rails | RoR
Go language | golang | Go
Rust language | rust programming
Kotlin
Swift language | swift programming | swiftui
Objective-C | objective c
Scala
Perl
R language | r programming | rstudio | R
MATLAB
Haskell
Erlang | elixir
COBOL
Groovy
HTML | html5 | xhtml
CSS | css3 | cascading style sheets
Sass | scss | less css
Bootstrap framework | twitter bootstrap
React | react.js | reactjs | redux
Angular | angularjs | angular.js | angular 2
Vue | vue.js | vuejs
jQuery | jquery ui | ajax
Node.js | nodejs | node js | express.js | expressjs
Django
Flask framework | python flask | fastapi
Spring framework | spring boot | spring mvc | springboot
Hibernate | jpa | orm mapping
Java Servlets | servlet | servlets | jsp | jsf | struts
WPF | windows presentation foundation | wcf | winforms | windows forms
Entity Framework | ado.net | linq
Android development | android | android sdk | android studio
iOS development | ios | ios sdk | xcode
Flutter | react native
REST APIs | rest api | restful | restful services | web services | soap
GraphQL
Microservices | micro services | microservice architecture
Object-oriented programming | oop | OOP | object oriented design | ooad | object oriented
Design patterns | software design patterns | mvc
Algorithms and data structures | data structures | algorithms
Software architecture | software design | system design | solution architecture
Git | github | gitlab | version control | bitbucket | svn | subversion
XML | xslt | xsd
JSON
UML | unified modeling language
WordPress | drupal | joomla
Magento | shopify | woocommerce
Web development | web developer | web applications | web programming
Full-stack development | full stack | fullstack
Mobile development | mobile apps | mobile applications
Embedded systems | embedded c | firmware | microcontrollers
Game development | unity3d | unreal engine
Multithreading | concurrent programming | parallel programming
Blockchain | ethereum | solidity | smart contracts | hyperledger
SAP | sap erp | sap hana | sap abap | abap
Salesforce | salesforce crm | apex language
Test automation | automated testing | automation testing | selenium | cypress | webdriver
Manual testing | functional testing | regression testing | black box testing | test execution
Software testing | software quality assurance | qa testing | test cases | test plans | QA | quality assurance
Unit testing | junit | nunit | pytest | tdd | test driven development
Performance testing | load testing | jmeter | loadrunner
Defect tracking | bug tracking | bugzilla | hp alm | quality center
Agile | agile methodology | agile development
Scrum | scrum master | sprint planning
Kanban
Jira | atlassian jira | confluence
Requirements analysis | requirements gathering | requirement analysis | functional specifications
Technical writing | technical documentation
"""

DATA = """
SQL | structured query language | t-sql | tsql | sql queries
PL/SQL | pl sql | plsql
MySQL | mariadb
PostgreSQL | postgres
Oracle Database | oracle 10g | oracle 11g | oracle 12c | oracle db | oracle
Microsoft SQL Server | sql server | ms sql | mssql | ms sql server | ssms
MongoDB | mongo
NoSQL | cassandra | hbase | couchbase | dynamodb
Redis
Elasticsearch | elastic search | kibana | logstash
Database administration | dba | DBA | database administrator | rman | database backup
Database design | data modelling | data modeling | er diagrams | database development
Stored procedures | triggers and views | query optimization | sql tuning | performance tuning
Data analysis | data analytics | data analyst
Data science | data scientist
Machine learning | ml models | supervised learning | scikit-learn | sklearn | xgboost
Deep learning | neural networks | neural nets | tensorflow | pytorch | keras
Natural language processing | nlp | NLP | text mining
Computer vision | opencv | image processing
Statistics | statistical analysis | statistical modelling | statistical modeling | biostatistics
Data visualisation | data visualization | dashboards | d3.js
Tableau
Power BI | powerbi | dax
Excel | ms excel | microsoft excel | spreadsheets | pivot tables | vlookup
SAS software | sas programming | base sas
SPSS | stata
pandas | numpy | scipy
ETL | extract transform load | informatica | ssis | talend | datastage | data integration
Data warehousing | data warehouse | olap | star schema | dimensional modelling | dwh
Hadoop | hdfs | mapreduce | map reduce | hive | sqoop | yarn | apache pig | oozie
Apache Spark | spark | pyspark | spark sql
Apache Kafka | kafka | event streaming
Data engineering | data pipelines | data engineer | airflow
Business intelligence | bi reporting | ssrs | cognos | business objects | qlikview
Big data | big data analytics
Predictive modelling | predictive modeling | forecasting models | regression analysis
A/B testing | experiment design | split testing
Data quality | data cleansing | data governance | master data management
Geographic information systems | gis | GIS | arcgis | qgis | geospatial analysis
"""

INFRASTRUCTURE = """
Linux | unix | red hat | rhel | ubuntu | centos | debian
Windows Server | active directory | windows administration | group policy
Shell scripting | bash | shell script | powershell
Docker | containers | containerization | containerisation
Kubernetes | k8s | openshift | helm charts
AWS | amazon web services | ec2 | aws lambda
Microsoft Azure | azure
Google Cloud | gcp | google cloud platform
Cloud computing | cloud infrastructure | cloud services
Terraform | infrastructure as code | cloudformation
Ansible | puppet configuration | chef configuration | configuration management
CI/CD | continuous integration | continuous delivery | continuous deployment | jenkins | github actions
DevOps | site reliability | sre | SRE | devops engineer
Monitoring | nagios | prometheus | grafana | splunk
Build tools | maven | gradle | apache ant
Application servers | tomcat | weblogic | websphere | jboss | iis
Networking | computer networks | routing and switching | tcp/ip | lan | wan | network administration
Cisco networking | cisco | ccna | ccnp | cisco routers
Virtualisation | virtualization | vmware | hyper-v | citrix
System administration | systems administrator | sysadmin | system administrator
IT support | technical support | help desk | helpdesk | service desk | desktop support | troubleshooting
ITIL | itsm | it service management | servicenow | incident management
Telecommunications | voip | telecom | fibre optics | fiber optics
Information security | cybersecurity | cyber security | network security | infosec
Firewalls | firewall | palo alto | checkpoint firewall | vpn | ids/ips
Penetration testing | pen testing | ethical hacking | vulnerability assessment | burp suite
Security operations | siem | SIEM | security monitoring | threat hunting
Identity and access management | iam | single sign-on | oauth
Risk and compliance for IT | iso 27001 | soc 2 | it audit
"""

DESIGN = """
Graphic design | graphic designer | visual design
Adobe Photoshop | photoshop
Adobe Illustrator | illustrator
Adobe InDesign | indesign
Adobe Creative Suite | creative cloud | adobe cc
Figma | sketch app | adobe xd
UX design | user experience | ux | UX | interaction design | usability
UI design | user interface design | ui | UI | ui/ux
User research | usability testing | user interviews
Wireframing | prototyping | wireframes
Web design | web designing | responsive design | web designer
Typography | layout design
Branding | brand identity | logo design
Illustration | drawing | sketching
Motion graphics | after effects | animation
3D modelling | 3d modeling | blender | 3ds max | maya
Video editing | premiere pro | final cut | davinci resolve
Photography | photo editing | lightroom
Sound engineering | audio editing | audio production
Fashion design | garment construction | pattern making
Interior design | space planning
Accessibility | wcag | web accessibility
"""

"""Starter skills of office, business, law and public work, and the ones every job shares."""

FINANCE = """
Accounting | accountant | financial accounting | general accounting
Bookkeeping | bookkeeper | ledger
Accounts payable | payables | invoice processing
Accounts receivable | receivables | collections | credit control
Payroll | payroll processing | payroll administration
Financial reporting | financial statements | month-end close | month end closing
IFRS | gaap | GAAP | us gaap
Auditing | audit | internal audit | external audit | auditor
Taxation | tax | tax returns | vat | VAT | tax preparation | gst
Budgeting | budget planning | budget management | budgets
Financial analysis | financial analyst | financial modelling | financial modeling | valuation
Cost accounting | management accounting | cost control
Treasury | cash management | cash flow
Risk management | credit risk | market risk
Investment management | portfolio management | asset management | equities
Banking | bank teller | teller | retail banking
Lending | loan processing | mortgage | underwriting | credit analysis
Insurance | claims handling | insurance claims | actuarial
Anti-money laundering | aml | AML | kyc | KYC
QuickBooks | xero | sage accounting | tally erp | tally
Reconciliation | bank reconciliation | account reconciliation
Financial planning | financial advice | wealth management
"""

PEOPLE = """
Recruiting | recruitment | talent acquisition | recruiter | staffing | hiring
Candidate sourcing | headhunting | boolean search | talent sourcing
Interviewing | job interviews | candidate screening | screening
Onboarding | induction | new hire orientation
Employee relations | labour relations | labor relations | grievance handling
Human resources | hr | HR | human resource management | hr generalist | hr management
HR information systems | hris | HRIS | workday | peoplesoft | successfactors
Compensation and benefits | benefits administration | compensation
Performance management | performance appraisal | appraisals
Training and development | learning and development | training delivery | staff training | employee training
Workforce planning | headcount planning | succession planning
Organisational development | organizational development | change management | talent management
Employment law | labour law | labor law
Diversity and inclusion | equality diversity and inclusion
Employee engagement | employee wellbeing
"""

COMMERCE = """
Sales | selling | sales representative | sales associate | salesperson
B2B sales | business to business sales | corporate sales | enterprise sales
Retail sales | retail | store associate | showroom sales | shop assistant
Account management | key account management | account executive | client management
Business development | new business | lead generation
Cold calling | telesales | telemarketing | outbound calls
Negotiation | closing deals | deal negotiation
CRM systems | crm | CRM | hubspot | customer relationship management
Customer service | customer care | client service | customer support | customer satisfaction
Call centre | call center | contact centre | contact center | inbound calls
Store management | retail management | store manager
Visual merchandising | window dressing
Marketing | marketing campaigns | marketing manager
Digital marketing | online marketing | internet marketing
Search engine optimisation | seo | SEO | search engine optimization
Search advertising | sem | SEM | google ads | adwords | ppc | pay per click
Social media marketing | social media | social media management | facebook ads
Content marketing | content strategy | copywriting | blogging
Email marketing | mailchimp | e-mail marketing
Marketing analytics | google analytics | web analytics
Market research | consumer research | survey design
Product management | product manager | product owner | roadmap planning
Product marketing | go-to-market | product launch
Public relations | press relations | media relations | pr | PR
Brand management | brand strategy
E-commerce | ecommerce | online shop | marketplace management
Advertising | media planning | media buying
Real estate | estate agent | property sales | realtor | letting
Pricing | pricing strategy
"""

OFFICE = """
Office administration | administrative support | administrative assistant | office assistant | clerk
Reception | receptionist | front office
Data entry | typing | keyboarding
Secretarial work | executive assistant | personal assistant | secretary | diary management
Microsoft Office | ms office | office 365 | ms word | microsoft word | powerpoint | outlook
Filing | record keeping | records management | document management | document control
Scheduling | appointment setting | rota planning
Minute taking | meeting minutes
Travel arrangement | travel booking
Office management | office manager
Project management | project manager | pmp | PMP | prince2 | project planning | ms project
Programme management | program management | pmo | PMO
Project coordination | project coordinator
Business analysis | business analyst | brd | gap analysis | process mapping | use cases
Operations management | operations manager | business operations
Process management | sop | standard operating procedures | business process
Stakeholder management | stakeholder engagement | client communication
Strategy | strategic planning | business strategy
Consulting | management consulting | advisory
Team leadership | team leader | team lead | leading teams | supervision | people management
Facilities management | building management
Vendor contracts | contract management | contracts administration
"""

LEGAL = """
Law practice | lawyer | attorney | solicitor | advocate | legal practice
Legal research | case law research
Legal drafting | drafting contracts | contract drafting | legal documents | drafting
Litigation | court proceedings | civil litigation | trial preparation
Corporate law | company law | mergers and acquisitions
Contract law | contract review
Criminal law | criminal defence | prosecution
Family law | divorce law
Intellectual property | patents | trademarks | copyright
Data protection law | gdpr | GDPR | privacy law | data privacy
Regulatory compliance | compliance | compliance officer
Paralegal work | paralegal | legal assistant
Conveyancing | property law | real estate law
Arbitration | mediation | dispute resolution
Immigration law | visa processing
Notary services | notary
"""

PUBLIC = """
Public administration | civil service | public sector | local government | government administration
Policy analysis | policy development | public policy
Legislation drafting | legislative affairs
Public procurement | tendering | tenders | bid management
Grants management | grant administration
Budget administration public | public finance | municipal budget
Inspection and enforcement | code enforcement | building inspection | inspector
Permit processing | licensing administration | permits
Public works | street maintenance | sanitation services
Urban services | parks and recreation | recreation leadership
Emergency planning | civil protection | disaster preparedness
Statistics reporting public | census
Social benefits administration | welfare administration | eligibility assessment
Citizen services | public enquiries | constituent services
Transit operations | public transport operations
Water treatment | sewage treatment | water utility operations
"""

SHARED = """
Communication | communication skills | verbal communication | written communication
Teamwork | team player | collaboration
Problem solving | analytical skills | analytical thinking | critical thinking
Time management | prioritisation | meeting deadlines
Attention to detail | accuracy
Leadership | leadership skills
Customer focus | customer orientation
Presentation | presentation skills | public speaking
Multitasking | working under pressure
Adaptability | flexibility
English language | english | fluent english | english fluency
Spanish language | spanish | espanol | bilingual spanish
French language | french | francais
German language | german | deutsch
Portuguese language | portuguese
Italian language | italian
Dutch language | dutch | nederlands
Polish language | polish language skills
Arabic language | arabic
Mandarin Chinese | mandarin
Cantonese
Japanese language | japanese
Korean language | korean
Hindi | urdu
Russian language | russian
Ukrainian language | ukrainian
Turkish language | turkish
Swahili
Sign language | asl | british sign language
Driving licence | driver's license | driver licence | drivers license | driving license
"""

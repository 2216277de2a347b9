"""Starter skills of care, teaching and science."""

HEALTH = """
Registered nursing | registered nurse | rn | RN | nursing | staff nurse
Practical nursing | licensed practical nurse | lpn | LPN | lvn | LVN | enrolled nurse
Nursing assistance | nursing assistant | cna | CNA | healthcare assistant | nurse aide
Patient care | direct patient care | bedside care
Patient assessment | triage | vital signs | clinical assessment
Medication administration | administering medication | medications | iv therapy
Wound care | dressing changes
Intensive care | icu | ICU | critical care
Emergency care | emergency department | emergency room | accident and emergency
Operating theatre | operating room | perioperative | scrub nurse | surgical nursing
Paediatric care | pediatric care | pediatrics | paediatrics
Geriatric care | elderly care | aged care | dementia care | senior living
Palliative care | hospice care | end of life care
Midwifery | midwife | obstetrics | labour and delivery | labor and delivery
Mental health nursing | psychiatric nursing | psychiatric care
Basic life support | bls | BLS | cpr | CPR | first aid
Advanced life support | acls | ACLS | advanced cardiac life support
Infection control | infection prevention | sterile technique
Electronic health records | ehr | EHR | emr | EMR | epic systems | electronic medical records | charting
Care planning | care plans | discharge planning
Phlebotomy | venipuncture | blood draw | phlebotomist
Radiography | x-ray | radiology | mri | MRI | ct scan | ultrasound
Pharmacy | pharmacist | dispensing | pharmacy technician | pharmacology
Physiotherapy | physical therapy | physiotherapist | physical therapist
Occupational therapy | occupational therapist
Speech therapy | speech and language therapy | speech pathologist
Dental care | dental assistant | dental hygiene | dentistry
Laboratory techniques | laboratory | lab technician | medical laboratory | pipetting
Medical coding | icd-10 | medical billing | cpt coding
Medical terminology
Home care | caregiver | home health aide | personal care | companionship
Dietetics | nutrition | meal planning | dietitian | nutritionist
Fitness training | personal training | gym instruction | fitness instructor | yoga
Massage therapy | massage
Public health | epidemiology | health promotion
Clinical research | clinical trials | good clinical practice
Medicine | physician | general practice | medical doctor
Surgery | surgical procedures | surgeon
Veterinary care | animal care | veterinary nursing
Paramedicine | paramedic | ambulance | emergency medical technician | emt | EMT
"""

SOCIAL = """
Social work | social worker | casework
Case management | case manager | caseload management
Child protection | safeguarding | child welfare
Counselling | counseling | counsellor | psychotherapy
Crisis intervention | de-escalation | suicide prevention
Community outreach | outreach | community engagement | community development
Youth work | youth worker | youth development
Disability support | special needs care | support worker
Addiction support | substance abuse counselling | substance abuse counseling
Housing support | homelessness services | tenancy support
Advocacy | client advocacy
Motivational interviewing
Family support | parenting support
Refugee support | asylum support | resettlement
Volunteer coordination | volunteer management
Fundraising | grant writing | donor relations
"""

EDUCATION = """
Teaching | classroom teaching | teacher | instruction
Early childhood education | preschool | kindergarten | nursery teaching | early years
Primary teaching | elementary education | primary education | elementary school
Secondary teaching | high school teaching | secondary education
Special education | special needs education | sen | SEN
Lesson planning | lesson plans | curriculum development | curriculum design
Classroom management | behaviour management | behavior management
Student assessment | grading | marking
Tutoring | tutor | homework help
Language teaching | esl | ESL | tefl | TEFL | english as a second language
Mathematics teaching | maths teaching | math tutoring
Adult education | vocational training | adult learning
E-learning | elearning | moodle | instructional design | learning management systems
Academic research | literature review | research methodology
Academic advising | student counselling | career guidance | career counselling
School administration | school leadership | head teacher
Childcare | child care | babysitting | nanny
Library services | librarian | cataloguing
Coaching | mentoring | sports coaching
Music teaching | music instruction
Lifeguarding | lifeguard | water safety
Translation | interpreting | interpreter | localisation
Writing | creative writing | content writing | copy editing
Proofreading | editing
Journalism | reporting news | news writing
"""

SCIENCE = """
Chemistry | analytical chemistry | chemist | hplc
Biology | molecular biology | cell culture | pcr
Physics
Environmental science | environmental assessment | ecology
Geology | geotechnical survey
Agriculture | crop production | farming | agronomy
Horticulture | gardening | landscaping | groundskeeping
Forestry | tree surgery | arboriculture
Animal husbandry | livestock | dairy farming
Fishing | aquaculture
Meteorology | climate science
Biotechnology | bioprocessing | fermentation
Pharmaceutical manufacturing | gmp | GMP | good manufacturing practice
Food science | food technology | haccp | HACCP
Mathematics | applied mathematics | linear algebra
Operations research | mathematical optimisation | linear programming
"""

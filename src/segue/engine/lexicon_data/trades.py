"""Starter skills of making, building, moving, feeding and guarding."""

DRIVING = """
Truck driving | truck driver | lorry driver | hgv driver | hgv | HGV | heavy goods vehicle | cdl | CDL
Delivery driving | delivery driver | van driver | courier | last mile delivery
Bus driving | bus driver | coach driver | passenger transport
Taxi driving | taxi driver | chauffeur | rideshare
Route planning | route optimisation | navigation
Defensive driving | safe driving | clean driving record
Vehicle inspection | pre-trip inspection | vehicle checks
Tachograph rules | hours of service | driver hours
Load securing | load security | cargo securing
Dangerous goods transport | adr certificate | hazmat | hazardous materials
Forklift operation | forklift | forklift driver | fork lift | reach truck
Crane operation | crane operator | rigging | slinging
Train driving | train driver | rail operations
Aviation operations | pilot licence | flight operations | cabin crew
Maritime operations | seafaring | deckhand | vessel operation
Valet parking | valet
"""

LOGISTICS = """
Warehouse work | warehouse | warehouse operative | warehousing | material handler
Order picking | picking and packing | pick and pack | picker packer | packing
Inventory management | inventory control | stock control | stock management | cycle counting
Shipping and receiving | goods in | receiving | dispatch | loading and unloading
Warehouse management systems | wms | WMS | rf scanner
Supply chain management | supply chain | scm
Procurement | purchasing | sourcing | buyer
Demand planning | demand forecasting | material planning | mrp | MRP
Transport planning | fleet management | freight | freight forwarding
Customs clearance | import export | customs brokerage | incoterms
Distribution | distribution centre | fulfilment | fulfillment
Vendor management | supplier management | contract negotiation
Lean logistics | cross docking
Manual handling | heavy lifting | lifting
Stocking | shelf stacking | merchandising | replenishment
"""

TRADES = """
Electrical installation | electrician | wiring | electrical wiring | electrical maintenance
Plumbing | plumber | pipe fitting | pipefitting
Carpentry | carpenter | joinery | woodworking | cabinet making
Welding | welder | mig welding | tig welding | arc welding
Bricklaying | bricklayer | masonry
Painting and decorating | house painter | decorating | spray painting
Roofing | roofer
Plastering | drywall | plasterer
Tiling | floor laying | flooring
Scaffolding | scaffolder
Heating and ventilation | hvac | HVAC | air conditioning | refrigeration
Gas fitting | gas engineer | boiler servicing
Solar installation | photovoltaic | solar panels
Automotive repair | car mechanic | auto mechanic | vehicle maintenance | automotive technician | brake repair
Heavy equipment operation | excavator | bulldozer | backhoe | plant operation
Concrete work | formwork | concreting
Building maintenance | facilities maintenance | handyman | property maintenance | preventive maintenance
Blueprint reading | technical drawings | reading drawings
Power tools | hand tools
Construction site safety | site safety | cscs | CSCS | osha 10
Glazing | window fitting
Elevator maintenance | lift maintenance
Demolition | groundworks
Tailoring | sewing | upholstery
Hairdressing | hair styling | barbering | cosmetology | hair stylist
Beauty therapy | manicure | make-up | skin care
"""

MANUFACTURING = """
Machine operation | machine operator | production machinery
CNC machining | cnc | CNC | cnc operator | cnc programming | lathe | milling
Assembly | assembly line | assembler | production line | production worker
Quality inspection | quality control | qc | QC | quality inspector
Lean manufacturing | lean | kaizen | 5s | toyota production system
Six Sigma | lean six sigma | green belt | black belt
Process improvement | continuous improvement | process optimisation
Production planning | production scheduling | production management | manufacturing planning
PLC programming | plc | PLC | programmable logic controller | scada | SCADA
Industrial automation | robotics | industrial robots
Industrial maintenance | mechanical maintenance | millwright | machine maintenance
Soldering | pcb assembly | electronics assembly
Sheet metal work | metal fabrication | fabrication
Injection moulding | injection molding | plastics processing
Tool and die making | toolmaking
Packaging operation | packaging line | bottling
Food production | food processing | meat processing
Textile production | weaving | knitting machines
Printing | offset printing | press operation
Root cause analysis | fmea | FMEA | 8d
"""

ENGINEERING = """
AutoCAD | auto cad | cad | CAD | computer aided design
SolidWorks | solid works
CATIA | creo | pro engineer | siemens nx
Revit | bim | BIM | building information modelling
Civil engineering | civil engineer
Structural engineering | structural analysis | staad pro | etabs
Construction management | site supervision | site engineer | construction supervision
Quantity surveying | quantity surveyor | cost estimating | estimation and costing | bill of quantities
Surveying | land surveying | total station
Highway engineering | road construction | transportation engineering
Water engineering | hydraulics | wastewater | drainage design
Mechanical engineering | mechanical engineer | mechanical design
Thermodynamics | heat transfer | fluid mechanics
Finite element analysis | fea | FEA | ansys | abaqus
Electrical engineering | electrical engineer | power systems | switchgear
Electronics engineering | circuit design | pcb design | vlsi | VLSI
Control engineering | control systems | simulink
Chemical engineering | process engineering | aspen plus
Product design | product development | design for manufacture
Environmental engineering | environmental compliance | remediation
Energy management | renewable energy | wind turbines
Testing and commissioning | commissioning
Urban planning | town planning | land use planning
Architecture design | architectural design | architect | sketchup
Asset management engineering | reliability engineering
Health and safety | occupational safety | workplace safety | hse | HSE | ehs | EHS | osha | OSHA
"""

HOSPITALITY = """
Food service | waiter | waitress | waiting tables | server | serving food | table service
Cooking | cook | line cook | food preparation | food prep | prep cook | kitchen staff
Culinary arts | chef | sous chef | menu planning | menu development
Baking | baker | pastry | confectionery
Food safety | food hygiene | servsafe | food handler
Bartending | bartender | mixology | barback | cocktails
Coffee making | barista | espresso
Housekeeping | housekeeper | room attendant | room cleaning
Front desk | hotel reception | guest services | check-in | night audit
Concierge services | concierge
Event management | event planning | event coordination | event specialist
Catering | banquets | banquet service
Restaurant management | restaurant manager | shift leader
Hotel management | hotel operations | revenue management
Cleaning | janitorial | custodian | cleaner | sanitation
Dishwashing | dishwasher | kitchen porter
Reservations | booking systems | opera pms
Tour guiding | tour guide | travel planning
Hosting | hostess | greeting guests
Cash handling | cashier | till operation | cash register | point of sale | POS | pos
"""

SECURITY = """
Security guarding | security guard | security officer | sia licence | guard card
Access control | visitor control | door supervision
Surveillance | cctv | CCTV | video monitoring
Patrolling | patrol | foot patrol
Loss prevention | asset protection | shoplifting prevention
Incident reporting | report writing | incident response
Conflict management | conflict resolution
Crowd control | event security
Fire safety | fire prevention | fire warden | firefighting
Emergency response | emergency management | evacuation
Law enforcement | policing | police officer
Investigation | investigations | interviewing witnesses | forensics
Corrections | correctional officer | prison officer
Military operations | armed forces
"""

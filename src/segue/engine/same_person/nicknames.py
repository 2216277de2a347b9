"""Short and familiar forms of given names, a line a name. Written by us; a form may belong to several."""

from __future__ import annotations

from collections import defaultdict

_LINES = """
abigail abby abbie gail
albert al bert bertie alberto albrecht
alexander alex alec sandy xander sasha sascha aleksander alexandre alejandro alessandro sandro
alexander aleksandr oleksandr sasha
alexandra alex sandra sasha lexi alessandra alejandra aleksandra oleksandra
alfred alf fred freddie alfredo
amanda mandy
andrew andy drew andreas andre andrea andrei andrzej anders andrij
angela angie angelina
ann anne anna annie nan hannah ania anka anya
anthony tony antonio anton antoine toni antoni
antonia toni tonia antonella
arthur art artie artur arturo
barbara barb babs basia
beatrice bea trixie beatriz
benjamin ben benny benji
bernard bernie bernhard bernardo
bridget bridie biddy brigitte birgit
caroline carol carrie lina carolina karoline karolina
catherine cathy kate katie kathy kitty katherine kathryn catarina katarzyna kasia
catherine ekaterina katya katja caterina
cecilia cecily celia cissy
charles charlie chuck chas karl carl carlos carlo
charlotte charlie lottie lotte
christian chris christiaan
christina chris tina chrissy kristina cristina christine krystyna
christopher chris kit topher christoph christophe cristobal krzysztof krzys
clara claire clare klara
daniel dan danny daniele danil
david dave davy davide dawid
deborah deb debbie debra
dennis denny denis
diana di diane
dimitri dima dmitry mitya dimitrios dmytro
dolores lola
dominic dom nick domenico dominik domingo
donald don donnie
dorothy dot dottie dolly dorothea dora dorota
edward ed eddie ted ned teddy eduard eduardo edoardo
eleanor ellie nell nora eleonora leonor
elizabeth liz lizzie beth betty eliza libby lisa elisabeth betsy elsa elspeth isabel bess
elizabeth elisabetta elzbieta ela elisabeth
emily em emmy emilia emilie
emma em emmy
eric rick erik
ernest ernie ernst ernesto
eugene gene evgeny zhenya eugenio
evelyn eve evie
ferdinand ferdi fernando ferdinando nando
florence flo florrie flora
frances fran franny frankie francesca franziska franzi francisca
francis frank fran frankie franz francesco paco pancho francisco franciszek
frederick fred freddie rick friedrich fritz federico
gabriel gabe gabriele
gabriela gaby gabi gabrielle gabriella
genevieve jenny eve
george georgie jorge georg giorgio jerzy yuri yura georgios jurek
gerald gerry jerry gerhard gerd gerardo
gerard gerry gerardo
giovanni gianni nino
giuseppe beppe pino peppe
gregory greg grzegorz gregor
guillermo memo guille
gustav gus gustavo
harold harry hal harald
helen nell ellie helena elena lena
henry harry hank hal heinrich heinz henri enrico enrique hendrik henk henryk heiner
herbert herb bert bertie
hubert hugh bert hubertus
hugh hughie hugo
ignacio nacho ignatius
isaac ike zac
isabella bella izzy isabel
jacob jake jakob jakub kuba jaap
jacqueline jackie
james jim jimmy jamie jem jaime
jane janie jenny janet joanna johanna asia
jeffrey jeff geoff geoffrey
jennifer jen jenny jenna
jeremy jerry jem jeremias
jerome jerry hieronymus
jessica jess jessie
jesus chucho chuy
joachim jochen achim
john jack johnny jon ian jan juan johann hans johannes jean giovanni ivan vanya jannis joao sean ioannis janek
jonathan jon johnny nathan
joseph joe joey josef jose pepe jozef josip iosif yusuf
josephine jo josie josefine josefa pepa
joshua josh
judith judy jude
julia julie jules giulia yulia iuliia
julian jules julien giuliano
katharina kathi katrin
kenneth ken kenny
lawrence larry laurie laurence lorenzo laurent lorenz
leonard leo len lenny leonardo leonhard
leslie les
lillian lily lil lilli
louis lou louie ludwig luis luigi lewis lutz
louise lou lulu luisa louisa
lucas luke luca lukas lukasz
lucy lucia lulu lucie
maciej maciek matthias
magdalena magda lena magdalene
malgorzata gosia malgosia
manuel manny manolo
manuela manu
marco marcus mark marcos marek markus marc
margaret maggie meg peggy marge daisy rita margarita greta margarete gretchen madge margot margherita
maria mary marie molly polly mia maja mariya masha mario
maria-teresa maite
marina mara
martin marty martino
martha marta patty
matilda tilly mathilde tilda
matthew matt mattie matteo mateo matthieu mateusz matthias
maurice mo maurizio moritz mauricio
maximilian max maksymilian massimiliano
mercedes merche
michael mike mick micky mickey mikey mitch michel miguel michele mikhail misha michal mikael
michelle shelly chelle
mohammed mohamed muhammad mohammad mo mehmet mhmd ahmed-mohamed
monica mona monika
nancy nan
natalie nat natalia natasha natalya nataliia
nathaniel nat nathan nate
nicholas nick nicky nico klaus niklas nikolas niccolo nicola nikolai kolya mikolaj nikolaos nils nicolas
nicole nicky nikki nicola
oliver ollie olivier oliwer
olivia liv livvy
pamela pam
patricia pat patty tricia trish patrizia
patrick pat paddy patrizio
paul pablo paolo pauly pavel pawel paulo pasha
paula polly paola
peter pete pedro pietro piet pierre piotr petr
philip phil pip filip felipe philipp philippe filippo
priscilla cilla
rachel ray rae raquel
ralph rafe raul rolf
raymond ray ramon raimund
rebecca becky becca beck rebeka
richard rick dick richie rich ricky ricardo riccardo ryszard
robert bob rob bobby robbie bert roberto robin
roberta bobbie
roger rodge rogerio ruediger
roland rolly rolando orlando
ronald ron ronnie
rosario charo
rose rosie rosa roza
rudolf rudi rodolfo
russell russ
samantha sam sammy
samuel sam sammy
santiago santi diego
sarah sally sadie sara
sebastian seb bastian basti sebastiano
sergey serge seryozha sergio serhii sergei
sophia sophie sofia sofie zosia zofia
stanley stan
stanislav stas stanislaw stan stanislaus
stephanie steph stefanie steffi stefania
stephen steve stevie steven stefan esteban stefano stephan stjepan szczepan etienne
susan sue susie suzy susanne suzanne susana susanna zuzanna
sylvia sylvie silvia
tatiana tanya tania
thaddeus thad tadeusz
theodore ted teddy theo theodor teodoro fyodor
theresa terry tess tessa teresa tracy therese
thomas tom tommy thom tomas tomasz tommaso
timothy tim timmy timo
ursula ursel ulla urszula ula
valerie val valeria
vanessa nessa
veronica ronnie vera veronika weronika
victor vic viktor vittorio wiktor
victoria vicky tori vic viktoria vittoria wiktoria
vincent vince vinnie vincenzo vicente
virginia ginny
vladimir vova volodya volodymyr wladimir wlodzimierz
walter walt wally gualtiero
wilhelm willi willy helmut-wilhelm
william bill will billy willy liam willem wilhelm guglielmo guillermo guillaume
yekaterina katya ekaterina
zachary zach zac
"""


def _by_form() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for line, forms in enumerate(_LINES.split("\n")):
        for form in forms.split():
            found[form].add(line)
    return {form: frozenset(lines) for form, lines in found.items()}


_LINES_OF = _by_form()
_NONE: frozenset[int] = frozenset()


def forms_of(name: str) -> frozenset[int]:
    """Return which names (as numbers) a plain lower-case form stands for; empty for one we do not know.

    >>> bool(forms_of("bob") & forms_of("roberto")), bool(forms_of("bob") & forms_of("john"))
    (True, False)
    """
    return _LINES_OF.get(name, _NONE)

"""The vocabulary of generated lessons: school words by class, inflected by rule and drawn by Zipf's law."""

from __future__ import annotations

import random
from bisect import bisect
from itertools import accumulate

_NOUNS = """
number student group partner table diagram question answer strategy problem unit length line point graph
value way picture shape amount part whole class pattern idea model step rule story sentence quantity
measure change difference sum product factor fraction ratio rate percent decimal digit place cube block
counter card square triangle rectangle circle angle side vertex edge face prism pyramid cylinder cone
sphere area volume perimeter surface distance height width depth weight mass time minute hour day week
month year second meter inch cup gallon liter gram pound ounce mile yard ruler scale balance clock coin
dollar cent price cost sale tax tip discount interest budget store market shelf basket box bag jar bottle
bucket barrel pitcher glass plate bowl spoon recipe juice water milk lemonade paint color shade mixture
batch serving slice pizza pie cake muffin cookie loaf bread apple orange banana grape cherry peach plum
melon berry carrot potato tomato onion pepper bean seed plant flower garden row column field farm barn
fence gate path road street map trail bridge river lake pond stream ocean beach island mountain hill
valley forest tree leaf branch root trunk nest bird duck goose chicken egg feather wing horse cow goat
pig dog cat rabbit turtle frog fish whale dolphin shark crab shell snail spider ant bee butterfly
school library hallway desk chair board marker pencil crayon eraser paper notebook folder page chapter
book poster ribbon string rope wire chain bead button sticker stamp envelope letter note message list
chart tally survey vote opinion favorite hobby game score team player coach captain court goal race lap
track runner jump throw catch ball bat glove helmet jersey uniform shoe sock shirt jacket hat scarf
train bus car truck van bike wheel tire engine motor battery ticket seat driver passenger station airport
plane pilot rocket planet moon star comet orbit telescope camera photo film screen speaker radio phone
computer tablet keyboard robot program code machine tool hammer nail screw bolt brick stone tile floor
wall roof window door room kitchen garage attic basement stair ladder ramp slope angle corner border
frame mirror lamp candle blanket pillow quilt fabric thread needle stitch patch pocket zipper buckle belt
tank pool hose pipe pump drain filter sponge brush broom cloth towel soap bubble balloon kite puppet doll
puzzle piece tower castle crown sword shield flag banner drum flute piano guitar violin song note beat
rhythm dance stage actor costume ticket audience concert museum statue painting gallery sculpture exhibit
zoo park bench swing slide tunnel fountain picnic tent camp fire log flame smoke ash cloud storm thunder
rain snow wind breeze season winter summer spring autumn temperature degree thermometer reading record
experiment sample trial outcome event chance spinner cube marble coin data value center spread median
range outlier cluster gap interval axis origin grid coordinate quadrant plane variable expression equation
term coefficient constant exponent power base solution inequality symbol statement reason claim evidence
example counterexample definition property operation addition subtraction multiplication division
remainder quotient divisor multiple numerator denominator tenth hundredth thousandth third fourth fifth
half quarter dozen pair double triple total average estimate guess prediction conclusion result mistake
error correction explanation description comparison relationship connection structure representation
discussion conversation gesture response contribution summary reflection observation detail feature
label title heading arrow bar dot segment ray reflection rotation translation transformation image figure
symmetry congruence similarity scale proportion speed pace velocity function input output machine table
rise run intercept slope model trend association frequency bridge journey trip vacation visitor guest
neighbor cousin family parent teacher friend baker farmer painter builder designer engineer scientist
artist author reader writer musician gardener mechanic carpenter plumber doctor nurse dentist librarian
"""

# A star marks a verb that doubles its last consonant; all are regular.
_VERBS = """
compare explain describe notice wonder solve count measure draw label use show share check discuss
listen ask answer record represent estimate plot* graph multiply divide add subtract* combine separate
join order sort match group trade round simplify evaluate predict justify critique revise connect relate
identify reason model interpret analyze create compose decompose rotate reflect translate slide flip*
turn stretch fold wrap* cover pour mix blend bake cook serve taste share pack unpack
load carry lift push pull drag* drop* roll bounce kick toss pass jump hop* skip* walk jog* race climb
crawl float sail row paddle travel visit explore discover search collect gather arrange stack
build repair paint color trace sketch copy paste clip* trim* stitch mend plant water harvest pick
wash rinse dry clean dust polish scrub* open close lock unlock enter exit start stop* finish
continue repeat pause wait rest watch observe examine inspect test trial guess wonder imagine plan
organize prepare present perform practice play rehearse learn study remember review recall
recognize consider decide agree disagree argue convince suggest offer request invite welcome greet
thank help support encourage praise remind warn correct fix adjust change replace remove insert attach
detach fasten tie glue tape pin* hook label name call mention report announce describe narrate
summarize paraphrase restate clarify confirm verify prove conclude infer deduce calculate compute total
sum* average balance equal exceed reach approach increase decrease double triple halve expand reduce
scale convert exchange earn save borrow owe donate charge order deliver mail ship receive
accept reject return rent hire work employ manage direct guide follow copy imitate generate produce
manufacture design invent improve develop complete extend include exclude contain involve require need
want expect hope wish prefer enjoy like love appreciate value rate rank score vote survey sample
highlight underline circle shade mark cross erase print publish display post scan* type click press touch
tap* point locate place position align center space shift move transfer distribute assign allocate divvy
partition slice chop* peel crack crush melt boil heat cool warm ripen
"""

_ADJECTIVES = """
equal equivalent different same large small long short tall wide narrow deep heavy light full empty
whole partial total exact correct reasonable possible likely certain common unique special similar
congruent parallel perpendicular vertical horizontal diagonal straight curved round square triangular
rectangular circular positive negative even odd prime composite rational proportional linear constant
variable unknown missing extra additional remaining original final first next last previous current
recent new old young early late quick slow fast steady careful clear simple complex easy difficult
challenging helpful useful important interesting surprising familiar unfamiliar friendly quiet loud
bright dark red blue green yellow purple brown black white gray pink silver golden striped spotted plain
fancy soft hard smooth rough sharp dull thick thin loose tight hot cold warm cool wet dry clean dirty
fresh ripe sweet sour salty bitter spicy crisp juicy frozen baked sliced wooden metal plastic paper glass
cardboard colorful shiny sturdy fragile flexible rigid solid hollow flat steep gentle high low near far
close distant local nearby outside inside upper lower left right middle central outer inner top bottom
single double triple several many few numerous plentiful rare frequent daily weekly monthly yearly
annual regular irregular random ordered sorted labeled shaded blank complete incomplete accurate precise
approximate estimated actual true false valid logical mathematical numerical visual verbal written spoken
physical digital concrete abstract general specific efficient effective creative thoughtful curious
patient confident proud brave kind generous polite honest fair equal busy lazy hungry thirsty sleepy happy
cheerful excited eager calm nervous worried puzzled confused surprised amazed grateful famous popular
ancient modern traditional natural artificial wild tame tiny huge enormous gigantic miniature average
typical maximum minimum
"""

_ADVERBS = """
carefully clearly quickly slowly exactly nearly almost already often sometimes usually always never
together alone quietly loudly easily correctly accurately precisely approximately equally evenly
repeatedly finally first next then later soon again once twice early late daily weekly directly
gradually steadily suddenly gently firmly proudly happily eagerly patiently politely thoughtfully
logically reasonably efficiently independently openly briefly fully partly mostly mainly simply
"""

_NAMES = """
Ada Ben Carla Dana Eli Farah Gus Hana Ivan Jada Kai Lena Mateo Noor Omar Priya Quinn Rosa Sam Tyler Uma
Victor Wren Ximena Yusuf Zoe Andre Bea Clare Diego Elena Felix Grace Han Iris Jun Kiran Lin Mai Nia Otis
Pilar Rafa Sofia Tariq Ursula Vera Will Xavier Yara Zane Amina Bruno Chloe Dev Esme Finn Gia Hugo Imani
Jonas Kofi Layla Milo Nadia Oscar Paulo Ruth Selin Theo
"""

_IRREGULAR = {"vertex": "vertices", "axis": "axes", "leaf": "leaves", "shelf": "shelves", "half": "halves",
              "goose": "geese", "fish": "fish", "loaf": "loaves",
              "scarf": "scarves", "data": "data"}  # fmt: skip


def _unique(words: str) -> list[str]:
    """Each word once, in the order of its first place."""
    return list(dict.fromkeys(words.split()))


def _plural(noun: str) -> str:
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith(("s", "x", "ch", "sh", "z")) or noun in ("potato", "tomato"):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def _forms(verb: str) -> tuple[str, str, str, str]:
    """The verb itself, with -s, with -ed and with -ing."""
    plain = verb.rstrip("*")
    stem = plain + plain[-1] if verb.endswith("*") else plain
    third = _plural(plain) if plain not in _IRREGULAR else plain + "s"
    if plain.endswith("e"):
        return plain, third, plain + "d", (plain[:-2] + "y" if plain.endswith("ie") else plain[:-1]) + "ing"
    past = plain[:-1] + "ied" if plain.endswith("y") and plain[-2] not in "aeiou" else stem + "ed"
    return plain, third, past, stem + "ing"


_VERB_FORMS = [_forms(verb) for verb in _unique(_VERBS)]

CLASSES: dict[str, list[str]] = {
    "noun": _unique(_NOUNS),
    "nouns": [_plural(noun) for noun in _unique(_NOUNS)],
    "verb": [forms[0] for forms in _VERB_FORMS],
    "verbs": [forms[1] for forms in _VERB_FORMS],
    "past": [forms[2] for forms in _VERB_FORMS],
    "doing": [forms[3] for forms in _VERB_FORMS],
    "adjective": _unique(_ADJECTIVES),
    "adverb": _unique(_ADVERBS),
    "name": _unique(_NAMES),
}
_TOTALS = {
    name: list(accumulate(1.0 / (rank + 3) for rank in range(len(words)))) for name, words in CLASSES.items()
}


def draw(chance: random.Random, word_class: str) -> str:
    """A word of a class; the word of rank r comes in proportion to 1 / (r + 3)."""
    totals = _TOTALS[word_class]
    return CLASSES[word_class][bisect(totals, chance.random() * totals[-1])]

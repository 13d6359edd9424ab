"""Names and words for many complaints, few of them frequent and many rare, as in life."""

import random
from collections.abc import Sequence
from itertools import product


def _listed(words: str) -> list[str]:
    return [" ".join(each.split()) for each in words.split(",")]


# Bearers among a hundred thousand people; the hundred most frequent are a quarter of everybody.
FREQUENT = {
    "Smith": 1150, "Jones": 752, "Taylor": 591, "Williams": 580, "Brown": 560, "Davies": 430,
    "Evans": 351, "Wilson": 340, "Thomas": 325, "Roberts": 320, "Johnson": 318, "Lewis": 267,
    "Walker": 263, "Robinson": 258, "Wood": 254, "Thompson": 252, "White": 247, "Watson": 244,
    "Jackson": 241, "Wright": 239, "Green": 236, "Harris": 234, "Cooper": 231, "King": 228,
    "Lee": 226, "Martin": 222, "Clarke": 221, "James": 220, "Morgan": 219, "Hughes": 218,
    "Edwards": 217, "Hill": 216, "Moore": 214, "Clark": 211, "Harrison": 209, "Scott": 206,
    "Young": 203, "Morris": 199, "Hall": 196, "Ward": 195, "Turner": 194, "Carter": 190,
    "Phillips": 187, "Mitchell": 185, "Patel": 184, "Adams": 182, "Campbell": 179,
    "Anderson": 176, "Allen": 175, "Cook": 173, "Bailey": 170, "Khan": 168, "Parker": 165,
    "Miller": 163, "Davis": 161, "Murphy": 160, "Price": 158, "Bell": 156, "Baker": 154,
    "Ali": 152, "Kelly": 151, "Griffiths": 149, "Simpson": 148, "Marshall": 146, "Collins": 145,
    "Bennett": 143, "Cox": 141, "Richardson": 140, "Fox": 138, "Gray": 137, "Hussain": 136,
    "Rose": 134, "Chapman": 133, "Hunt": 131, "Robertson": 130, "Shaw": 128, "Reynolds": 127,
    "Lloyd": 126, "Ellis": 125, "Richards": 123, "Russell": 122, "Wilkinson": 121, "Begum": 120,
    "Graham": 118, "Stewart": 117, "Reid": 116, "Murray": 115, "Powell": 114, "Palmer": 113,
    "Holmes": 112, "Rogers": 111, "Stevens": 110, "Walsh": 109, "Hunter": 108, "Mills": 107,
    "O’Brien": 106, "Singh": 105, "Ahmed": 104, "Adeyemi": 103, "Kowalczyk": 102,
}  # fmt: skip
_BEGINNINGS = _listed("""
    Ash, Bar, Black, Brad, Brook, Burn, Cald, Chad, Clay, Cran, Dar, Dun, East, Elm, Fair, Farn,
    Gar, Glad, Gold, Had, Hart, Hath, Hazel, Hol, Ivor, Kel, Kes, Kirk, Lang, Lock, Long, Mal,
    Mar, Mel, Mor, Nor, Oak, Old, Pem, Pen, Quar, Rad, Rams, Red, Ret, Row, Sand, Sed, Shel, Sil,
    Stan, Stock, Swan, Thorn, Trem, Under, Wake, Wal, Wen, Whit, Win, Wych
""")
_MIDDLES = _listed("""
    a, ber, der, en, er, field, ford, in, ing, ken, le, ling, man, ming, on, sen, ster, ter, ton,
    wen
""")
_ENDS = _listed("""
    borne, bury, by, combe, cott, dale, den, don, field, ford, ham, hurst, land, ley, low, man,
    mere, more, ridge, shaw, stead, ston, ton, wick, wood, worth
""")
FIRST_NAMES = _listed("""
    Olivia, Amelia, Isla, Ava, Mia, Ivy, Lily, Isabella, Rosie, Sophia, Grace, Willow, Freya,
    Florence, Emily, Ella, Poppy, Evie, Charlotte, Margaret, Doris, Jean, Joan, Sheila, Patricia,
    Susan, Linda, Christine, Fatima, Aisha, Zainab, Siân, Agnieszka, Noah, Oliver, George, Arthur,
    Muhammad, Leo, Harry, Oscar, Archie, Henry, Theo, Jack, Alfie, Jacob, Thomas, William, James,
    David, John, Michael, Peter, Robert, Alan, Brian, Kenneth, Gareth, Mohammed, Imran, Piotr,
    Kwame, Olu, Wei
""")
STREETS = _listed("""
    Dock, Quay, Mast, Anchor, Lantern, Sail, Rope, Chandler, Harbour, Station, Church, Mill, Park,
    Victoria, Albert, Queen, King, Castle, Hill, Meadow, Orchard, Cedar, Beech, Birch, Larch,
    Heron, Kestrel, Swallow, Nelson, Drake
""")
WAYS = ("Road", "Street", "Close", "Avenue", "Court", "Way", "Row", "Gardens")

# Each list begins with what people complain of most; what stands last is rare.
_THINGS = _listed("""
    boiler, heating, lift, door, window, roof, gutter, ceiling, wall, tap, toilet, shower, bath,
    sink, drain, fence, gate, path, stairs, lights, socket, alarm, fan, cooker, radiator,
    thermostat, cylinder, pump, stopcock, overflow, waste, cistern, tiles, grout, sealant,
    plaster, skirting, floorboards, carpet, lino, threshold, hinge, lock, letterbox, entryphone,
    intercom, aerial, banister, handrail, ramp, balcony, parapet, flashing, soffit, fascia,
    downpipe, manhole, soakaway, bollard, barrier, kerb, hedge, tree, shed, garage, bins, chute,
    laundry, dryer, extractor, cowl, flue, meter, fusebox, cable, duct, vent, loft, insulation,
    cladding, render, brickwork, lintel, chimney, fireplace, hearth, worktop, drawer, cupboard,
    shelf, blind, shutter, pane, beading, sill, porch, canopy, doorbell, peephole
""")
_ROOMS = _listed("""
    kitchen, bathroom, bedroom, living room, hall, landing, stairwell, garden, car park, basement,
    porch, loft, balcony, lobby, bin store, courtyard, garage, walkway, laundry, boiler room,
    meter cupboard, bike shed, playground, roof terrace, underpass
""")
_WHEN = _listed("""
    January, February, March, April, May, June, July, August, September, October, November, the
    spring, last summer, the half term, the bank holiday, Easter, the week before Christmas
""")
_TIMES = _listed("""
    twice, three times, four times, five times, every week, again and again, more than once, a
    dozen times
""")
_PEOPLE = _listed("""
    my daughter, my son, my mother, my husband, my wife, the baby, my neighbour, the children, my
    carer, my father, the lady downstairs, the man upstairs, my sister, our lodger
""")
_WOES = _listed("""
    cannot sleep, has asthma, uses a wheelchair, is frightened to go out, has been in hospital,
    misses school, is on oxygen, works nights, slipped and fell, burned a hand, has stopped
    visiting, lost a day’s pay, caught pneumonia, is eighty-nine
""")
_SENTENCES = (
    "The {thing} in the {room} has been out of order since {when}.",
    "Water came through the {room} {thing} in {when}.",
    "The {thing} was reported {times} and nobody came.",
    "There is black mould round the {room} {thing}.",
    "Your contractor broke the {thing} and left it in the {room}.",
    "The {thing} has been patched {times} and never mended.",
    "I rang about the {thing} {times} and was told that somebody would ring back.",
    "I took days off work in {when} for visits to the {room} that nobody kept.",
    "{person} {woe} because of the {thing}.",
    "The operative had no part for the {thing}.",
    "I sent photographs of the {room} in {when}.",
    "Nobody has told me what will happen to the {thing} next.",
    "{person} {woe}, and {person2} {woe2}.",
    "The {room} smells of damp whenever it rains.",
    "The letter of {when} says that the {thing} was renewed; it was not.",
    "The rent account was charged for the {room} {thing}.",
    "The scaffolding by the {room} has stood there since {when}.",
    "We have had no hot water since {when}.",
    "The noise from the {thing} above the {room} goes on all night.",
    "I asked for a new {thing} {times}.",
)
WANTED = (
    "Mend it properly and tell me when somebody will come.",
    "An apology and an explanation.",
    "Money back for the days without hot water.",
    "One person who knows about it and rings me back.",
)


def surnames(chance: random.Random, count: int) -> list[str]:
    """Return that many surnames: few that many bear, and many that few bear."""
    tail = [f"{a}{b}{c}" for a, b, c in product(_BEGINNINGS, _MIDDLES, _ENDS)]
    chance.shuffle(tail)
    rest = 100_000 - sum(FREQUENT.values())
    share = [1 / (place + 30) for place in range(len(tail))]
    total = sum(share)
    weights = [*FREQUENT.values(), *(rest * each / total for each in share)]
    return chance.choices([*FREQUENT, *tail], weights, k=count)


def summaries(chance: random.Random, count: int) -> list[str]:
    """Return that many complaints in a few sentences."""
    return [_summary(chance) for _ in range(count)]


def _summary(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(2, 7)))


def _sentence(chance: random.Random) -> str:
    filled = chance.choice(_SENTENCES).format(
        thing=_rare(chance, _THINGS),
        room=_rare(chance, _ROOMS),
        when=_rare(chance, _WHEN),
        times=_rare(chance, _TIMES),
        person=_rare(chance, _PEOPLE),
        woe=_rare(chance, _WOES),
        person2=_rare(chance, _PEOPLE),
        woe2=_rare(chance, _WOES),
    )
    return filled[0].upper() + filled[1:]


def _rare(chance: random.Random, choices: Sequence[str]) -> str:
    """Return one of the choices, the first of them often and the last seldom."""
    return choices[int(chance.random() ** 2.5 * len(choices))]


def letters(chance: random.Random, count: int) -> list[str]:
    """Return the bodies of that many letters."""
    return [
        "Dear customer,\n\nThank you for telling us. "
        + " ".join(_summary(chance) for _ in range(chance.randint(1, 2)))
        + "\n\nYou can go to the Housing Ombudsman at any time. Their advice is free.\n"
        for _ in range(count)
    ]


def notes(chance: random.Random, count: int) -> list[str]:
    """Return that many notes for colleagues."""
    return [f"Rang the contractor. {_summary(chance)}" for _ in range(count)]


def addresses(chance: random.Random, count: int) -> Sequence[tuple[str, str]]:
    """Return address and postcode of that many homes."""
    found = []
    for _ in range(count):
        street = f"{chance.choice(STREETS)} {chance.choice(WAYS)}"
        number = chance.randint(1, 180)
        letters_ = "ABDEFGHJLNPQRSTUWXYZ"
        postcode = (
            f"HB{chance.randint(1, 20)} {chance.randint(1, 9)}"
            f"{chance.choice(letters_)}{chance.choice(letters_)}"
        )
        found.append((f"{number} {street}\nHarbourside", postcode))
    return found

"""Names and sentences that named entities are made of. All of them are invented for this purpose; likeness is by chance."""

__all__ = ["ADJECTIVES", "COUNTRIES", "EVENTS", "FILLERS", "FIRST_NAMES", "ORGANISATIONS", "PLACES", "STEMS", "SURNAMES", "TEMPLATES"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Ada Adrian Agnes Albin Alina Amos Anton Astrid Beatrix Bela Boris Bruna Carla Cedric Clara Conrad Dana Darius Delia Dmitri Edda
    Elias Elsa Emil Erika Fabian Fenna Felix Flora Gideon Greta Gustav Hanna Hector Helene Hugo Ida Igor Ines Ivan Jana Jonas Judith
    Karim Kira Kurt Lea Leon Linnea Lucas Magda Marco Mira Nadia Nils Noor Olga Omar Otto Paula Petra Quentin Rania Rolf Rosa Samir
    Selma Stella Sven Tamar Theo Tilda Ulla Umar Vera Viktor Wanda Wim Yara Yusuf Zelda Zoran
    """
)

SURNAMES = tuple(
    f"{start}{end}"
    for start in _words("Abra Berg Cors Dahl Eng Falk Gron Hask Ild Jarn Kest Lund Morv Nyst Ost Pell Rask Sand Torv Ulv Vest Wend Zell")
    for end in _words("en er ini ova ski sson")
)

PLACES = tuple(
    f"{start}{end}"
    for start in _words("Alder Brack Carn Dun Elm Fair Glen Hart Iver Kes Lang Mill Nor Oak Pen Quar Raven Stan Thorn Under Wal Yar")
    for end in _words("bridge bury dale ford haven holm mouth stead ton wick")
)

COUNTRIES = {
    "Norvia": "Norvian",
    "Costara": "Costaran",
    "Ilmenia": "Ilmenian",
    "Tavonia": "Tavonian",
    "Estrela": "Estrelan",
    "Kadoria": "Kadorian",
    "Melusia": "Melusian",
    "Orvania": "Orvanian",
    "Paravia": "Paravian",
    "Rovenia": "Rovenian",
    "Sambara": "Sambaran",
    "Uldania": "Uldanian",
    "Veridia": "Veridian",
    "West Zamora": "Zamoran",
    "Yendia": "Yendian",
    "New Halland": "Hallander",
}
"""Country → what comes from it."""

STEMS = tuple(
    f"{start}{end}"
    for start in _words("Ax Bel Cor Dyn Eco Fin Gal Hel Inno Jov Kor Lum Meri Nov Opti Prim Quan Ruv Sol Tek Uni Vant Xer Zen")
    for end in _words("ara ex ium ora tron")
)

ORGANISATIONS = (
    "{stem}",
    "{stem}",
    "{stem} Systems",
    "{stem} Airlines",
    "{stem} Motors",
    "{stem} Foods",
    "{stem} Bank",
    "{stem} and {surname} Ltd",
    "{surname} Brothers",
    "{surname} Group",
    "University of {place}",
    "{place} University",
    "Bank of {country}",
    "{place} City Council",
    "{country} Olympic Committee",
    "Institute of Marine Research",
    "Ministry of Finance",
    "National Bureau of Weather",
)

EVENTS = (
    "{place} Open",
    "{place} Film Festival",
    "Treaty of {place}",
    "{adjective} Cup",
    "{surname} Prize",
    "World Rowing Championship",
    "Winter Chess Masters",
)

TEMPLATES = (
    "{PER} of {ORG} said on {day} that profits had risen by {number} percent .",
    "{ORG} said it would cut {number} jobs at its plant in {LOC} .",
    "{ORG} named {PER} as its new {role} .",
    "Shares of {ORG} fell {number} percent after {PER} resigned .",
    "The {role} of {ORG} , {PER} , declined to comment .",
    "{PER} was born in {LOC} and studied at {ORG} .",
    "{PER} , {number} , lives in {LOC} with two children .",
    "{LAST} told reporters in {LOC} that talks would go on .",
    "Mr {LAST} said the {FROM} government had no plans to raise taxes .",
    "Police in {LOC} said {number} people were hurt on {day} .",
    "Heavy rain closed the road between {LOC} and {LOC} on {day} .",
    "A train from {LOC} to {LOC} was {number} minutes late .",
    "{TEAM} beat {TEAM} {score} on {day} .",
    "{TEAM} drew {score} with {TEAM} in {LOC} .",
    "{PER} scored twice as {TEAM} won {score} .",
    "{LAST} , of {TEAM} , was sent off after {number} minutes .",
    "{PER} of {LOC} won the {MISC} for the second time .",
    "The {MISC} will be held in {LOC} next {month} .",
    "Ministers of {LOC} and {LOC} signed the {MISC} on {day} .",
    "{FROM} wine is sold in {number} shops in {LOC} .",
    "The {FROM} singer {PER} will open the festival in {LOC} .",
    "{ORG} and {ORG} agreed to merge , {PER} said .",
    "{ORG} bought {number} percent of {ORG} for an undisclosed sum .",
    "A court in {LOC} fined {ORG} {number} million on {day} .",
    "According to {ORG} , prices in {LOC} rose in {month} .",
    "{PER} and {PER} met in {LOC} on {day} .",
    "Judge {LAST} will hear the case against {ORG} in {month} .",
    "The {role} , {PER} , flew from {LOC} to {LOC} .",
    "{number} {FROM} tourists visited {LOC} in {month} .",
    "{LOC} , {month} {number}",
    "{PER} ( {TEAM} ) {number}",
    "{LOC} has asked {ORG} for a loan of {number} million .",
    "Scientists at {ORG} in {LOC} found a new kind of {thing} .",
    "{PER} wrote a book about the {thing} of {LOC} .",
    "The price of {thing} rose by {number} percent in {month} .",
    "Traders said demand for {thing} was weak on {day} .",
    "The weather will stay dry until {day} , with {number} degrees .",
    "About {number} tons of {thing} were shipped in {month} .",
    "Nobody was hurt , a spokesman said on {day} .",
    "The museum shows {number} pieces of {thing} from {month} on .",
)
"""In capitals what becomes an entity; TEAM is an organisation, LAST a person, FROM a nationality. The rest is no name."""

FILLERS = {
    "day": _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "month": _words("January February March April May June July August September October November December"),
    "role": _words("chairman director president spokesman treasurer coach minister manager"),
    "thing": _words("coffee glass wheat silver paper timber wool copper salt porcelain moss amber"),
}

ADJECTIVES = tuple(COUNTRIES.values())

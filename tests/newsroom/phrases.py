"""The words that bulk articles are put together from; people, places and companies are invented."""

from __future__ import annotations

# First names with the pronoun that the text uses for them later.
FIRST_NAMES = (
    ("Adela", "she"), ("Bruno", "he"), ("Chiara", "she"), ("Dmitri", "he"), ("Esther", "she"), ("Farid", "he"),
    ("Greta", "she"), ("Hamish", "he"), ("Ingrid", "she"), ("Jabari", "he"), ("Kalinda", "she"), ("Lorenzo", "he"),
    ("Maeve", "she"), ("Nikolai", "he"), ("Odile", "she"), ("Pradeep", "he"), ("Quilla", "she"), ("Rasmus", "he"),
    ("Salome", "she"), ("Tobin", "he"), ("Ursula", "she"), ("Viktor", "he"), ("Wanda", "she"), ("Yusuf", "he"),
)  # fmt: skip
SURNAMES = (
    "Ashdown", "Bellweather", "Carrow", "Dunmore", "Eklund", "Fairbairn", "Gallowey", "Hartigan", "Ivarsen",
    "Jellicoe", "Kestrel", "Lindgaard", "Marchbanks", "Norrington", "Oakhanger", "Penrose", "Quennell", "Rathbone",
    "Saltmarsh", "Thorne", "Umfreville", "Vasquette", "Wetherby", "Yarrow", "Zellick", "Abiola", "Brancato",
    "Cazalet", "Demirel", "Eszterfy",
)  # fmt: skip
ROLES = (
    "the harbour master", "a hospital consultant", "the council’s treasurer", "a union negotiator",
    "the chief engineer", "a retired magistrate", "the company’s chief executive", "a resident of nine years",
    "the opposition’s transport spokesman", "a fisheries scientist", "the club’s secretary", "a head teacher",
)  # fmt: skip
TOWNS = (
    "Marlow Quay", "Saint Osyth Cross", "Great Hanley", "Kirkwold", "Dunwick", "Pellan", "Orsett Vale", "Tarrow",
    "Nether Stoke", "Ballachmore", "Quayhaven", "Iverton", "Long Maddock", "Wexcombe", "Furness End", "Thrale",
)  # fmt: skip
ORGANISATIONS = (
    "Meridian Water", "Calder Freight", "the Inland Ports Board", "Northmoor Hospitals", "Brightwell Energy",
    "the Dunwick Tenants’ League", "Halcyon Rail", "the Shellfish Council", "Corvane Systems", "the Ridgeway Trust",
)  # fmt: skip
THINGS = (
    "the sea wall", "the night bus", "the cottage hospital", "the grain terminal", "the swimming baths",
    "the signal box", "the east bypass", "the fish market", "the old mint", "the heating network", "the cable ferry",
    "the botanical garden", "the weather station", "the canal lock", "the evening school", "the radio mast",
)  # fmt: skip
EVENTS = (
    "was closed", "was sold", "was flooded", "was reopened", "ran out of money", "was painted by mistake",
    "lost its licence", "won a national prize", "was surveyed by drone", "was handed to volunteers",
)  # fmt: skip
TIMES = (
    "on Monday", "last week", "in the spring", "after the storm", "before the vote", "at the weekend",
    "without any warning", "for the second time this year", "in front of the cameras", "shortly after dawn",
)  # fmt: skip
OPINIONS = (
    "Nobody who lives here was surprised", "We should have been asked first", "It was a decision made on a map",
    "I would do exactly the same again", "The sums have never added up", "It is the best news for a decade",
    "Our children will be paying for this", "You cannot run a town on apologies", "There is a plan, and it is working",
    "I have written four letters and had no answer", "They listened, and I did not expect them to",
    "The water does not read our reports", "Somebody has to go first", "We have been patient for long enough",
)  # fmt: skip
CLAIMS = (
    "{thing} would cost {number} crowns a year", "{number} people had signed the petition about {thing}",
    "work on {thing} could start within {days} days", "the inquiry into {thing} had been delayed twice",
    "{thing} was safe to use", "jobs at {thing} were not at risk", "nobody had checked {thing} for {days} months",
    "a buyer for {thing} had been found", "the figures for {thing} were out of date",
)  # fmt: skip
# The first statement of a speaker gives the full name, those that follow a surname or a pronoun.
INTRODUCTIONS = (
    "“{opinion},” said {full}, {role}. “{other}.”", "“{opinion},” {full}, {role}, told reporters {time}.",
    "{full}, {role}, said that {claim}.", "According to {full}, {role}, {claim}.",
    "“{opinion},” said {full}, {role}, “and {time} they will see it.”",
)  # fmt: skip
FOLLOW_UPS = (
    "“{opinion},” {surname} said.", "{surname} added that {claim}.", "“{opinion},” {pronoun} said. “{other}.”",
    "{surname} denied that {claim}.", "Asked about it {time}, {pronoun} replied: “{opinion}.”",
    "{surname} warned that {claim}.",
)  # fmt: skip
BY_ORGANISATIONS = (
    "In a statement, {organisation} said that {claim}.", "“{opinion},” {organisation} said in a statement {time}.",
    "{organisation} confirmed that {claim}.",
)  # fmt: skip
NARRATION = (
    "{Thing} in {town} {event} {time}, and the town has talked of little else.",
    "The building dates from the time when {town} had {number} inhabitants and three railway lines.",
    "A meeting {time} drew {days} people, more than the hall can hold.",
    "Nothing in the record of the debate, file {file}, explains the change of course.",
    "Prices in {town} have risen faster than anywhere else on this coast since the work began.",
    "The committee sits again in {days} days, when members are to see the drawings for {thing}.",
    "Outside, a queue formed along the railings; someone had brought a dog and someone else an accordion.",
    "The contract for {thing}, worth {number} crowns, was signed {time}.",
)  # fmt: skip

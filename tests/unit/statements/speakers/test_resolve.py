import pytest

from worker.core.records import Span
from worker.statements import engine_for, extract
from worker.statements.assemble import statements
from worker.statements.attribution import Attribution
from worker.statements.document import Document

RULES = engine_for("en", "rules")


def speakers(text):
    return [statement.speaker for statement in extract(text, engine=RULES)]


def last_name(text):
    return speakers(text)[-1].name


def test_a_surname_resolves_to_the_full_name():
    text = "Mayor Orla Finch opened the bridge. “It is safe,” Finch said."

    (speaker,) = speakers(text)

    assert (speaker.name, speaker.type, speaker.resolved_by) == ("Orla Finch", "person", "surname")
    assert speaker.mention.of(text) == "Orla Finch"


def test_the_full_name_may_come_later():
    assert last_name("“It is safe,” Finch said. Orla Finch left.") == "Orla Finch"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("“It is safe,” Kremlin spokesperson Orla Finch said.", "Kremlin spokesperson"),
        ("“It is safe,” said Orla Finch, the mayor of Port Ellery.", "mayor of Port Ellery"),
        ("“It is safe,” City Director Orla Finch said.", "City Director"),
    ],
)
def test_the_role_is_what_the_text_says(text, role):
    (speaker,) = speakers(text)

    assert (speaker.name, speaker.role) == ("Orla Finch", role)


def test_pronouns_follow_gender():
    text = "Mary Finch met John Moss. “It is safe,” she said. “It is not,” he said."

    assert [speaker.name for speaker in speakers(text)] == ["Mary Finch", "John Moss"]


def test_a_pronoun_prefers_who_has_just_spoken():
    text = "“We go,” said Mary Finch.\n\n“The bridge is shut,” she added. Ann Bell left."

    assert last_name(text) == "Mary Finch"


def test_a_pronoun_means_the_nearest_person_where_nobody_has_spoken():
    text = "John Moss met Peter Vance, and Mary Finch left.\n\n“The bridge is shut,” he said."

    (speaker,) = speakers(text)

    assert (speaker.name, speaker.candidates) == ("Peter Vance", ("John Moss",))


def test_a_pronoun_prefers_whom_its_paragraph_opens_with():
    text = "Tom Bell left.\n\nJohn Moss met Peter Vance. “The bridge is shut,” he said."

    assert last_name(text) == "John Moss"


def test_a_pronoun_without_a_person_is_nobody():
    assert last_name("The bridge is old. “It is safe,” he said.") is None


def test_the_mayor_is_the_one_person_with_that_role():
    text = "Orla Finch, the mayor, came. The mayor said that the bridge was safe."

    (speaker,) = speakers(text)

    assert (speaker.name, speaker.resolved_by) == ("Orla Finch", "appositive")


def test_one_of_two_mayors_is_not_guessed():
    text = "Mayor Orla Finch met Mayor Pete Moss. The mayor said that the bridge was safe."

    (speaker,) = speakers(text)

    assert speaker.name is None
    assert set(speaker.candidates) == {"Orla Finch", "Pete Moss"}


def test_officials_are_a_group():
    (speaker,) = speakers("Kremlin officials said that the bridge was safe.")

    assert (speaker.name, speaker.type) == ("Kremlin officials", "group")


@pytest.mark.parametrize("text", ["A spokesman for Delta said it was safe.", "“It is safe,” I said."])
def test_the_nameless_stay_without_a_name(text):
    assert last_name(text) is None


def test_an_acronym_names_its_organisation():
    text = "The National Bridge Agency met. “It is safe,” the NBA said."

    (speaker,) = speakers(text)

    assert (speaker.name, speaker.type) == ("National Bridge Agency", "organisation")


def test_a_quotation_that_nothing_attributes_is_of_who_was_just_quoted():
    text = "“We go now,” said Orla Finch.\n\n“And it will stay so for years.”"

    inherited = speakers(text)[-1]

    assert (inherited.name, inherited.resolved_by) == ("Orla Finch", "inherited")


def test_a_quotation_that_nothing_attributes_is_nobodys_when_a_stranger_spoke_since():
    text = "“We go now,” said Orla Finch.\n\nThe union said that it would strike. “And it will stay so for years.”"

    assert speakers(text)[-1].name is None


def test_who_resolves_to_the_name_before_it():
    assert last_name("The town heard Orla Finch, who said that the bridge was safe.") == "Orla Finch"


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("the Harbour Ministry over", "Harbour Ministry"),
        ("Ilse Brandt the cranes", "Ilse Brandt"),
        ("a lawyer, Bo Lind. Ilse Brandt", "Ilse Brandt"),
    ],
)
def test_a_source_cut_too_wide_still_gives_its_name(source, speaker):
    text = f"Nothing new came from {source} said that the money is gone."
    at = text.index(source)
    cue = text.index("said")
    wide = Attribution((Span(cue + 10, len(text) - 1),), (Span(cue, cue + 4),), (Span(at, at + len(source)),))

    assert statements(Document(text), [wide])[0].speaker.name == speaker


@pytest.mark.parametrize("source", ["Those towns, forming a “league of harbours,”", "Those towns", "Those towns,"])
def test_a_group_goes_by_the_name_it_is_given(source):
    text = "Those towns, forming a “league of harbours,” pledged to keep the cranes."
    cue = text.index("pledged")
    pledge = Attribution((Span(text.index("to keep"), len(text) - 1),), (Span(cue, cue + 7),), (Span(0, len(source)),))

    assert statements(Document(text), [pledge])[0].speaker.name == "league of harbours"


@pytest.mark.parametrize(
    "text",
    [
        "Lt. Orla Finch spoke. “It is safe,” said Lt. Orla Finch.",
        "“It is safe,” said Orla Finch of the Moss Union.",
        "“It is safe,” said Orla Finch for Moss Standards.",
        "“It is safe,” said Orla Finch to the crowd of Moss employees.",
    ],
    ids=["abbreviation", "of", "for", "to"],
)
def test_a_source_is_its_first_name_and_not_what_belongs_to_it(text):
    assert last_name(text) == "Orla Finch"


def test_a_name_behind_a_preposition_is_not_the_source():
    assert last_name("“It is safe,” said the authors of a paper in the journal Kelp Letters.") != "Kelp Letters"


def test_it_is_the_organisation_that_spoke_and_never_a_person():
    assert last_name("“It is safe,” the Moss Agency said.\n\n“We will open it,” it said.") == "Moss Agency"
    assert last_name("“It is safe,” Orla Finch said.\n\n“We will open it,” it said.") is None


def test_he_is_a_person_rather_than_a_company_that_spoke():
    text = "John Moss met us. “It is safe,” Kelpco said.\n\n“We will open it,” he said."

    assert last_name(text) == "John Moss"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Moss Harbour Agency met. “It is safe,” the agency said.", "Moss Harbour Agency"),
        ("Kelpco, a shipping company in Ellery, met. “It is safe,” the company said.", "Kelpco"),
        ("The Moss Agency met the Kelp Agency. “It is safe,” the agency said.", None),
        ("“It is safe,” the Ellery police said.", "Ellery police"),
    ],
    ids=["by its name", "by apposition", "two", "as it stands"],
)
def test_the_agency_is_the_only_one_of_that_kind(text, name):
    assert last_name(text) == name


def test_a_surname_alone_tells_a_person():
    speaker = speakers("Thandeka Mokoro met us. “It is safe,” Mokoro said.")[-1]

    assert (speaker.name, speaker.type) == ("Thandeka Mokoro", "person")


def test_an_acronym_in_capitals_is_no_pronoun():
    assert last_name("The World Harbour Organisation met. “It is safe,” WHO said.") == "World Harbour Organisation"


def test_a_family_name_may_come_first():
    assert last_name("Liu Xinghe met us. “It is safe,” Liu said.") == "Liu Xinghe"

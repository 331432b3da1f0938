import pytest

from worker.clean.language import detect, main_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Fergen ble liggende ved kai på mandag fordi ingen hadde nøkkelen til maskinrommet.", "no"),
        ("המעבורת לא הפליגה ביום שני, כי לאיש לא היה המפתח לחדר המכונות שלה.", "he"),
        ("渡轮星期一没有开航，因为没有人有机舱的钥匙。渡轮星期二才开航，船上还有两只羊和一扇门。", "zh"),
        ("Трајектот не исплови во понеделникот, бидејќи никој немаше клуч од машинската соба.", "mk"),
    ],
)
def test_a_text_tells_its_language_whatever_the_page_states(text, code):
    assert detect(text, "en") == code


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("nb-NO", "no"),
        ("nn", "no"),
        ("iw", "he"),
        ("in_ID", "id"),
        ("fil", "tl"),
        (" EN-gb", "en"),
        ("", None),
        ("x", None),
    ],
)
def test_a_short_text_has_the_stated_language(stated, code):
    assert detect("Kelp.", stated) == code


def test_the_main_language_is_not_that_of_the_foreign_names_at_the_start():
    names = "Jeanne Moreau, L'Ascenseur pour l'échafaud, Les Amants, La Notte, Jules et Jim, Le Journal d'une femme"
    text = f"{names}. " + "She was an actress and a singer, and made her first film when she was twenty. " * 8

    assert detect(text, "") == "fr"
    assert main_language(text) == "en"


@pytest.mark.parametrize("text", ["", "Kelp.", "Basta, dijo.", "?" * 80, "Kelp Marsh Vance " * 3])
def test_no_main_language_is_guessed(text):
    assert main_language(text) is None

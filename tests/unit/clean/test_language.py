import pytest

from worker.clean.language import detect


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

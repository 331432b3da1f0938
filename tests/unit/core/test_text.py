from worker.core.text import nfc


def test_marks_beyond_any_writing_are_dropped_in_normal_text_too():
    assert len(nfc("q" + "\u0301" * 1000)) <= 40


def test_words_of_other_scripts_are_left_alone():
    text = "Морская капуста растёт. " * 30

    assert nfc(text) == text

from worker.records import Span
from worker.statements.attribution import Attribution
from worker.statements.supplement import Supplemented

TEXT = "First line.\n“We mend it,” said Ida Lund."
QUOTED = Span(12, 25)
CUE, SOURCE = Span(26, 30), Span(31, 39)


class Fixed:
    """An engine that finds always the same, and counts how often it is asked."""

    def __init__(self, *found):
        self.found, self.asked = list(found), []

    def attributions(self, text, blocks=()):
        self.asked.append(text)
        return self.found


def moved(span):
    return Span(span.start - 12, span.end - 12)


def test_a_missing_source_is_the_advisers():
    adviser = Fixed(Attribution((moved(QUOTED),), (moved(CUE),), (moved(SOURCE),)))
    finder = Fixed(Attribution((QUOTED,)))

    (found,) = Supplemented(finder, adviser).attributions(TEXT)

    assert [span.of(TEXT) for span in found.source] == ["Ida Lund"]
    assert [span.of(TEXT) for span in found.cue] == ["said"]
    assert adviser.asked == ["“We mend it,” said Ida Lund."]


def test_a_source_that_was_found_stays_and_nobody_is_asked():
    adviser = Fixed()
    known = Attribution((QUOTED,), (CUE,), (Span(0, 5),))

    assert Supplemented(Fixed(known), adviser).attributions(TEXT) == [known]
    assert adviser.asked == []


def test_advice_on_other_words_is_not_taken():
    adviser = Fixed(Attribution((moved(SOURCE),), (), (moved(CUE),)))
    lacking = Attribution((QUOTED,))

    assert Supplemented(Fixed(lacking), adviser).attributions(TEXT) == [lacking]


def test_what_neither_engine_is_sure_of_is_nobodys_statement():
    doubtful = Attribution((Span(0, 10),), (CUE,), (SOURCE,), confidence=0.1)

    assert Supplemented(Fixed(doubtful), Fixed()).attributions(TEXT) == []


def test_a_whole_quotation_is_kept_although_nobody_is_known_to_have_said_it():
    text = "“We mend what the storm has broken, and then we go on.”"
    quotation = Attribution((Span(0, len(text)),), confidence=0.1)

    assert Supplemented(Fixed(quotation), Fixed()).attributions(text) == [quotation]


def test_advice_makes_an_attribution_surer():
    adviser = Fixed(Attribution((moved(QUOTED),), (moved(CUE),), (moved(SOURCE),)))
    finder = Fixed(Attribution((QUOTED,), confidence=0.1))

    (found,) = Supplemented(finder, adviser).attributions(TEXT)

    assert found.confidence > 0.5

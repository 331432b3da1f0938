from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.core.calendar_words import words_of
from worker.core.dates import read_date

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def instant(text, language="", now=NOW):
    found = read_date(text, language=language, now=now)
    return found and found.value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 04 Mar 2026 07:05:09 GMT", "2026-03-04 07:05:09"),
        ("Wed, 04 Mar 2026 07:05:09 +0545", "2026-03-04 01:20:09"),
        ("Wed, 4 Mar 2026 07:05 -0330", "2026-03-04 10:35"),
        ("Wednesday,4 March 2026 07:05:09 UT", "2026-03-04 07:05:09"),
        ("4 Mar 26 07:05:09 Z", "2026-03-04 07:05:09"),
        ("4 Mar 86 07:05:09 Z", "1986-03-04 07:05:09"),
        ("Wed Mar  4 07:05:09 2026", "2026-03-04 07:05:09"),
        ("Wed Mar 4 07:05:09 JST 2026", "2026-03-03 22:05:09"),
        ("Wed Mar 04 2026 07:05:09 GMT-0500 (Eastern Standard Time)", "2026-03-04 12:05:09"),
        ("Wed, Mar 4 2026 07:05:09 +0000", "2026-03-04 07:05:09"),
        ("04-Mar-2026 07:05:09", "2026-03-04 07:05:09"),
        ("March 4th, 2026 at 7:05 p.m.", "2026-03-04 19:05"),
        ("March 4, 2026 12:05 AM EST", "2026-03-04 05:05"),
        ("Wed, 04 Mar 2026 24:00:00 GMT", "2026-03-05 00:00"),
        ("Wed, 04 Mar 2026 07:05:60 GMT", "2026-03-04 07:05:59"),
        ("2026-03-04T07:05:09Z", "2026-03-04 07:05:09"),
        ("2026-03-04T07:05:09.123456789+01:00", "2026-03-04 06:05:09"),
        ("2026-03-04T07:05+0100", "2026-03-04 06:05"),
        ("2026-03-04t07:05:09+01:00[Europe/Oslo]", "2026-03-04 06:05:09"),
        ("2026-03-04 07:05:09", "2026-03-04 07:05:09"),
        ("2026-03-04 07:05:09 UTC", "2026-03-04 07:05:09"),
        ("2026-03-04 07:05:09 +0100", "2026-03-04 06:05:09"),
        ("2026-3-4", "2026-03-04 00:00"),
        ("20260304T070509Z", "2026-03-04 07:05:09"),
        ("20260304070509", "2026-03-04 07:05:09"),
        ("20260304", "2026-03-04 00:00"),
        ("2026-07-04T07:05:09 Europe/Oslo", "2026-07-04 05:05:09"),
        ("2026-03-04T07:05:09 America/Argentina/Ushuaia", "2026-03-04 10:05:09"),
        ("1772607909", "2026-03-04 07:05:09"),
        ("1772607909250", "2026-03-04 07:05:09"),
        ("2026/3/4 7:05:09", "2026-03-04 07:05:09"),
        ("2026.03.04 07:05", "2026-03-04 07:05"),
        ("04.03.2026 07:05", "2026-03-04 07:05"),
        ("4. 3. 2026, 7.05", "2026-03-04 07:05"),
        ("04.03.26", "2026-03-04 00:00"),
        ("17/03/2026", "2026-03-17 00:00"),
        ("03/17/2026 7:05 PM", "2026-03-17 19:05"),
        ("  \n\tWed, 04 Mar 2026\u00a007:05:09\u2003GMT ", "2026-03-04 07:05:09"),
    ],
)
def test_a_date_in_the_forms_of_standards_and_programs(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("CET", 1), ("CEST", 2), ("MEZ", 1), ("BST", 1), ("IST", 5.5), ("JST", 9), ("MSK", 3), ("EST", -5), ("EDT", -4),
        ("PST", -8), ("PDT", -7), ("CST", -6), ("AEST", 10), ("AEDT", 11), ("NZDT", 13), ("SAST", 2), ("KST", 9),
        ("WIB", 7), ("EET", 2), ("NPT", 5.75), ("GMT", 0), ("UTC+3", 3), ("GMT-0430", -4.5), ("\N{MINUS SIGN}0300", -3),
    ],
)  # fmt: skip
def test_a_zone_is_the_one_that_news_mean_by_its_name(zone, hours):
    found = read_date(f"Wed, 04 Mar 2026 12:00:00 {zone}", now=NOW)

    assert found.zone_known
    assert found.value == datetime(2026, 3, 4, 12, tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "language", "hours"),
    [
        ("IST", "en-IE", 1), ("IST", "he", 2), ("IST", "hi-IN", 5.5), ("CST", "zh-CN", 8), ("CST", "es-CU", -5),
        ("BST", "bn", 6), ("EST", "en-AU", 10), ("AST", "ar", 3), ("PST", "fil-PH", 8), ("CST", "en-US", -6),
    ],
)  # fmt: skip
def test_a_language_says_whose_abbreviation_it_is(zone, language, hours):
    found = read_date(f"2026-03-04 12:00 {zone}", language=language, now=NOW)

    assert found.value == datetime(2026, 3, 4, 12, tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.parametrize(("month", "hours"), [("Jan", -5), ("Jul", -4)])
def test_a_zone_without_its_season_follows_the_clock_of_its_place(month, hours):
    found = read_date(f"8 {month} 2026 12:00 ET", now=NOW)

    assert found.value.hour == 12 - hours


@pytest.mark.parametrize("zone", ["QQT", "Mars/Olympus", "+2500", "+0175"])
def test_a_zone_that_nobody_knows_makes_no_date(zone):
    assert read_date(f"Wed, 04 Mar 2026 12:00:00 {zone}", now=NOW) is None


WORDED = [
    ("de", "Mittwoch, 4. März 2026 um 19:05 Uhr"),
    ("de-AT", "Mi, 4 Mär 2026 19:05:00 +0000"),
    ("fr", "mercredi 4 mars 2026 à 19h05"),
    ("fr-CA", "mer., 04 mars 2026 19:05:00 +0000"),
    ("es", "miércoles, 4 de marzo de 2026, 19:05"),
    ("es", "mié, 4 mar 2026 19:05:00 +0000"),
    ("it", "mercoledì 4 marzo 2026 ore 19.05"),
    ("pt-BR", "quarta-feira, 4 de março de 2026 19:05"),
    ("nl", "wo 4 mrt. 2026 19:05"),
    ("sv", "onsdag den 4 mars 2026 kl. 19.05"),
    ("da", "4. marts 2026 kl. 19.05"),
    ("nb", "onsdag 4. mars 2026 kl. 19:05"),
    ("fi", "keskiviikko 4. maaliskuuta 2026 klo 19.05"),
    ("pl", "środa, 4 marca 2026 19:05"),
    ("cs", "středa 4. března 2026 19:05"),
    ("hu", "2026. március 4., 19:05"),
    ("ro", "miercuri, 4 martie 2026, 19:05"),
    ("ru", "Ср, 04 мар 2026 19:05:00 +0000"),
    ("ru", "4 марта 2026 г., 19:05"),
    ("uk", "4 березня 2026 р. о 19:05"),
    ("bg", "4 март 2026 г., 19:05"),
    ("el", "Τετάρτη 4 Μαρτίου 2026 7:05 μ.μ."),
    ("tr", "4 Mart 2026 Çarşamba 19:05"),
    ("he", "4 במרץ 2026, 19:05"),
    ("ar", "4 مارس 2026 7:05 م"),
    ("ar", "٤ مارس ٢٠٢٦ ١٩:٠٥"),
    ("fa", "4 مارس 2026 19:05"),
    ("hi", "4 मार्च 2026 19:05"),
    ("bn", "৪ মার্চ ২০২৬ ১৯:০৫"),
    ("th", "4 มีนาคม 2569 19:05"),
    ("vi", "Thứ Tư, 4 tháng 3, 2026 19:05"),
    ("id", "Rabu, 4 Maret 2026 19:05"),
    ("ja", "2026年3月4日 午後7時5分"),
    ("ja", "2026/03/04 19:05"),
    ("zh-CN", "2026年3月4日下午7:05"),
    ("ko", "2026년 3월 4일 오후 7시 5분"),
    ("ca", "4 de març de 2026 19:05"),
    ("hr", "4. ožujka 2026. 19:05"),
    ("lt", "2026 m. kovo 4 d. 19:05"),
    ("et", "4. märts 2026 19:05"),
]


@pytest.mark.parametrize(("language", "text"), WORDED)
def test_a_date_in_words_of_the_language_that_is_known(language, text):
    assert instant(text, language) == "2026-03-04 19:05"


@pytest.mark.parametrize(("language", "text"), WORDED)
def test_a_date_in_words_of_no_known_language_is_the_same_or_none(language, text):
    assert instant(text) in {"2026-03-04 19:05", None}


@pytest.mark.parametrize(("language", "expected"), [("hr", "2026-10-04 00:00"), ("pl", "2026-11-04 00:00"), ("", None)])
def test_a_word_that_is_another_month_elsewhere_needs_its_language(language, expected):
    assert instant("4 listopada 2026", language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("05/04/2026", "en-US", "2026-05-04 00:00"),
        ("05/04/2026", "en-GB", "2026-04-05 00:00"),
        ("05/04/2026", "fr", "2026-04-05 00:00"),
        ("05/04/2026", "en", None),
        ("05/04/2026", "", None),
        ("05/04/2026 7:05 AM", "", "2026-05-04 07:05"),
        ("05/12/2026", "", "2026-05-12 00:00"),  # 5 December has not come
        ("06/06/2026", "", "2026-06-06 00:00"),
        ("05/04/26", "", None),
    ],
)
def test_a_slash_is_read_where_its_order_is_known(text, language, expected):
    assert instant(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "yesterday", "2 hours ago", "March 2026", "2026", "2026-03", "4 March", "19:05",
        "31 Feb 2026", "2026-02-30", "30/30/2026", "2026/13/45", "Wed, 04 Mar 2026 25:05:09 GMT",
        "4 March 2026 to 6 April 2026", "4, 5 and 6 March 2026", "mars 4 2026 17", "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1899-12-30", "9999-12-31T23:59:59-12:00", "0", "12345678901",
        "Wed, 04 Mar 2026 " * 20, "99999999999999999999", "2026-03-04T07:05:09+99:00", "4 Smarch 2026", "١",
    ],
)  # fmt: skip
def test_what_states_no_day_that_can_be_is_no_date(text):
    assert read_date(text, now=NOW) is None


def test_what_lies_more_than_a_day_ahead_is_no_date_of_something_published():
    assert instant("2026-12-01T11:59:00Z") == "2026-12-01 11:59"
    assert instant("2026-12-01T12:01:00Z") is None
    assert instant("Thu, 01 Jan 2099 00:00:00 GMT") is None
    assert instant("Thu, 01 Jan 2099 00:00:00 GMT", now=None) == "2099-01-01 00:00"


@pytest.mark.parametrize(
    ("text", "precision", "zone_known"),
    [
        ("2026-03-04", "day", False),
        ("4 mars 2026", "day", False),
        ("2026-03-04 07:05", "minute", False),
        ("2026-03-04 07:05 CET", "minute", True),
        ("Wed, 04 Mar 2026 07:05:09 GMT", "second", True),
        ("1772607909", "second", True),
    ],
)
def test_a_date_says_how_exact_it_is(text, precision, zone_known):
    found = read_date(text, now=NOW)

    assert (found.precision, found.zone_known) == (precision, zone_known)


def test_words_of_a_language_that_nobody_knows_are_those_of_all():
    assert words_of("xx-YY") == words_of("")

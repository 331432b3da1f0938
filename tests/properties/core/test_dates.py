from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.test_dates import NOW
from worker.core.dates import read_date


@given(
    st.lists(
        st.sampled_from(
            [
                "2026",
                "26",
                "4",
                "03",
                "Mar",
                "mars",
                "März",
                "-03",
                "/3",
                ".",
                ",",
                ":",
                "7:05",
                "07:05:09",
                "+01",
                "0",
                "CET",
                "PM",
                "T",
                "Z",
                "下午",
                "日",
                "年",
                "tháng",
                "٤",
                "½",
                "²",
                "Ⅳ",
                "9",
                "99999",
            ]
        ),
        max_size=9,
    ).flatmap(lambda parts: st.sampled_from([" ", "", "-", "/"]).map(lambda glue: glue.join(parts)))
)
def test_no_text_breaks_the_reader(text):
    found = read_date(text, now=NOW)

    assert found is None or found.value.tzinfo == UTC


@given(st.dates(NOW.date() - timedelta(days=9_000), NOW.date()), st.sampled_from(["de", "fr", "ru", "el", "hu", "sr"]))
def test_every_day_that_babel_writes_is_read_again(day, language):
    from babel.dates import format_date

    assert read_date(format_date(day, "long", language), language=language, now=NOW).value.date() == day

from worker.statements import engine_for, extract


def test_a_quotation_that_never_ends_takes_linear_time():
    text = "“We go and we will not come back.\n" * 30_000  # quadratic time would run into the limit of a test

    assert extract(text, engine=engine_for("en", "rules"))

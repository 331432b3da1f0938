from datetime import UTC, datetime

import pytest

from worker.delivery.signature import signed_headers, signing_key

AT = datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC)


def test_the_signature_is_that_of_the_specifications_example():
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [key], AT)

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "secret", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_" + "A" * 200, "whsec_*"]
)
def test_what_is_no_secret_is_refused_without_being_repeated(secret):
    with pytest.raises(ValueError, match="a secret is whsec_") as refused:
        signing_key(secret)

    assert not secret or secret not in str(refused.value)

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.delivery.signature import signed_headers, signing_key

AT = datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC)
KEYS = st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3)


def test_the_signature_is_that_of_the_specifications_example():
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', [key], AT)

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(KEYS, st.binary())
def test_a_receiver_with_any_one_of_the_secrets_can_check_it(keys, body):
    headers = signed_headers("e1", body, keys, AT)

    for key in keys:
        mine = hmac.new(key, b"e1.1614265330." + body, hashlib.sha256).digest()
        assert "v1," + base64.b64encode(mine).decode() in headers["webhook-signature"].split()


@pytest.mark.parametrize(
    "secret", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_" + "A" * 200, "whsec_*"]
)
def test_what_is_no_secret_is_refused_without_being_repeated(secret):
    with pytest.raises(ValueError, match="a secret is whsec_") as refused:
        signing_key(secret)

    assert not secret or secret not in str(refused.value)

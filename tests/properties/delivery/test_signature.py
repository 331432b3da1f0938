import base64
import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.delivery.test_signature import AT
from worker.delivery.signature import signed_headers

KEYS = st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3)


@given(KEYS, st.binary())
def test_a_receiver_with_any_one_of_the_secrets_can_check_it(keys, body):
    headers = signed_headers("e1", body, keys, AT)

    for key in keys:
        mine = hmac.new(key, b"e1.1614265330." + body, hashlib.sha256).digest()
        assert "v1," + base64.b64encode(mine).decode() in headers["webhook-signature"].split()

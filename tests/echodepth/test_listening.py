import socket

import pytest
from django.core.management import CommandError

from echodepth.listening import refuse_taken_address


def test_a_taken_address_is_refused_with_what_to_do():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match="ECHODEPTH_BIND="):
            refuse_taken_address(f"127.0.0.1:{port}")
    refuse_taken_address(f"127.0.0.1:{port}")


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CommandError, match=r"192\.0\.2\.1:8000 cannot be listened on"):
        refuse_taken_address("192.0.2.1:8000")

"""The wire: what is read, what is refused, and what is written."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lounges.sessions import protocol
from lounges.sessions.protocol import (
    Connect,
    ErrorCode,
    FrameError,
    Ping,
    Pong,
    Refused,
    Rpc,
    Subscribe,
    Unsubscribe,
    read_commands,
)


def test_batch_is_read_in_order():
    frame = "\n".join(
        [
            '{"id":1,"connect":{"token":"t","name":"js","version":"5"}}',
            '{"id":2,"subscribe":{"channel":"session:x","recover":true,"epoch":"k3","offset":118}}',
            '{"id":3,"rpc":{"method":"session.associate","data":{"key":"k","text":"a\\nb"}}}',
            '{"id":4,"unsubscribe":{"channel":"session:x"}}',
            '{"id":5,"ping":{}}',
            "{}",
        ]
    )
    assert read_commands(frame) == [
        Connect(1, token="t"),
        Subscribe(2, channel="session:x", recover=True, epoch="k3", offset=118),
        Rpc(3, method="session.associate", data={"key": "k", "text": "a\nb"}),
        Unsubscribe(4, channel="session:x"),
        Ping(5),
        Pong(),
    ]


def test_defaults_of_an_existing_client_are_read():
    assert read_commands('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"session:x","flag":1}}') == [
        Connect(1),
        Subscribe(2, channel="session:x"),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "\n \n",
        "nonsense",
        "[]",
        '"text"',
        "[" * 5000,
        '{"id":1,"connect":{"token":NaN}}',
        '{"id":1,"id":2,"ping":{}}',
        '{"connect":{}}',
        '{"id":0,"connect":{}}',
        '{"id":-1,"connect":{}}',
        '{"id":1.0,"connect":{}}',
        '{"id":true,"connect":{}}',
        '{"id":"1","connect":{}}',
        '{"id":4294967296,"connect":{}}',
        '{"id":1,"ping":{}}\n' * 33,
        '{"id":1,"rpc":{"method":"m","data":{"text":"' + "x" * protocol.MAX_FRAME_BYTES + '"}}}',
        '{"id":1,"rpc":{"method":"m","data":{"text":"' + "夢" * (protocol.MAX_FRAME_BYTES // 2) + '"}}}',
    ],
)
def test_unreadable_frame_is_refused(frame):
    with pytest.raises(FrameError, match=r"\w+ .*\."):
        read_commands(frame)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id":7}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"connect":{},"ping":{}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"connect":[]}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"connect":{"token":1}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"connect":{"token":"' + "x" * 5000 + '"}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":""}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"' + "x" * 200 + '"}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"c","recover":1}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"c","offset":-1}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"c","offset":9007199254740992}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"c","offset":"3"}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"subscribe":{"channel":"c","epoch":3}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"rpc":{"data":{}}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"rpc":{"method":"m","data":"x"}}', ErrorCode.BAD_REQUEST),
        ('{"id":7,"publish":{"channel":"c","data":{}}}', ErrorCode.NOT_AVAILABLE),
        ('{"id":7,"history":{"channel":"c"}}', ErrorCode.NOT_AVAILABLE),
    ],
)
def test_wrong_field_is_refused_in_its_place(line, code):
    first, refused, last = read_commands('{"id":6,"ping":{}}\n' + line + '\n{"id":8,"ping":{}}')
    assert (first, last) == (Ping(6), Ping(8))
    assert isinstance(refused, Refused)
    assert (refused.id, refused.code) == (7, code)
    assert refused.message.endswith(".")


def test_replies_and_pushes_are_one_line_each():
    events = [(119, {"type": "dream.shared", "id": "a"})]
    assert [
        protocol.connected(1, client="c9", ping=25),
        protocol.subscribed(
            2, epoch="k3", offset=119, was_recovering=True, recovered=True, publications=events
        ),
        protocol.subscribed(3, epoch="k3", offset=0),
        protocol.subscribed(4, epoch="k3", offset=9, was_recovering=True),
        protocol.result(5, {"offset": 123}),
        protocol.error(6, ErrorCode.TOO_MANY_REQUESTS, "Slow down.", temporary=True),
        protocol.publication("session:x", offset=122, data={"type": "dream.shared"}),
        protocol.ephemeral("session:x", {"type": "blend.progress", "done": 3}),
    ] == [
        '{"id":1,"connect":{"client":"c9","ping":25,"pong":true}}',
        '{"id":2,"subscribe":{"recoverable":true,"positioned":true,"epoch":"k3","offset":119,'
        '"was_recovering":true,"recovered":true,'
        '"publications":[{"offset":119,"data":{"type":"dream.shared","id":"a"}}]}}',
        '{"id":3,"subscribe":{"recoverable":true,"positioned":true,"epoch":"k3","offset":0}}',
        '{"id":4,"subscribe":{"recoverable":true,"positioned":true,"epoch":"k3","offset":9,'
        '"was_recovering":true,"recovered":false}}',
        '{"id":5,"rpc":{"data":{"offset":123}}}',
        '{"id":6,"error":{"code":111,"message":"Slow down.","temporary":true}}',
        '{"push":{"channel":"session:x","pub":{"offset":122,"data":{"type":"dream.shared"}}}}',
        '{"push":{"channel":"session:x","pub":{"data":{"type":"blend.progress","done":3}}}}',
    ]


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_batching(text):
    line = protocol.result(1, {"text": text})
    assert "\n" not in line
    assert json.loads(line)["rpc"]["data"]["text"] == text


@given(frame=st.text(alphabet=string.printable, max_size=120))
def test_any_text_is_read_or_refused(frame):
    try:
        read = read_commands(frame)
    except FrameError as error:
        read = [str(error)]
    assert read[0] != ""


def test_terminal_closes_are_those_a_client_does_not_return_from():
    terminal = {code.name for code in protocol.CloseCode if code >= 4500}
    assert terminal == {"SIGNED_OUT", "MEMBERSHIP_ENDED", "MALFORMED"}

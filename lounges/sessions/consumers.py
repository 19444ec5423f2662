"""The socket: reads commands, answers each after its commit, and writes what its outbox holds.

Every command asks the database again who is signed in, whether they are a member, and what the law says.
"""

import asyncio
import logging
from functools import partial
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from lounges.sessions import access, announcements, credentials, protocol
from lounges.sessions.access import in_thread
from lounges.sessions.connections import Connection
from lounges.sessions.formats import Act
from lounges.sessions.hub import Joined, Position
from lounges.sessions.outbox import Closing, Frame, Outbox
from lounges.sessions.protocol import CloseCode, ErrorCode
from lounges.sessions.refusals import INTERNAL, refusal_of
from lounges.sessions.switchboard import PING_SECONDS, Switchboard

logger = logging.getLogger(__name__)

MAX_SUBSCRIPTIONS = 8
CLOSING_SECONDS = 10.0


class LiveConsumer(AsyncWebsocketConsumer):
    """One socket at /ws/. What it promises stands in decision 0600."""

    connection: Connection | None = None
    _writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._let_go()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As the base class has it, but without its trip to a thread for every message: the
        database is only reached
        through `in_thread`, which gives connections back itself.
        """
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        if not credentials.is_same_origin(self.scope["headers"]):
            await self.close()
            return
        await self.accept()
        self.connection = Connection(
            outbox=Outbox(at_once=self._interrupt),
            session_key=credentials.session_key_in(self.scope["headers"]),
        )
        self._switchboard = Switchboard.current()
        self._switchboard.add(self.connection)
        self._writer = asyncio.create_task(self._write(self.connection.outbox))

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        connection = self.connection
        if connection is None or connection.outbox.closing is not None:
            return
        if text_data is None:
            self._close(CloseCode.MALFORMED, "Send text, one JSON object a line.")
            return
        connection.pong_by = None
        try:
            commands = protocol.read_commands(text_data)
        except protocol.FrameError as error:
            self._close(CloseCode.MALFORMED, str(error))
            return
        for command in commands:
            await self._answer(connection, command)

    # --- commands ----------------------------------------------------------------------------

    async def _answer(self, connection: Connection, command: protocol.Command) -> None:
        """Queues the reply to one command; an error nobody foresaw is logged and answered as such."""
        if isinstance(command, protocol.Pong):
            return
        if isinstance(command, protocol.Refused):
            self._error(command.id, command.code, command.message)
        elif not connection.allowance.take(asyncio.get_running_loop().time()):
            self._error(
                command.id, ErrorCode.TOO_MANY_REQUESTS, "Slow down a little; try again.", temporary=True
            )
        elif connection.dreamer is None and not isinstance(command, protocol.Connect):
            self._error(command.id, ErrorCode.UNAUTHORISED, "Send connect first.")
        else:
            await self._do(connection, command)

    async def _do(self, connection: Connection, command: Any) -> None:
        try:
            await self._handle(connection, command)
        except access.SignedOut as error:
            self._error(command.id, ErrorCode.UNAUTHORISED, str(error))
            self._close(CloseCode.SIGNED_OUT, str(error))
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                logger.exception("A command of a live session failed.")
                refusal = INTERNAL
            self._error(command.id, refusal.code, refusal.message, temporary=refusal.temporary)

    async def _handle(self, connection: Connection, command: Any) -> None:
        match command:
            case protocol.Connect():
                await self._connect(connection, command)
            case protocol.Subscribe():
                await self._subscribe(connection, command)
            case protocol.Unsubscribe():
                await self._unsubscribe(connection, command)
            case protocol.Rpc():
                await self._rpc(connection, command)
            case protocol.Ping():
                self._say(protocol.pinged(command.id))

    async def _connect(self, connection: Connection, command: protocol.Connect) -> None:
        if connection.dreamer is not None:
            self._error(command.id, ErrorCode.BAD_REQUEST, "You are connected already.")
            return
        dreamer = await in_thread(partial(access.signed_in, connection.session_key))
        if dreamer is None:
            raise access.SignedOut("Sign in first; sockets belong to a signed-in browser.")
        connection.dreamer = dreamer
        self._say(protocol.connected(command.id, client=connection.id, ping=PING_SECONDS))

    async def _subscribe(self, connection: Connection, command: protocol.Subscribe) -> None:
        session_id = announcements.session_of(command.channel)
        if session_id is None:
            self._error(
                command.id, ErrorCode.BAD_REQUEST, "A channel is called session: and the session's id."
            )
        elif command.channel in connection.streams:
            self._error(command.id, ErrorCode.ALREADY_SUBSCRIBED, "You hear this session already.")
        elif len(connection.streams) >= MAX_SUBSCRIPTIONS:
            self._error(command.id, ErrorCode.BAD_REQUEST, "One socket hears eight sessions at most.")
        else:
            await self._listen(connection, command, session_id)

    async def _listen(self, connection: Connection, command: protocol.Subscribe, session_id: Any) -> None:
        admission = await in_thread(
            partial(
                access.admit,
                session_key=connection.session_key,
                dreamer=connection.owner,
                session_id=session_id,
            )
        )
        since = Position(command.epoch, command.offset) if command.recover else None
        connection.streams[command.channel] = admission.stream
        connection.offices[admission.stream.guild] = admission.offices
        try:
            await self._switchboard.hub.join(
                admission.stream, connection.outbox, since=since, reply=partial(_subscribed, command.id)
            )
        except BaseException:
            connection.streams.pop(command.channel, None)
            raise

    async def _unsubscribe(self, connection: Connection, command: protocol.Unsubscribe) -> None:
        stream = connection.streams.pop(command.channel, None)
        if stream is not None:
            await self._switchboard.hub.leave(stream, connection.outbox)
        self._say(protocol.unsubscribed(command.id))

    async def _rpc(self, connection: Connection, command: protocol.Rpc) -> None:
        reply = await in_thread(
            partial(
                access.perform,
                session_key=connection.session_key,
                dreamer=connection.owner,
                method=command.method,
                data=command.data,
            )
        )
        self._say(protocol.result(command.id, reply))
        if command.method == Act.STEP_OUT:
            channel = announcements.channel_of(command.data["session"])
            await self._switchboard.unsubscribe(connection, channel, "You stepped out of this session.")

    # --- what is sent ------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        if self.connection is not None:
            self.connection.outbox.offer(Frame.of(text))

    def _error(self, identity: int, code: ErrorCode, message: str, *, temporary: bool = False) -> None:
        self._say(protocol.error(identity, code, message, temporary=temporary))

    def _close(self, code: CloseCode, reason: str) -> None:
        if self.connection is not None:
            self.connection.outbox.close(code, reason)

    def _interrupt(self) -> None:
        """Stops a send that a slow reader holds up, so that the close can take its place."""
        if self._writer is not None and self._writer is not asyncio.current_task():
            self._writer.cancel()

    async def _write(self, outbox: Outbox) -> None:
        """Sends batches until there is a closing to send. Ends by itself; a lost peer ends it too."""
        closing: Closing | None = None
        while closing is None:
            try:
                taken = await outbox.take()
                if isinstance(taken, Closing):
                    closing = taken
                else:
                    await self.base_send({"type": "websocket.send", "text": taken})
            except asyncio.CancelledError:
                closing = outbox.closing
                if closing is None:
                    raise
            except Exception as error:  # noqa: BLE001 - servers name a lost peer in their own ways
                logger.info("A socket was lost while writing (%s).", type(error).__name__)
                return
        await self._end(closing)

    async def _end(self, closing: Closing) -> None:
        message = {"type": "websocket.close", "code": int(closing.code), "reason": closing.reason}
        try:
            await asyncio.wait_for(self.base_send(message), CLOSING_SECONDS)
        except Exception as error:  # noqa: BLE001 - as above; the peer finds out by itself
            logger.info("A socket could not be closed properly (%s).", type(error).__name__)
        if self.connection is not None:
            await self._switchboard.remove(self.connection)

    async def _let_go(self) -> None:
        """Leaves nothing behind, however the socket ended."""
        connection, self.connection = self.connection, None
        if connection is None or self._writer is None:
            return
        if connection.outbox.closing is None:
            self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        await self._switchboard.remove(connection)


def _subscribed(identity: int, joined: Joined) -> str:
    return protocol.subscribed(
        identity,
        epoch=joined.top.epoch,
        offset=joined.top.offset,
        was_recovering=joined.was_recovering,
        recovered=joined.recovered,
        publications=joined.publications,
    )

"""One dreamer's place in the session: a live client that knows its name and says what did not happen."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guild.portal.demo.errors import DemoFailed
from guild.portal.demo.visitor import Visitor
from lounges.sessions.client import LiveClient, LiveError

PATIENCE = 60.0


class Seat:
    """`client` keeps the events in order and without a gap; refusals and silences become DemoFailed."""

    def __init__(self, visitor: Visitor, session: UUID) -> None:
        self.visitor = visitor
        self.client = LiveClient(site=visitor.address, cookie=visitor.cookies, session=str(session))

    async def open(self) -> None:
        """Connect: enough to join."""
        await self.client.open()

    async def listen(self) -> None:
        """Hear the session from where we stopped. Raises DemoFailed when what was missed is not to be had."""
        await self.client.subscribe()
        if self.client.snapshots:
            raise DemoFailed(f"{self.visitor.name} could not resume the session where it stopped.")

    async def say(self, method: str, **data: Any) -> Mapping[str, Any]:
        """One command. Raises DemoFailed with the server's sentence."""
        try:
            return await self.client.rpc(method, **data)
        except LiveError as error:
            raise DemoFailed(f"{self.visitor.name}: {error}") from error

    async def heard(self, kind: str, *, times: int = 1) -> Mapping[str, Any]:
        """Wait until an event of this type was heard `times` times; the last of them."""

        def found(client: LiveClient) -> list[Mapping[str, Any]]:
            return [data for _, data in client.events if data["type"] == kind]

        try:
            await self.client.until(lambda client: len(found(client)) >= times, seconds=PATIENCE)
        except TimeoutError as error:
            raise DemoFailed(f"{self.visitor.name} never heard '{kind}' ({times} expected).") from error
        return found(self.client)[times - 1]

    def kinds(self, *, since: int = 0) -> list[str]:
        """The types of the events heard, from the `since`th on."""
        return [data["type"] for _, data in self.client.events[since:]]

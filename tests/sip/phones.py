"""Phones, peers and trunks over UDP, all on one loop in a thread of its own."""

import asyncio
import re
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Self

from tests.sip.messages import BODY, Message, address_in, credentials, token, written

PATIENCE = 40.0
RING, BUSY, DECLINE, DEAD = "ring", "busy", "decline", "dead"
REFUSALS = {BUSY: (486, "Busy Here"), DECLINE: (603, "Decline")}


class Loop:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE * 3)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@dataclass
class Outcome:
    """What a caller was told: every answer but the demands for a password; `call_id` finds the record."""

    call_id: str
    codes: list[int] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)

    @property
    def code(self) -> int:
        return self.codes[-1] if self.codes else 0

    @property
    def answered(self) -> bool:
        return 200 <= self.code < 300


@dataclass
class Phone:
    """`does`: ring (nobody answers), busy, decline, dead (says nothing), a number of seconds after which it answers, or a
    status like “404 Not Found”.
    """

    loop: Loop
    switch: tuple[str, int]
    username: str
    domain: str
    password: str = ""
    does: str | float = RING
    host: str = "127.0.0.1"
    name: str = ""
    heard: list[Message] = field(default_factory=list)  # all requests that came
    sent: list[str] = field(default_factory=list)
    rang: list[tuple[float, Message]] = field(default_factory=list)  # when, on the loop's clock, and by which request
    cancelled: int = 0
    ended: int = 0  # by a BYE while it was ringing
    _talking: dict[str, tuple[Message, str]] = field(default_factory=dict)
    _over: dict[str, asyncio.Event] = field(default_factory=dict)
    _answers: dict[str, "asyncio.Queue[Message]"] = field(default_factory=dict)
    _ringing: dict[str, Message] = field(default_factory=dict)
    _transport: Any = None
    port: int = 0

    def open(self, port: int = 0) -> Self:
        self.loop.run(self._open(port))
        return self

    async def _open(self, port: int) -> None:
        phone = self

        class Protocol(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _sender: tuple[str, int]) -> None:
                if data.strip(b"\r\n\0"):
                    phone._take(Message.read(data))

        self._transport, _ = await self.loop.loop.create_datagram_endpoint(Protocol, local_addr=(self.host, port))
        self.port = self._transport.get_extra_info("sockname")[1]

    def close(self) -> None:
        self.loop.run(self._close())

    async def _close(self) -> None:
        self._transport.close()
        await asyncio.sleep(0)  # sockets are closed in the next round of the loop

    @property
    def contact(self) -> str:
        return f"sip:{self.username}@{self.host}:{self.port}"

    @property
    def invites(self) -> list[Message]:
        return [one for one in self.heard if one.method == "INVITE" and "tag=" not in one["to"]]

    def send(self, text: str) -> None:
        self.sent.append(text)
        self._transport.sendto(text.encode(), self.switch)

    # --- what comes ---------------------------------------------------------------------------------------------------

    def _take(self, message: Message) -> None:
        if message.code:
            queue = self._answers.get(f"{message.branch} {message.method}")
            if queue is not None:
                queue.put_nowait(message)
            return
        again = any(one.branch == message.branch and one.method == message.method for one in self.heard)
        if not again or message.method == "ACK":
            self.heard.append(message)
        if message.method == "INVITE" and not again:
            self._invited(message)
        elif message.method == "CANCEL":
            self.send(message.answer(200, "OK", token()))
            ringing = self._ringing.pop(message.branch, None)
            if ringing is not None:
                self.cancelled += 1
                self.send(ringing.answer(487, "Request Terminated", token()))
        elif message.method == "BYE":
            self.send(message.answer(200, "OK", token()))
            self._stop_ringing(message)
            self._over.setdefault(message["call-id"], asyncio.Event()).set()

    def _stop_ringing(self, bye: Message) -> None:
        for branch, invite in list(self._ringing.items()):
            if invite["call-id"] == bye["call-id"]:
                del self._ringing[branch]
                self.ended += 1
                self.send(invite.answer(487, "Request Terminated", bye["to"].partition("tag=")[2]))

    def _invited(self, invite: Message) -> None:
        if self.does == DEAD:
            return
        if isinstance(self.does, str) and self.does != RING:
            code, reason = REFUSALS.get(self.does) or (int(self.does[:3]), self.does[4:])
            self.send(invite.answer(code, reason, token()))
            return
        tag = token()
        self._ringing[invite.branch] = invite
        self.rang.append((self.loop.loop.time(), invite))
        self.send(invite.answer(180, "Ringing", tag, f"Contact: <{self.contact}>"))
        if not isinstance(self.does, str):
            self.loop.loop.call_later(self.does, self._answer, invite, tag)

    def _answer(self, invite: Message, tag: str) -> None:
        if self._ringing.pop(invite.branch, None) is not None:
            self.send(invite.answer(200, "OK", tag, f"Contact: <{self.contact}>", "X-Answered: 1,nobody,forged,0", body=BODY))
            self._talking[invite["call-id"]] = (invite, tag)

    # --- what it does itself ------------------------------------------------------------------------------------------

    async def _ask(self, text: str, branch: str) -> "asyncio.Queue[Message]":
        queue: asyncio.Queue[Message] = asyncio.Queue()
        self._answers[f"{branch} {text.split(maxsplit=1)[0]}"] = queue
        self.send(text)
        return queue

    def register(
        self, *, expires: int = 600, password: str | None = None, to: str | None = None, domain: str | None = None
    ) -> int:
        """Signs in; the code that came in the end."""
        code: int = self.loop.run(self.registering(expires=expires, password=password, to=to, domain=domain))
        return code

    async def registering(
        self, *, expires: int = 600, password: str | None = None, to: str | None = None, domain: str | None = None
    ) -> int:
        where = domain or self.domain
        own, uri = f"<sip:{to or self.username}@{where}>", f"sip:{where}"
        call_id, tag = token(), token()
        more: tuple[str, ...] = ()
        for number in (1, 2):
            branch = f"z9hG4bK{token()}"
            headers = self._headers("REGISTER", branch, own, own, call_id, tag, number)
            text = written(f"REGISTER {uri} SIP/2.0", *headers, f"Contact: <{self.contact}>", f"Expires: {expires}", *more)
            answer = await asyncio.wait_for((await self._ask(text, branch)).get(), PATIENCE)
            if answer.code != 401 or number == 2:
                break
            more = (credentials(answer, "REGISTER", uri, self.username, self.password if password is None else password),)
        return answer.code

    def _headers(self, method: str, branch: str, own: str, other: str, call_id: str, tag: str, number: int) -> list[str]:
        return [
            f"Via: SIP/2.0/UDP {self.host}:{self.port};rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: {own};tag={tag}",
            f"To: {other}",
            f"Call-ID: {call_id}",
            f"CSeq: {number} {method}",
            "User-Agent: Test phone",
        ]

    def call(self, dialled: str, **how: Any) -> Outcome:
        outcome: Outcome = self.loop.run(self.calling(dialled, **how))
        return outcome

    async def calling(
        self,
        dialled: str,
        *,
        sender: str | None = None,
        more: tuple[str, ...] = (),
        cancel_after: float | None = None,
        talks: float | None = 0.05,
        host: str | None = None,
        call_id: str | None = None,
    ) -> Outcome:
        """`dialled`: a user part, or a whole address; `sender`: what stands in From; `talks`: for how long, None until the other
        side has had enough.
        """
        uri = dialled if dialled.startswith("sip:") else f"sip:{dialled}@{host or self.domain}"
        own = sender or f"<sip:{self.username}@{self.domain}>"
        outcome = Outcome(call_id or f"{token()}@phone")
        tag = token()
        proof: tuple[str, ...] = ()
        for number in (1, 2):
            branch = f"z9hG4bK{token()}"
            headers = self._headers("INVITE", branch, own, f"<{uri}>", outcome.call_id, tag, number)
            text = written(f"INVITE {uri} SIP/2.0", *headers, f"Contact: <{self.contact}>", *more, *proof, body=BODY)
            answers = await self._ask(text, branch)
            final = await self._followed(answers, outcome, text, cancel_after)
            if final.code < 300:
                await self._talked(final, own, outcome, tag, number, talks)
                break
            self.send(_same(text, "ACK", final["to"]))
            if final.code != 407 or number == 2 or not self.password:
                break
            outcome.codes.clear()
            outcome.answers.clear()
            proof = (credentials(final, "INVITE", uri, self.username, self.password),)
        return outcome

    async def _followed(
        self, answers: "asyncio.Queue[Message]", outcome: Outcome, text: str, cancel_after: float | None
    ) -> Message:
        while True:
            answer = await asyncio.wait_for(answers.get(), PATIENCE)
            outcome.codes.append(answer.code)
            outcome.answers.append(answer)
            if answer.code >= 200:
                return answer
            if cancel_after is not None and answer.code >= 180:
                self.loop.loop.call_later(cancel_after, self.send, _same(text, "CANCEL", ""))
                cancel_after = None

    async def _talked(self, final: Message, own: str, outcome: Outcome, tag: str, number: int, seconds: float | None) -> None:
        target = address_in(final["contact"])
        routes = [f"Route: {one}" for one in reversed(list(final.all("record-route")))]
        for method, following in (("ACK", number), ("BYE", number + 1)):
            branch = f"z9hG4bK{token()}"
            headers = self._headers(method, branch, own, final["to"], outcome.call_id, tag, following)
            answers = await self._ask(written(f"{method} {target} SIP/2.0", *headers, *routes), branch)
            if method == "ACK" and seconds is None:
                await asyncio.wait_for(self._over.setdefault(outcome.call_id, asyncio.Event()).wait(), PATIENCE)
                return
            if method == "BYE":
                ended = await asyncio.wait_for(answers.get(), PATIENCE)
                assert ended.code == 200, ended.text
            else:
                await asyncio.sleep(seconds or 0)

    async def repeating(self, text: str) -> int:
        """Sends what somebody else has sent, as a request of its own; the first final answer."""
        branch = f"z9hG4bK{token()}"
        again = re.sub(r"branch=[^;\s]+", f"branch={branch}", text, count=1)
        answers = await self._ask(again, branch)
        while (answer := await asyncio.wait_for(answers.get(), PATIENCE)).code < 200:
            pass
        return answer.code

    async def asking(self, method: str) -> int:
        """Something else than a call or a registration."""
        branch, own, uri = f"z9hG4bK{token()}", f"<sip:{self.username}@{self.domain}>", f"sip:{self.domain}"
        answers = await self._ask(
            written(f"{method} {uri} SIP/2.0", *self._headers(method, branch, own, own, token(), token(), 1)), branch
        )
        return (await asyncio.wait_for(answers.get(), PATIENCE)).code

    def is_talking(self, call_id: str) -> bool:
        return call_id in self._talking and any(one.method == "ACK" and one["call-id"] == call_id for one in self.heard)

    async def hanging_up(self, call_id: str) -> int:
        """Ends a call that it has answered."""
        invite, tag = self._talking.pop(call_id)
        branch = f"z9hG4bK{token()}"
        headers = self._headers("BYE", branch, invite["to"], invite["from"], call_id, tag, 7)
        routes = [f"Route: {one}" for one in invite.all("record-route")]
        answers = await self._ask(written(f"BYE {address_in(invite['contact'])} SIP/2.0", *headers, *routes), branch)
        return (await asyncio.wait_for(answers.get(), PATIENCE)).code

    def starts_calling(self, dialled: str, **how: Any) -> "Future[Outcome]":
        return asyncio.run_coroutine_threadsafe(self.calling(dialled, **how), self.loop.loop)

    def hang_up(self, call_id: str) -> int:
        code: int = self.loop.run(self.hanging_up(call_id))
        return code


def _same(invite: str, method: str, to: str) -> str:
    """The ACK or CANCEL of a request, along its own way."""
    kept = [
        line
        for line in invite.partition("\r\n\r\n")[0].split("\r\n")[1:]
        if line.partition(":")[0] in {"Via", "Max-Forwards", "From", "Call-ID"}
    ]
    number = next(line for line in invite.split("\r\n") if line.startswith("CSeq")).split()[1]
    whom = f"To: {to}" if to else next(line for line in invite.split("\r\n") if line.startswith("To:"))
    return written(f"{method} {invite.split()[1]} SIP/2.0", *kept, whom, f"CSeq: {number} {method}")

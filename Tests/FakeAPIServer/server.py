"""The sockets: connections, requests, and their responses with what a fault does to them."""

import asyncio
import itertools
import json
import ssl

from http_message import BadRequest, LARGEST_HEAD, Response, read_request
from negotiation import error_form
from status import Refusal, failure
from watching import error_stream
from wire import PIECE, Cut, Wire

_GONE = (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ssl.SSLError, TimeoutError, BadRequest, Cut)


class Server:
    def __init__(self, app, control, log):
        self.app, self.control, self.log = app, control, log
        self.numbers = itertools.count(1)
        # What the client asked for in its TLS greeting, by its SSL object.
        self.greetings = {}
        self.connections = set()

    async def listen(self, context=None):
        """(port of the API, port of the control)."""
        more = {"ssl_shutdown_timeout": 1.0, "ssl_handshake_timeout": 20.0} if context else {}
        api = await asyncio.start_server(self._api_connection, "127.0.0.1", 0, limit=LARGEST_HEAD, backlog=4096, ssl=context,
                                         **more)
        control = await asyncio.start_server(self._control_connection, "127.0.0.1", 0, limit=LARGEST_HEAD, backlog=64)
        return api.sockets[0].getsockname()[1], control.sockets[0].getsockname()[1]

    async def _api_connection(self, reader, writer):
        await self._guarded(self._serve(reader, writer, self._api_request), writer)

    async def _control_connection(self, reader, writer):
        await self._guarded(self._serve(reader, writer, self._control_request), writer)

    async def _guarded(self, serving, writer):
        task = asyncio.current_task()
        self.connections.add(task)
        try:
            await serving
        except _GONE:
            pass
        except asyncio.CancelledError:
            # The server ends. Raised further, asyncio's own callback would complain.
            pass
        finally:
            self.connections.discard(task)
            if not writer.transport.is_closing():
                writer.close()

    async def _serve(self, reader, writer, answer):
        wire, number = Wire(reader, writer), next(self.numbers)
        tls = self._greeting(writer)
        while True:
            request = await read_request(reader, number)
            if request.header("expect").lower() == "100-continue":
                await wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if not await answer(request, wire, tls):
                break
            if request.header("connection").lower() == "close":
                break
        await wire.close()

    def _greeting(self, writer):
        """What /_log tells of TLS; None over plain HTTP. Also the name of a client certificate's subject."""
        connection = writer.get_extra_info("ssl_object")
        if connection is None:
            return None
        found = dict(self.greetings.pop(id(connection), {"sni": None}))
        found["version"] = connection.version()
        found["alpn"] = connection.selected_alpn_protocol()
        subject = {name: value for part in (connection.getpeercert() or {}).get("subject", ()) for name, value in part}
        found["client"] = subject.get("commonName")
        return found

    async def _control_request(self, request, wire, _):
        await self._write(wire, request, self.control.respond(request))
        return True

    async def _api_request(self, request, wire, tls):
        if request.path.startswith("/_"):
            return await self._control_request(request, wire, tls)
        entry = self.log.add(request, tls)
        try:
            request.identity = self.app.access.authenticate(request, tls and tls["client"])
        except Refusal:
            # The handler refuses it again; faults of a user do not take it.
            pass
        fault = self.app.faults.find(request, self.app.node_of(request))
        do = fault.do if fault else {}
        await asyncio.sleep(do.get("delay", 0))
        if do.get("cut") == "before":
            await wire.cut(do.get("how", "fin"))
        wire.drip = do.get("drip", 0)
        response = self._replaced(fault, request) if fault else None
        if response is None:
            response = await self.app.handle(request, tls and tls["client"])
            response.headers += list(do.get("headers", {}).items())
        if request.identity:
            entry["user"] = request.identity.username
        entry["status"] = response.status
        session = getattr(response, "session", None)
        if session:
            await session(wire, fault).run()
            await wire.close()
            return False
        await self._write(wire, request, response, do)
        wire.drip, wire.left = 0, None
        return not response.close

    def _replaced(self, fault, request):
        """What the fault answers instead of the server."""
        if "watch_error" in fault.do and request.flag("watch"):
            code = fault.do["watch_error"]
            reason = {410: "Expired", 403: "Forbidden"}.get(code, "InternalError")
            message = fault.do.get("body") or f"too old resource version: 1 ({self.app.store.revision})"
            target = self.app.target(request)
            return error_stream(target and target.resource, error_form(request), failure(code, reason, message))
        found = fault.answer()
        if not found:
            return None
        code, headers, body = found
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        body = body.encode() if isinstance(body, str) else body
        response = Response(code, body, "", headers + list(fault.do.get("headers", {}).items()))
        names = [name.lower() for name, _ in response.headers]
        response.flow_schema = "x-kubernetes-pf-flowschema-uid" not in names and "cache-control" in names
        response.headers = [(name, value) for name, value in response.headers if name.lower() != "cache-control"]
        return response

    async def _write(self, wire, request, response, do=None):
        do = do or {}
        head = response.head()
        if do.get("cut") == "head":
            wire.left = len(head) // 2
        elif do.get("cut") == "middle":
            body = 0 if response.is_stream else response.length
            wire.left = len(head) + do.get("after_bytes", max(body // 2, 1))
        wire.how = do.get("how", "fin")
        if request.method == "HEAD":
            await wire.write(head)
        elif response.is_stream:
            await wire.write(head)
            await self._stream(wire, response.body, do)
        elif response.is_chunked:
            await wire.write(head)
            for piece in [response.body] if isinstance(response.body, bytes) else response.body:
                view = memoryview(piece)
                for start in range(0, len(view), 4 * PIECE):
                    part = view[start:start + 4 * PIECE]
                    await wire.write(b"%x\r\n" % len(part))
                    await wire.write(part)
                    await wire.write(b"\r\n")
            await wire.write(b"0\r\n\r\n")
        else:
            body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
            await wire.write(head + body)

    async def _stream(self, wire, events, do):
        """A watch: chunks as they come, until it ends, or the client goes."""
        gone = asyncio.ensure_future(wire.reader.read(1))
        iterator, coming = events.__aiter__(), None
        try:
            while True:
                coming = asyncio.ensure_future(iterator.__anext__())
                done, _ = await asyncio.wait([coming, gone], return_when=asyncio.FIRST_COMPLETED)
                if coming not in done:
                    raise ConnectionError
                try:
                    piece = coming.result()
                except StopAsyncIteration:
                    break
                if piece:
                    await wire.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await wire.write(b"0\r\n\r\n")
            # A request that came meanwhile has lost its first byte: the connection is not used again.
            await wire.close()
            raise Cut
        finally:
            # The server may end in the midst of it: an iterator that still runs cannot be closed.
            tasks = [task for task in (gone, coming) if task]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await iterator.aclose()

"""pods/exec over WebSocket (KEP 4006): the handshake and its refusals, channels, Status, and the ends a session can
have."""

import asyncio
import base64
import json
import uuid

import go_json
import status
import websocket
from http_message import Response
from process import Input, NotStarted, Process
from wire import Cut

LARGEST_MESSAGE = 32 << 10
# What a process may leave unread on its standard input without its Status being withheld.
UNREAD_LIMIT = 192 << 10
V4 = ("v4.channel.k8s.io", "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io")


def _plain(code, text, headers=()):
    return Response(code, text.encode(), "text/plain; charset=utf-8", headers, bare=True)


def _closing(code, text, headers=()):
    """An answer of the WebSocket library: no type, no length."""
    return Response(code, text.encode(), "", headers, bare=True, close=True)


def handshake(request, stored, nodes, minor):
    """A refusal as a Response, or (protocol, container)."""
    spec, name = stored.object["spec"], stored.name
    containers = [one["name"] for one in spec.get("containers", [])]
    container = request.parameter("container")
    if not container and len(containers) > 1:
        listed = " ".join(containers)
        raise status.bad_request(f"a container name must be specified for pod {name}, choose one of: [{listed}]")
    if container and container not in containers:
        raise status.bad_request(f"container {container} is not valid for pod {name}")
    container = container or containers[0]
    node = spec.get("nodeName", "")
    if not node:
        raise status.bad_request(f"pod {name} does not have a host assigned")
    if node not in nodes:
        raise status.not_found("pods", node)
    if "upgrade" not in request.header("connection").lower() or request.header("upgrade").lower() != "websocket":
        raise status.bad_request("Upgrade request required")
    if request.method != "GET":
        return _closing(405, "bad method")
    if not any(request.flag(stream) for stream in ("stdin", "stdout", "stderr")):
        return _plain(400, "you must specify at least 1 of stdin, stdout, stderr")
    if stored.object.get("status", {}).get("phase") != "Running":
        return _plain(500, f'container not found ("{container}")')
    if request.header("sec-websocket-version") != "13":
        return _closing(400, "missing or bad WebSocket Version", [("Sec-Websocket-Version", "13")])
    if not request.header("sec-websocket-key"):
        return _closing(400, "mismatch challenge/response")
    offered = [part.strip() for part in request.header("sec-websocket-protocol").split(",") if part.strip()]
    if minor >= 30 and "v5.channel.k8s.io" in offered:
        return "v5.channel.k8s.io", container
    known = [one for one in offered if one in V4]
    if offered and not known:
        return _closing(403, "")
    return (known[0] if known else ""), container


class Session:
    def __init__(self, app, request, wire, stored, protocol, container, fault):
        self.app, self.request, self.wire, self.stored = app, request, wire, stored
        self.protocol, self.container, self.do = protocol, container, fault.do if fault else {}
        self.is_v5 = protocol.startswith("v5")
        self.base64 = "base64" in protocol
        self.node = stored.object["spec"]["nodeName"]
        self.input = Input(request.flag("stdin"))
        self.tty = request.flag("tty")
        self.closed_by_client = asyncio.Event()
        self.sent = 0
        self.sending = asyncio.Lock()

    async def run(self):
        key = self.request.header("sec-websocket-key")
        accept = websocket.accept_key("wrong" + key if self.do.get("accept") == "wrong" else key)
        head = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: {self.protocol}\r\n\r\n").encode()
        cut = self.do.get("cut")
        if cut == "head":
            self.wire.left = len(head) // 2
        await self.wire.write(head)
        await self._maybe_cut("after-101")
        if not self.do.get("no_ready"):
            await self._message(1, b"")
        if "garbage" in self.do:
            await self.wire.write(bytes.fromhex(self.do["garbage"]))
        for one in self.do.get("frames", []):
            opcode = websocket.OPCODES[one.get("opcode", "binary")]
            await self.wire.write(websocket.frame(opcode, bytes.fromhex(one.get("payload", "")), one.get("fin", True)))
        await self._with_process()

    async def _with_process(self):
        reading = asyncio.ensure_future(self._read())
        self.process = Process(self.request.parameters("command"), self.node, self.stored.name, self.input, self._output,
                               self.tty)
        self.process.reads_stdin = self.request.flag("stdin")
        running = asyncio.ensure_future(self.app.programs.run(self.process))
        died = asyncio.ensure_future(self.app.kubelet.death(self.stored.object["metadata"]["uid"]).wait())
        closed = asyncio.ensure_future(self.closed_by_client.wait())
        tasks = [reading, running, died, closed]
        try:
            done, _ = await asyncio.wait([running, died, closed], return_when=asyncio.FIRST_COMPLETED)
            if closed in done:
                await self._close()
                return
            if running in done:
                document = self._ended(running)
                if len(self.input.buffer) >= UNREAD_LIMIT:
                    await closed
                    await self._close()
                    return
            else:
                document = self._exit_status(137)
            await self._finish(document)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, running):
        error = running.exception()
        if error is None:
            return self._exit_status(running.result())
        if isinstance(error, NotStarted):
            return self._not_started(str(error))
        raise error

    async def _finish(self, document):
        await self._maybe_cut("after-stdout")
        await self._maybe_cut("before-first-frame")
        if "exec_status" in self.do:
            document = self.do["exec_status"]
        if document is not None and not self.do.get("no_status"):
            payload = document.encode() if isinstance(document, str) else go_json.encode(document)
            await self._message(3, payload)
        await self._maybe_cut("after-status")
        if not self.do.get("no_close"):
            await self._close()

    async def _close(self):
        async with self.sending:
            await self.wire.write(websocket.close_frame())

    async def _maybe_cut(self, stage):
        if self.do.get("cut") == stage:
            await self.wire.cut(self.do.get("how", "fin"))

    # Output

    async def _output(self, channel, data):
        wanted = self.request.flag("stdout") if channel == 1 or self.tty else self.request.flag("stderr")
        if not wanted:
            return
        if self.tty:
            channel, data = 1, data.replace(b"\n", b"\r\n")
        await self._maybe_cut("before-first-frame")
        if not self.do and not self.base64:
            # The way of all sessions without faults: whole frames, many at a time.
            framed = [websocket.frame(websocket.BINARY, bytes((channel,)) + data[i:i + LARGEST_MESSAGE])
                      for i in range(0, len(data), LARGEST_MESSAGE)]
            async with self.sending:
                for i in range(0, len(framed), 8):
                    await self.wire.write(b"".join(framed[i:i + 8]))
            return
        size = LARGEST_MESSAGE
        for start in range(0, len(data), size):
            await self._output_message(channel, data[start:start + size])

    async def _output_message(self, channel, data):
        if self.do.get("cut") == "in-frame" and channel == 1:
            after = self.do.get("after_bytes", 0)
            if self.sent + len(data) > after:
                frame = websocket.frame(websocket.BINARY, b"\x01" + data)
                # At least the frame's head and not its last byte.
                self.wire.left = min(max(after - self.sent + len(frame) - len(data), 3), len(frame) - 1)
                self.wire.how = self.do.get("how", "fin")
        pause = self.do.get("pause")
        if pause and self.sent <= pause.get("after_bytes", 0) < self.sent + len(data):
            await asyncio.sleep(pause["seconds"])
        await self._message(channel, data)
        self.sent += len(data)

    async def _message(self, channel, data):
        if self.base64:
            payload = str(channel).encode() + base64.b64encode(data)
        else:
            payload = bytes((channel,)) + data
        opcode = websocket.TEXT if self.base64 or self.do.get("text") else websocket.BINARY
        size = self.do.get("fragment") or len(payload)
        async with self.sending:
            for start in range(0, len(payload), size):
                last = start + size >= len(payload)
                kind = opcode if start == 0 else websocket.CONTINUATION
                await self.wire.write(websocket.frame(kind, payload[start:start + size], last))

    # Input

    async def _read(self):
        try:
            while True:
                opcode, payload = await websocket.read_frame(self.wire.reader)
                if opcode == websocket.CLOSE:
                    break
                if opcode == websocket.PING:
                    async with self.sending:
                        await self.wire.write(websocket.frame(websocket.PONG, payload))
                elif opcode != websocket.PONG and payload:
                    await self._take(payload)
        except (asyncio.IncompleteReadError, ConnectionError, Cut):
            pass
        except (websocket.Unmasked, websocket.TooLarge) as error:
            if isinstance(error, websocket.Unmasked):
                async with self.sending:
                    await self.wire.write(websocket.close_frame(1002))
        self.input.end()
        self.closed_by_client.set()

    async def _take(self, payload):
        if self.base64:
            payload = bytes((payload[0] - 48,)) + base64.b64decode(payload[1:])
        channel = payload[0]
        if channel == 0:
            await self.input.feed(payload[1:])
        elif channel == 255 and self.is_v5 and payload[1:] == b"\x00":
            self.input.end()
        elif channel == 4:
            size = json.loads(payload[1:])
            self.process.size = (size.get("Height", 0), size.get("Width", 0))

    # Status

    def _exit_status(self, code):
        argv = self.process.argv
        text = (f"command terminated with exit code {code}" if self.is_v5
                else f"error executing command [{' '.join(argv)}], exit code {code}")
        message = "command terminated with non-zero exit code: " + text
        if not self.protocol or self.protocol in ("channel.k8s.io", "base64.channel.k8s.io"):
            return message if code else None
        if code == 0:
            return {"metadata": {}, "status": "Success"}
        return {"metadata": {}, "status": "Failure", "message": message, "reason": "NonZeroExitCode",
                "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}

    def _not_started(self, text):
        identity = uuid.uuid4().hex + uuid.uuid4().hex
        cause = ("error executing command in container: failed to exec in container: failed to start exec "
                 f'"{identity}": OCI runtime exec failed: {text}')
        if self.is_v5:
            cause = "Internal error occurred: " + cause
        if not self.protocol:
            return "Internal error occurred: " + cause
        return {"metadata": {}, "status": "Failure", "message": "Internal error occurred: " + cause, "reason": "InternalError",
                "details": {"causes": [{"message": cause}]}, "code": 500}

"""A connection's bytes, and the ways in which they can stop."""

import asyncio
import fcntl
import socket
import struct
import termios
import time

PIECE = 256 << 10


class Cut(Exception):
    """The connection was cut on purpose."""


class Wire:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        # Bytes until the cut; None for no cut.
        self.left = None
        self.how = "fin"
        # Bytes per second; 0 for no limit.
        self.drip = 0
        writer.transport.set_write_buffer_limits(high=PIECE)

    async def write(self, data):
        if self.left is not None and len(data) >= self.left:
            await self._send(bytes(data[:self.left]))
            await self.cut(self.how)
        if self.left is not None:
            self.left -= len(data)
        await self._send(data)

    async def _send(self, data):
        if self.drip:
            await self._send_slowly(data)
            return
        view = memoryview(data)
        for start in range(0, len(view), PIECE):
            self.writer.write(view[start:start + PIECE])
            await self.writer.drain()

    async def _send_slowly(self, data):
        begin, sent = time.monotonic(), 0
        while sent < len(data):
            due = max(int((time.monotonic() - begin) * self.drip), 1)
            piece = data[sent:due]
            if piece:
                self.writer.write(piece)
                await self.writer.drain()
                sent += len(piece)
            await asyncio.sleep(max(0.02, 1 / self.drip) if sent < len(data) else 0)

    def _pending(self):
        transport = self.writer.transport
        # Below TLS lies another transport with a buffer of its own; both are gone once the other side has closed.
        protocol = getattr(transport, "_ssl_protocol", transport)
        if protocol is None:
            return 0
        pending = transport.get_write_buffer_size()
        below = getattr(protocol, "_transport", None)
        return pending + (below.get_write_buffer_size() if below else 0)

    async def flush(self):
        """Waits until the kernel has taken everything."""
        while self._pending() and not self.writer.transport.is_closing():
            await asyncio.sleep(0.002)

    async def cut(self, how):
        """Ends the connection as a fault does: "fin", or "rst"; over TLS both without close_notify."""
        await self.flush()
        transport = self.writer.transport
        if how == "rst":
            connection = transport.get_extra_info("socket")
            if connection is not None:
                await self._until_acknowledged(connection)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        raise Cut

    @staticmethod
    async def _until_acknowledged(connection):
        """What was sent should arrive before a reset, which overtakes what is still in the kernel's queue."""
        for _ in range(5000):
            queued = fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4))
            if not any(queued):
                return
            await asyncio.sleep(0.002)

    async def close(self):
        """Ends the connection in an orderly way: over TLS with close_notify."""
        await self.flush()
        self.writer.close()

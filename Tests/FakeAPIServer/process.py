"""A program that runs on a node, as exec sees it: its arguments, its streams, its end."""

import asyncio


class NotStarted(Exception):
    """What the container runtime says of a command that cannot be started."""


class Input:
    """A process's standard input."""

    LARGEST = 12 << 20

    def __init__(self, is_open):
        self.buffer = bytearray()
        self.ended = not is_open
        self._changed = asyncio.Event()

    async def feed(self, data):
        """Takes what the client sends; waits when nobody reads it."""
        while len(self.buffer) > self.LARGEST and not self.ended:
            self._changed.clear()
            await self._changed.wait()
        self.buffer += data
        self._changed.set()

    def end(self):
        self.ended = True
        self._changed.set()

    async def read(self):
        """What has come, or nothing at the end."""
        while not self.buffer and not self.ended:
            self._changed.clear()
            await self._changed.wait()
        data = bytes(self.buffer)
        self.buffer.clear()
        self._changed.set()
        return data

    async def drain(self):
        while await self.read():
            pass


class Process:
    """`write(channel, data)` is a coroutine that sends output; 1 is stdout, 2 stderr."""

    def __init__(self, argv, node, pod, standard_input, write, tty=False):
        self.argv, self.node, self.pod = argv, node, pod
        self.input, self._write, self.tty = standard_input, write, tty
        self.size = (0, 0)

    async def out(self, data):
        await self._write(1, data)

    async def err(self, data):
        await self._write(2, data)

#!/usr/bin/env python3
"""A server that does on purpose what others do by mistake: what it does is the path of the request.

Usage: server.py FOLDER [--tls CERTIFICATE KEY]
Writes its port to FOLDER/port, and what happened, a line each, to FOLDER/events.
"""

import asyncio
import os
import socket
import ssl
import struct
import sys

folder = sys.argv[1]
events = open(os.path.join(folder, "events"), "w", buffering=1, encoding="utf-8")
counts = {}
sent = {"bytes": 0}
connections = 0


def note(text):
    events.write(text + "\n")


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
    length = 0
    for line in head.decode("latin-1").split("\r\n")[1:]:
        if line.lower().startswith("content-length:"):
            length = int(line.split(":", 1)[1])
    return method, path, head, await reader.readexactly(length)


def respond(writer, status, body=b"", fields=""):
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body)


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def endless(reader, writer, size):
    """Sends `size` bytes, and nothing faster than they are taken."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    writer.transport.set_write_buffer_limits(1 << 16)
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
    block = bytes(1 << 16)
    while size > 0:
        writer.write(block[:size])
        await writer.drain()
        sent["bytes"] += min(size, len(block))
        size -= len(block)


async def upgraded(path, reader, writer):
    """What follows a 101."""
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
    if path == "/echo":
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    elif path == "/tail-then-close":
        writer.write(b"the tail")
        await writer.drain()
    elif path == "/tail-then-tear":
        writer.write(b"the tail")
        await writer.drain()
        await asyncio.sleep(0.2)
        reset(writer)
    elif path == "/tail-then-eof":
        # Ends the TCP stream without TLS's close_notify.
        writer.write(b"the tail")
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()
    elif path == "/flood":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        writer.transport.set_write_buffer_limits(1 << 16)
        block = bytes(1 << 16)
        while True:
            writer.write(block)
            await writer.drain()
            sent["bytes"] += len(block)
    elif path == "/sink":
        total = 0
        while data := await reader.read(1 << 16):
            total += len(data)
        note(f"sunk {total}")


async def serve(reader, writer):
    global connections
    connections += 1
    number = connections
    handled = 0
    path = "-"
    try:
        while True:
            method, path, head, body = await read_request(reader)
            handled += 1
            counts[path] = counts.get(path, 0) + 1
            note(f"{method} {path} connection {number}")
            if b"upgrade: echo" in head.lower():
                await upgraded(path, reader, writer)
                return
            if path.startswith("/show"):
                respond(writer, "200 OK", head + body, "X-Twice: one\r\nx-twice: two\r\n")
            elif path == "/sent":
                respond(writer, "200 OK", str(sent["bytes"]).encode())
            elif path == "/cut":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
                await writer.drain()
                return
            elif path == "/reset-in-body":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
                await writer.drain()
                await asyncio.sleep(0.2)
                reset(writer)
                return
            elif path == "/close":
                return
            elif path == "/reset":
                reset(writer)
                return
            elif path == "/reset-once":
                if counts[path] == 1:
                    reset(writer)
                    return
                respond(writer, "200 OK", b"second")
            elif path == "/die-when-reused":
                if handled > 1:
                    return
                respond(writer, "200 OK", b"first")
            elif path == "/silent":
                await reader.read()
                return
            elif path == "/pause":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
                await writer.drain()
                await reader.read()
                return
            elif path == "/garbage":
                writer.write(b"\x00\x01 this is not HTTP at all \xff\xfe\r\n\r\n")
                await writer.drain()
                return
            elif path == "/endless-head":
                writer.write(b"HTTP/1.1 200 OK\r\n")
                while True:
                    writer.write(b"X-More: " + b"y" * 8000 + b"\r\n")
                    await writer.drain()
            elif path == "/continue":
                writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
                respond(writer, "200 OK", b"after hints")
            elif path == "/busy-once":
                if counts[path] == 1:
                    respond(writer, "429 Too Many Requests", b"later", "Retry-After: 7\r\n")
                else:
                    respond(writer, "200 OK", b"now")
            elif path == "/always-busy":
                respond(writer, "429 Too Many Requests", b"later", "Retry-After: 1\r\n")
            elif path == "/pieces":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for piece in (b"one", b"two", b"three"):
                    writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    await writer.drain()
                    await asyncio.sleep(0.05)
                writer.write(b"0\r\nX-Trailer: last\r\n\r\n")
            elif path.startswith("/endless/"):
                await endless(reader, writer, int(path.rsplit("/", 1)[1]))
            else:
                respond(writer, "404 Not Found")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError) as error:
        note(f"ended {path} {type(error).__name__}")
    finally:
        note(f"closed {path}")
        writer.close()


async def main():
    context = None
    if "--tls" in sys.argv:
        at = sys.argv.index("--tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[at + 1], sys.argv[at + 2])
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, backlog=4096)
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
        file.write(str(port))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(main())

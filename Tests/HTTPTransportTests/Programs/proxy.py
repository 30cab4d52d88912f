#!/usr/bin/env python3
"""A proxy for CONNECT (RFC 9110 9.3.6) and for SOCKS 5 (RFC 1928, RFC 1929), on one port.

Usage: proxy.py FOLDER TARGET-HOST [USER PASSWORD] [--tls CERTIFICATE KEY]
With --tls clients speak TLS with the proxy, too. Connects to 127.0.0.1 where TARGET-HOST is asked for, and to no other name; with a user and a password only for who
gives them. Writes its port to FOLDER/port, and who asked for what to FOLDER/events.
"""

import asyncio
import base64
import os
import ssl
import sys

arguments, context = sys.argv[1:], None
if "--tls" in arguments:
    at = arguments.index("--tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*arguments[at + 1:at + 3])
    del arguments[at:at + 3]
folder, target = arguments[:2]
credentials = tuple(arguments[2:4]) or None
events = open(os.path.join(folder, "events"), "w", buffering=1, encoding="utf-8")


async def copy(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()


async def connect(kind, host, port):
    events.write(f"{kind} {host}:{port}\n")
    if host == "refused.example":
        return None
    return await asyncio.open_connection("127.0.0.1" if host == target else host, port)


async def http(first, reader, writer):
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
    method, authority, _ = head.split("\r\n", 1)[0].split(" ", 2)
    if credentials:
        wanted = "basic " + base64.b64encode(":".join(credentials).encode()).decode()
        given = [line.split(":", 1)[1].strip() for line in head.split("\r\n") if
                 line.lower().startswith("proxy-authorization:")]
        if not given or given[0].lower() != wanted.lower():
            events.write("not authorized\n")
            writer.write(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
            return None
    host, port = authority.rsplit(":", 1)
    upstream = await connect(method, host.strip("[]"), int(port))
    if not upstream:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        return None
    writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
    return upstream


async def socks(reader, writer):
    methods = await reader.readexactly((await reader.readexactly(1))[0])
    if credentials:
        if 2 not in methods:
            writer.write(b"\x05\xff")
            return None
        writer.write(b"\x05\x02")
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        good = (user.decode(), password.decode()) == credentials
        writer.write(b"\x01\x00" if good else b"\x01\x01")
        if not good:
            return None
    else:
        writer.write(b"\x05\x00")
    _, _, _, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ".".join(str(byte) for byte in await reader.readexactly(4))
    port = int.from_bytes(await reader.readexactly(2), "big")
    upstream = await connect("SOCKS" if kind == 3 else "SOCKS-ADDRESS", host, port)
    if not upstream:
        writer.write(b"\x05\x05\x00\x01" + bytes(6))
        return None
    writer.write(b"\x05\x00\x00\x01" + bytes(6))
    return upstream


async def serve(reader, writer):
    try:
        first = await reader.readexactly(1)
        upstream = await (socks(reader, writer) if first == b"\x05" else http(first, reader, writer))
        if upstream:
            await asyncio.gather(copy(reader, upstream[1]), copy(upstream[0], writer))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(folder, "port.new"), "w", encoding="utf-8") as file:
        file.write(str(port))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(main())

"""Sends back what comes, over TCP and UDP and both families: echo.py PORT"""

import selectors
import socket
import sys

port = int(sys.argv[1])
selector = selectors.DefaultSelector()
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    link = socket.socket(socket.AF_INET6, kind)
    link.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(("::", port))
    if kind == socket.SOCK_STREAM:
        link.listen(100)
        selector.register(link, selectors.EVENT_READ, "listener")
    else:
        selector.register(link, selectors.EVENT_READ, "datagrams")
while True:
    for key, _ in selector.select():
        if key.data == "listener":
            connection, _ = key.fileobj.accept()
            selector.register(connection, selectors.EVENT_READ, "connection")
        elif key.data == "datagrams":
            data, sender = key.fileobj.recvfrom(65535)
            key.fileobj.sendto(data, sender)
        else:
            data = key.fileobj.recv(65535)
            if data:
                key.fileobj.sendall(data)
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()

#!/usr/bin/env python3
"""Makes connections to a closed port of this host, each refused at once, from ports that nobody uses twice.

Usage: refused.py COUNT
"""

import socket
import sys

for port in range(10000, 10000 + int(sys.argv[1])):
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.bind(("127.0.0.1", port))
        client.connect_ex(("127.0.0.1", 9))

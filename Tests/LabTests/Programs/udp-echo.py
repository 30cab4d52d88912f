"""Sends every datagram back to where it came from, over both families: udp-echo.py PORT"""

import socket
import sys

link = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
link.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
link.bind(("::", int(sys.argv[1])))
while True:
    data, sender = link.recvfrom(65535)
    link.sendto(data, sender)

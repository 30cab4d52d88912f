#!/usr/bin/env python3
"""Stands for an API server: answers every request as if it were for /version, and writes what it was asked as a line of JSON.

Usage: api-server.py FOLDER. FOLDER holds server.pem, server-key.pem and client.pem. Once both servers listen, their
ports are in FOLDER/ports, HTTPS first; requests go to FOLDER/requests.
"""

import http.server
import json
import os
import ssl
import sys
import threading

folder = sys.argv[1]
requests = open(os.path.join(folder, "requests"), "w", encoding="utf-8", buffering=1)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        connection = self.connection
        secure = isinstance(connection, ssl.SSLSocket)
        certificate = connection.getpeercert() if secure else None
        subject = dict(pair[0] for pair in certificate["subject"]) if certificate else {}
        requests.write(
            json.dumps(
                {
                    "secure": secure,
                    "name": getattr(connection, "asked_name", None) or "",
                    "certificate": subject.get("commonName", ""),
                    "path": self.path,
                    "authorization": self.headers.get("Authorization", ""),
                    "gzip": "gzip" in self.headers.get("Accept-Encoding", ""),
                    "impersonation": sorted(
                        f"{name.lower()}: {value}"
                        for name, value in self.headers.items()
                        if name.lower().startswith("impersonate-")
                    ),
                }
            )
            + "\n"
        )
        self.send_response(200)
        version = b'{"major":"1","minor":"32","gitVersion":"v1.32.4"}'
        self.send_header("Content-Length", str(len(version)))
        self.end_headers()
        self.wfile.write(version)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    # Whoever asks for many things at once need not knock a second time.
    request_queue_size = 128


def note_name(connection, name, context):
    connection.asked_name = name


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server-key.pem"))
context.load_verify_locations(os.path.join(folder, "client.pem"))
context.verify_mode = ssl.CERT_OPTIONAL
context.sni_callback = note_name

secure = Server(("127.0.0.1", 0), Handler)
secure.socket = context.wrap_socket(secure.socket, server_side=True)
plain = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=plain.serve_forever, daemon=True).start()
with open(os.path.join(folder, "ports.new"), "w", encoding="utf-8") as ports:
    ports.write(f"{secure.server_port} {plain.server_port}")
os.rename(os.path.join(folder, "ports.new"), os.path.join(folder, "ports"))
secure.serve_forever()

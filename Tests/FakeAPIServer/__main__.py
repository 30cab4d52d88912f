"""A stand-in for kube-apiserver 1.36.2, for tests and benchmarks: see README.md."""

import argparse
import asyncio
import gc
import json
import resource
import signal
import sys
import threading

import cluster
import tls
from app import App
from control import Control
from request_log import RequestLog
from server import Server


def arguments():
    parser = argparse.ArgumentParser(prog="FakeAPIServer", description=__doc__)
    parser.add_argument("--cluster", metavar="FILE", help="objects to begin with, {\"items\": […]}")
    parser.add_argument("--nodes", type=int, default=0, help="generate so many nodes")
    parser.add_argument("--pods", type=int, default=0, help="generate so many pods")
    parser.add_argument("--services", type=int, default=0, help="generate so many Services")
    parser.add_argument("--seed", type=int, default=1, help="of what is generated")
    parser.add_argument("--entries", type=int, default=100, help="of each node's connection tracking table")
    parser.add_argument("--precompute", action="store_true", help="make lists and tables before saying that it is ready")
    parser.add_argument("--version", default="1.36", help="the server's version, 1.20 to 1.36")
    parser.add_argument("--endpoints", choices=["v1", "v1beta1", "none"], help="which EndpointSlices are served")
    parser.add_argument("--config", metavar="FILE", help="what /_control would say, by its names")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="PEM files")
    parser.add_argument("--client-ca", metavar="FILE", help="the authority of client certificates")
    parser.add_argument("--speed", type=float, default=1, help="how many times faster than a real one pods start and end")
    parser.add_argument("--allow-run", action="store_true", help="let programs of the table run on this machine")
    return parser.parse_args()


def settings_of(options):
    minor = int(options.version.removeprefix("v").split(".")[1])
    endpoints = options.endpoints or ("v1" if minor >= 21 else "v1beta1")
    return {"minor": minor, "endpoints": endpoints, "speed": options.speed, "entries": options.entries, "old_etcd": False,
            "bookmark_seconds": 60.0, "events_per_second": 10.0, "allow_run": options.allow_run}


def precompute(app):
    """The lists that a client of a large cluster asks for, in both forms, and the tables of the nodes."""
    from http_message import Request
    from negotiation import JSON, PROTOBUF, Form

    async def lists():
        request = Request("GET", "/", [], 0)
        for found in app.served:
            if found.writable and app.store.objects[found.key]:
                for media_type in (JSON, PROTOBUF):
                    await app.lister.respond(found, "", request, Form(media_type))
                if found.plural in ("replicasets", "jobs"):
                    await app.lister.respond(found, "", request, Form(PROTOBUF, "PartialObjectMetadataList"))
    app.programs.precompute()
    return lists()


async def main(options):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 65536), hard) if hard > 0 else 65536, hard))
    # A large cluster is never garbage; looking through it again and again would be the most work here.
    gc.disable()
    app, log = App(settings_of(options)), RequestLog()
    if options.cluster:
        cluster.load(app.store, options.cluster)
    if options.nodes or options.pods or options.services:
        cluster.Generator(app.store, options.nodes, options.pods, options.services, options.seed).generate()
    app.begin()
    control = Control(app, log)
    if options.config:
        with open(options.config, encoding="utf-8") as file:
            control.configure(json.load(file))
    if options.precompute:
        await precompute(app)
    gc.freeze()
    gc.enable()
    server = Server(app, control, log)
    context = tls.context(*options.tls, options.client_ca, server.greetings) if options.tls else None
    port, control_port = await server.listen(context)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    threading.Thread(target=until_input_ends, args=(loop, ended), daemon=True).start()
    print(json.dumps({"port": port, "control": control_port}, separators=(",", ":")), flush=True)
    await ended.wait()


def until_input_ends(loop, ended):
    """Whoever started the server holds its standard input: it does not outlive them."""
    while sys.stdin.buffer.raw.read(1 << 12):
        pass
    loop.call_soon_threadsafe(ended.set)


if __name__ == "__main__":
    asyncio.run(main(arguments()))

"""The programs of the nodes: a table that tests fill, and what every node has."""

import asyncio
import base64
import fnmatch
import time
from pathlib import Path

import conntrack_text
from process import NotStarted
from shell import Shell

_KEYS = {"node", "pod", "argv", "stdout", "stdout_base64", "stdout_file", "stderr", "exit", "delay", "after", "wait_stdin",
         "entries", "events_per_second", "events", "run", "use"}


class Programs:
    """`table`: what a test says, before what every node has, each {"node", "pod", "argv": [pattern…], …}; a last argument
    "**" takes any rest."""

    def __init__(self, settings):
        self.settings, self.table = settings, []
        self.tables = None
        self._texts = {}

    def add(self, documents):
        for document in documents:
            if unknown := set(document) - _KEYS:
                raise ValueError(f"unknown in a program: {', '.join(sorted(unknown))}")
            if "run" in document and not self.settings["allow_run"]:
                raise ValueError("a program that runs on this machine needs --allow-run")
            if "stdout_file" in document:
                document = {**document, "stdout_bytes": Path(document["stdout_file"]).read_bytes()}
            elif "stdout_base64" in document:
                document = {**document, "stdout_bytes": base64.b64decode(document["stdout_base64"])}
            else:
                document = {**document, "stdout_bytes": document.get("stdout", "").encode()}
            self.table.insert(0, document)

    def find(self, argv, node, pod):
        for entry in self.table:
            if fnmatch.fnmatchcase(node, entry.get("node", "*")) and fnmatch.fnmatchcase(pod, entry.get("pod", "*")):
                if _takes(entry.get("argv", ["**"]), argv):
                    return entry
        return None

    def conntrack_table(self, node, entries):
        """The bytes of a node's table; kept, since a thousand sessions ask for them."""
        key = (node, entries)
        if key not in self._texts:
            self._texts[key] = self.tables.text(node, entries)
        return self._texts[key]

    def precompute(self):
        for name, _ in self.tables.nodes:
            self.conntrack_table(name, self.settings["entries"])

    async def run(self, process, argv=None):
        """Runs to the end; returns the exit code. Raises NotStarted."""
        argv = process.argv if argv is None else argv
        if not argv:
            raise NotStarted("exec failed: args must not be empty: unknown")
        entry = self.find(argv, process.node, process.pod)
        if entry and "use" not in entry:
            return await self._configured(process, entry)
        if entry:
            argv = entry["use"]
        builtin = getattr(self, "_" + Path(argv[0]).name.replace("-", "_").removesuffix(".py"), None)
        if Path(argv[0]).name not in _BUILTIN or builtin is None:
            raise NotStarted(_missing(argv[0]))
        if entry and entry.get("delay"):
            await asyncio.sleep(entry["delay"])
        return await builtin(process, argv, entry or {})

    async def _configured(self, process, entry):
        await asyncio.sleep(entry.get("delay", 0))
        if "run" in entry:
            return await _run_here(process, entry["run"])
        if entry["stdout_bytes"]:
            await process.out(entry["stdout_bytes"])
        if "entries" in entry:
            await self._conntrack(process, ["conntrack", "-L", "-o", "extended"], entry)
        if "events" in entry:
            await self._conntrack(process, ["conntrack", "-E", "-o", "extended,timestamp"], entry)
        if entry.get("stderr"):
            await process.err(entry["stderr"].encode())
        if entry.get("wait_stdin"):
            await process.input.drain()
        await asyncio.sleep(entry.get("after", 0))
        return entry.get("exit", 0)

    # What every node has.

    async def _sh(self, process, argv, _):
        if argv[1:2] != ["-c"] or len(argv) < 3:
            await process.input.drain()
            return 0
        return await Shell(process, self.run).script(argv[2])

    async def _true(self, *_):
        return 0

    async def _false(self, *_):
        return 1

    async def _echo(self, process, argv, _):
        await process.out((" ".join(argv[1:]) + "\n").encode())
        return 0

    async def _sleep(self, _, argv, __):
        await asyncio.sleep(float(argv[1].removesuffix("s")))
        return 0

    async def _cat(self, process, argv, _):
        if len(argv) > 1:
            code = 0
            for path in argv[1:]:
                text = conntrack_text.FILES.get(path, lambda entries: None)(self.settings["entries"])
                if text is None:
                    await process.err(f"cat: {path}: No such file or directory\n".encode())
                    code = 1
                else:
                    await process.out(text)
            return code
        while data := await process.input.read():
            await process.out(data)
        return 0

    async def _iptables_save(self, process, *_):
        await process.out(conntrack_text.rules(self.tables.index.get(process.node, 0)))
        return 0

    async def _ip6tables_save(self, process, *_):
        await process.out(b"# Generated by ip6tables-save v1.8.9 (nf_tables)\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")
        return 0

    async def _conntrack(self, process, argv, entry):
        if "-E" in argv or "--event" in argv:
            return await self._conntrack_events(process, argv, entry)
        for option, text in conntrack_text.ANSWERS.items():
            if option in argv:
                await process.out(text(self.settings["entries"]))
                return 0
        ipv6 = any(argv[i:i + 2] in (["-f", "ipv6"], ["--family", "ipv6"]) for i in range(len(argv)))
        entries = 0 if ipv6 else entry.get("entries", self.settings["entries"])
        text = self.conntrack_table(process.node, entries)
        if not any("extended" in word for word in argv):
            text = b"".join(line[len("ipv4     2 "):] for line in text.splitlines(keepends=True))
        if text:
            await process.out(text)
        await process.err((conntrack_text.COUNT_LINE % entries).encode())
        return 0

    async def _conntrack_events(self, process, argv, entry):
        rate = entry.get("events_per_second", self.settings["events_per_second"])
        wanted = entry.get("events", float("inf"))
        stamps = any("timestamp" in word for word in argv)
        number, sent, begin = 0, 0, time.monotonic()
        while sent < wanted and not (process.input.ended and not process.input.buffer and process.reads_stdin):
            for line in self.tables.events(process.node, number):
                now = time.time()
                stamp = f"[{int(now)}.{int(now % 1 * 1e6):06d}]\t" if stamps else ""
                await process.out((stamp + line).encode())
                sent += 1
                await asyncio.sleep(max(begin + sent / rate - time.monotonic(), 0))
                if sent >= wanted:
                    break
            number += 1
        return 0


_BUILTIN = {"sh", "true", "false", "echo", "sleep", "cat", "iptables-save", "ip6tables-save", "conntrack"}


def _missing(name):
    return (f'exec failed: unable to start container process: exec: "{name}": stat {name}: no such file or directory: unknown'
            if "/" in name else
            f'exec failed: unable to start container process: exec: "{name}": executable file not found in $PATH: unknown')


def _takes(patterns, argv):
    if patterns and patterns[-1] == "**":
        patterns, argv = patterns[:-1], argv[:len(patterns) - 1]
    return len(patterns) == len(argv) and all(map(fnmatch.fnmatchcase, argv, patterns))


async def _run_here(process, command):
    """Lets a program of this machine play the node's, where the server was started with --allow-run."""
    child = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)

    async def feed():
        try:
            while data := await process.input.read():
                child.stdin.write(data)
                await child.stdin.drain()
        except ConnectionError:
            pass
        child.stdin.close()

    async def pass_on(stream, write):
        while data := await stream.read(1 << 16):
            await write(data)

    feeding = asyncio.ensure_future(feed())
    try:
        await asyncio.gather(pass_on(child.stdout, process.out), pass_on(child.stderr, process.err))
        code = await child.wait()
    finally:
        feeding.cancel()
        if child.returncode is None:
            child.kill()
            await child.wait()
    return code if code >= 0 else 128 - code

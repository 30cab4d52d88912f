"""As much of `sh -c` as the recorded sessions use. Nothing is ever run on this machine."""

import asyncio
import shlex

from process import NotStarted


class Exit(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def statements(text):
    """The text between semicolons and lines, loops kept whole."""
    found, current, depth = [], [], 0
    for word in text.replace("\n", " ; ").replace(";", " ; ").split(" "):
        depth += (word == "while") - (word == "done")
        if word == ";" and depth == 0:
            found.append(" ".join(current).strip())
            current = []
        elif word:
            current.append(word)
    found.append(" ".join(current).strip())
    return [one for one in found if one]


class Shell:
    """`run(process, argv)` runs other programs and returns their exit codes."""

    def __init__(self, process, run):
        self.process, self.run = process, run
        self.code = 0
        self.stderr_closed = False

    async def script(self, text):
        try:
            await self._all(text)
        except Exit as end:
            return end.code
        return self.code

    async def _all(self, text):
        for one in statements(text):
            if one.startswith("while true ; do "):
                body = one[len("while true ; do "):].rsplit("done", 1)[0].strip(" ;")
                while True:
                    await self._all(body)
            else:
                await self._simple(one)

    async def _simple(self, text):
        words = shlex.split(text.replace("$$", "SELF"))
        redirections = [word for word in words if ">" in word]
        words = [word for word in words if word not in redirections]
        process = self.process
        write = process.out
        if ">&2" in redirections or "1>&2" in redirections:
            write = process.err
        elif any(word.startswith(">/") for word in redirections):
            write = _nowhere
        if not words:
            return
        name, arguments = words[0], words[1:]
        if name == "exec" and not arguments:
            if "2>/dev/null" in redirections:
                # containerd closes standard input when stderr reaches its end.
                process.input.end()
        elif name == "exit":
            raise Exit(int(arguments[0]) if arguments else self.code)
        elif name == "echo":
            await write((" ".join(arguments) + "\n").encode())
            self.code = 0
        elif name == "kill":
            raise Exit(137)
        elif name == "stty":
            await write(f"{process.size[0]} {process.size[1]}\n".encode())
        elif name == "sleep":
            await asyncio.sleep(float(arguments[0]))
        else:
            try:
                self.code = await self.run(process, words)
            except NotStarted:
                await process.err(f"sh: {name}: not found\n".encode())
                self.code = 127


async def _nowhere(_):
    pass

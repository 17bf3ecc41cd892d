#!/usr/bin/env python3
"""Runs docs/OPERATIONS.md and docs/HACKING.md word for word: types what their console blocks type, against a real server, and compares
what they show. The patch that HACKING.md explains must fit the sources as they are, and the routes of HTTP.md be
those of the program.

    FERMATA_BIN=build/release/cli/fermata tests/docs/run_documents.py [OPERATIONS.md ...]

In the document, a block after a line `<!-- file: NAME -->` is saved as NAME; in a `console` block, lines that begin with "$ " are typed
into one shell and what follows is the expected output. What cannot be the same twice is left open: times, "after N ms", the
character `…` (any text within a line). The port 8080 is exchanged for a free one. `--fill` replaces an expected output of `??`.
Only the standard library. Ends with "N passed, N failed, N skipped".
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import http_routes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOCUMENTS = ("OPERATIONS.md", "HACKING.md")
COMMAND_SECONDS = 240  # one of them compiles, perhaps on a busy machine
END = "--end-of-command--"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def blocks(text):
    """(kind, name, first line number, lines) of each fenced block that is executed, in order."""
    found, name, block = [], None, None
    for number, line in enumerate(text.split("\n"), 1):
        if block is None:
            marker = re.fullmatch(r"<!-- file: (\S+) -->", line)
            if marker:
                name = marker.group(1)
            elif line.startswith("```"):
                block = ("file" if name else line[3:], name, number + 1, [])
                name = None
        elif line == "```":
            if block[0] in ("file", "console"):
                found.append(block)
            block = None
        else:
            block[3].append(line)
    return found


def steps(first, lines):
    """(line number, command, expected output lines) of a console block. A command goes on after a backslash."""
    result = []
    for number, line in enumerate(lines, first):
        if line.startswith("$ "):
            result.append((number, line[2:], []))
        elif result and not result[-1][2] and result[-1][1].endswith("\\"):
            result[-1] = (result[-1][0], result[-1][1] + "\n" + line, [])
        elif result:
            result[-1][2].append(line)
        else:
            raise SystemExit(f"line {number}: output before the first command")
    return result


def pattern(line):
    line = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "\0time\0", line)
    line = re.sub(r"after \d+ ms", "\0delay\0", line)
    text = re.escape(line).replace("…", ".*")
    text = text.replace(re.escape("\0time\0"), r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    return text.replace(re.escape("\0delay\0"), r"after \d+ ms")


def differs(expected, actual):
    if len(expected) != len(actual):
        return f"{len(actual)} lines, not {len(expected)}"
    for want, got in zip(expected, actual):
        if not re.fullmatch(pattern(want.rstrip()), got.rstrip()):
            return f"shows:  {got}\n  not:    {want}"
    return None


class Shell:
    def __init__(self, directory, binary):
        os.mkdir(os.path.join(directory, "bin"))
        os.symlink(binary, os.path.join(directory, "bin", "fermata"))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FERMATA_")}
        environment.update(PATH=os.path.join(directory, "bin") + ":" + environment["PATH"], LC_ALL="C.UTF-8")
        work = os.path.join(directory, "work")
        os.mkdir(work)
        for name in ("activities", "examples"):  # what the documents use of a checkout; what they leave behind stays out of it
            os.symlink(os.path.join(ROOT, name), os.path.join(work, name))
        self.work = work
        self.process = subprocess.Popen(["bash", "--norc", "--noprofile"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, cwd=work, env=environment, start_new_session=True)

    def type(self, command):
        """The lines that it printed, or None: it does not end."""
        self.process.stdin.write(f"{{ {command}\n}} < /dev/null\n__status=$?; echo; echo {END}; (exit $__status)\n".encode())
        self.process.stdin.flush()
        os.set_blocking(self.process.stdout.fileno(), False)
        output, deadline = b"", time.monotonic() + COMMAND_SECONDS
        while not output.endswith(END.encode() + b"\n"):
            if time.monotonic() > deadline or self.process.poll() is not None:
                return None
            chunk = self.process.stdout.read()
            if chunk:
                output += chunk
            else:
                time.sleep(0.005)
        lines = output.decode(errors="replace").split("\n")[:-2]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)  # the group of this shell: itself and the servers it started
            self.process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def play(document, text, shell, port, fill):
    passed, failed, filled = 0, 0, text.split("\n")
    extra = 0
    for kind, name, first, lines in blocks(text):
        if kind == "file":
            with open(os.path.join(shell.work, name), "w", encoding="utf-8") as file:
                file.write("\n".join(lines).replace("8080", port) + "\n")
            continue
        for number, command, expected in steps(first, lines):
            output = shell.type(command.replace("8080", port))
            if output is None:
                print(f"FAIL {document}:{number}: does not end: {command}")
                return passed, failed + 1, filled
            output = [line.replace(port, "8080") for line in output]
            while expected and not expected[-1]:
                expected.pop()
            if fill and expected == ["??"]:
                at = number - 1 + extra + command.count("\n") + 1
                filled[at:at + 1] = output
                extra += len(output) - 1
                continue
            trouble = differs(expected, output)
            if trouble is None:
                passed += 1
            else:
                failed += 1
                print(f"FAIL {document}:{number}: {command}\n  {trouble}\n  all of it:\n    " + "\n    ".join(output))
    return passed, failed, filled


def patch_fits(text):
    """What is wrong with the ```diff blocks of a document when they are applied to the sources; None: nothing."""
    patch = "\n".join(line for block in re.findall(r"^```diff\n(.*?)^```$", text, re.M | re.S) for line in block.split("\n")[:-1]) + "\n"
    if not patch.strip():
        return None
    tried = subprocess.run(["git", "apply", "--check", "-"], input=patch.encode(), cwd=ROOT, capture_output=True, timeout=60, check=False)
    return tried.stderr.decode() if tried.returncode else None


def run(document, binary, fill):
    path = os.path.join(ROOT, "docs", document)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory(prefix="fermata-docs-") as directory:
        shell = Shell(directory, binary)
        try:
            passed, failed, filled = play(document, text, shell, str(free_port()), fill)
        finally:
            shell.close()
    if fill:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(filled))
    elif passed == 0:
        failed += 1
        print(f"FAIL {document}: no command of it was run")
    if "```diff" in text:
        trouble = patch_fits(text)
        passed, failed = passed + (trouble is None), failed + (trouble is not None)
        if trouble:
            print(f"FAIL {document}: its patch does not fit the sources:\n{trouble}")
    return passed, failed


def main():
    binary = os.path.abspath(os.environ.get("FERMATA_BIN", os.path.join(ROOT, "build", "release", "cli", "fermata")))
    if not os.access(binary, os.X_OK):
        print(f"FAIL documents: no program at {binary}; set FERMATA_BIN")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    chosen = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    results = [run(document, binary, "--fill" in sys.argv) for document in chosen or DOCUMENTS]
    passed, failed = (sum(column) for column in zip(*results))
    wrong = http_routes.missing()
    passed, failed = passed + (not wrong), failed + bool(wrong)
    if wrong:
        print("FAIL HTTP.md: its routes are not those of the program:\n  " + "\n  ".join(wrong))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Attacks a running Fermata server the way a hostile network would, while a probe must go on being served.

    attack.py http://127.0.0.1:8080 [--token TOKEN] [--pid PID] [--slower 10]

Needs only python3. Ends within a minute; opens at most 700 connections at once. Prints one line per attack and a total; exits 0 when
every attack was answered as it must be, the probe was always served and (with --pid) the server's memory stayed flat.
Against a server of your own only: it is not polite.
"""
import argparse
import json
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

PROBE_SECONDS_MAX = 2.0
MEMORY_GROWTH_MAX = 64 << 20


class Target:
    def __init__(self, url, token, pid, slower=1.0):
        parts = urlsplit(url)
        if parts.scheme != "http":
            sys.exit("attack.py speaks http:// only")
        self.host, self.port, self.pid = parts.hostname, parts.port or 80, pid
        self.probe_seconds_max = PROBE_SECONDS_MAX * slower
        self.auth = f"Authorization: Bearer {token}\r\n" if token else ""
        self.host_line = f"Host: {self.host}:{self.port}\r\n"

    def connect(self, source=None, timeout=5.0):
        bind = (source, 0) if source and self.host.startswith("127.") else None
        sock = socket.create_connection((self.host, self.port), timeout=timeout, source_address=bind)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def head(self, line, extra=""):
        return f"{line} HTTP/1.1\r\n{self.host_line}{self.auth}{extra}\r\n".encode("latin-1")

    def memory(self):
        if not self.pid:
            return None
        with open(f"/proc/{self.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return None


def read_response(sock, timeout=5.0):
    """(status, head, body); status 0 when the connection ended without an answer."""
    sock.settimeout(timeout)
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            got = sock.recv(65536)
            if not got:
                return 0, b"", b""
            data += got
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            got = sock.recv(65536)
            if not got:
                break
            body += got
        return int(head.split()[1]), head, body
    except (OSError, ValueError, IndexError):
        return 0, b"", b""


def send(target, data, timeout=5.0):
    """One connection, these bytes, the first answer."""
    with target.connect() as sock:
        try:
            sock.sendall(data)
        except OSError:
            pass
        return read_response(sock, timeout)


def clean(head, body):
    """No internals in an answer."""
    text = (head + body).lower()
    return not any(word in text for word in (b"exception_what", b"std::", b"terminate", b"/src/", b".cpp"))


def expect(target, data, allowed):
    status, head, body = send(target, data)
    if status not in allowed:
        return f"answered {status}, not {' or '.join(map(str, allowed))}"
    if status >= 400 and b"json" not in head.lower():
        return f"the {status} is not problem+json"
    return None if clean(head, body) else "the answer shows internals"


def flood(target, first, block, blocks, allowed):
    """Sends `first` and then blocks for as long as the server takes them; it must stop early."""
    with target.connect() as sock:
        sent = 0
        try:
            sock.sendall(first)
            for _ in range(blocks):
                sock.sendall(block)
                sent += len(block)
        except OSError:
            pass
        status, _, _ = read_response(sock, 3.0)
        if sent >= len(block) * blocks:
            return f"the server took all {sent >> 20} MB"
        return None if status in allowed else f"answered {status}, not {' or '.join(map(str, allowed))}"


class Probe(threading.Thread):
    """A well-behaved client from another address, served all the time or the whole run has failed."""

    def __init__(self, target):
        super().__init__(daemon=True)
        self.target, self.stop = target, threading.Event()
        self.served, self.failed, self.slowest = 0, 0, 0.0

    def run(self):
        request = f"GET /health/live HTTP/1.1\r\n{self.target.host_line}\r\n".encode()
        sock = None
        while not self.stop.wait(0.05):
            began = time.monotonic()
            try:
                if sock is None or self.served % 10 == 9:  # a new connection now and then, a kept one otherwise
                    if sock:
                        sock.close()
                    sock = self.target.connect("127.0.0.2")
                sock.sendall(request)
                ok = read_response(sock)[0] == 200
            except OSError:
                ok = False
            took = time.monotonic() - began
            self.slowest = max(self.slowest, took)
            self.served += 1
            if not ok or took > self.target.probe_seconds_max:
                self.failed += 1
                sock = None


def simple_attacks(t):
    post, get = "POST /v2/process-instances", "GET /v2/topology"
    js = "Content-Type: application/json\r\n"
    chunked = js + "Transfer-Encoding: chunked\r\n"
    far_too_long = "A" * 40000
    yield "Content-Length with Transfer-Encoding", t.head(post, chunked + "Content-Length: 4\r\n") + b"0\r\n\r\n", {400}
    yield "two Content-Length", t.head(post, js + "Content-Length: 2\r\nContent-Length: 3\r\n") + b"{} ", {400}
    yield "Content-Length list", t.head(post, js + "Content-Length: 2, 2\r\n") + b"{}", {400}
    yield "negative Content-Length", t.head(post, js + "Content-Length: -1\r\n"), {400}
    yield "huge Content-Length", t.head(post, js + "Content-Length: 99999999999\r\n"), {413}
    yield "Content-Length beyond 64 bits", t.head(post, js + "Content-Length: 99999999999999999999999\r\n"), {413}
    yield "unknown Transfer-Encoding", t.head(post, js + "Transfer-Encoding: identity, chunked\r\n"), {400}
    yield "hidden Transfer-Encoding", t.head(post, js + "Transfer-Encoding: \x0bchunked\r\n"), {400}
    yield "two Host", t.head(get, "Host: other\r\n"), {400}
    yield "no Host", b"GET / HTTP/1.1\r\n\r\n", {400}
    yield "bad Host", b"GET / HTTP/1.1\r\nHost: a b@c/d\r\n\r\n", {400}
    yield "NUL in a header", t.head(get, "X-A: a\0b\r\n"), {400}
    yield "bare CR in a header", t.head(get, "X-A: a\rSet-Cookie: x\r\n"), {400}
    yield "bare LF line ends", f"GET / HTTP/1.1\n{t.host_line}\n".encode(), {400}
    yield "folded header", t.head(get, "X-A: a\r\n b\r\n"), {400}
    yield "space before the colon", t.head(post, "Content-Length : 0\r\n"), {400}
    yield "header without a name", t.head(get, ": x\r\n"), {400}
    yield "200 headers", t.head(get, "X-A: b\r\n" * 200), {431}
    yield "header line of 40 kB", t.head(get, f"X-A: {far_too_long}\r\n"), {431}
    yield "target of 40 kB", t.head("GET /" + far_too_long), {414, 431}
    yield "chunk size beyond the limit", t.head(post, chunked) + b"FFFFFFFFFFFFFFF\r\n", {413}
    yield "chunk size beyond 64 bits", t.head(post, chunked) + b"FFFFFFFFFFFFFFFFFFFFFFFFF\r\n", {413}
    yield "negative chunk size", t.head(post, chunked) + b"-5\r\n", {400}
    yield "chunk longer than its size", t.head(post, chunked) + b"2\r\n{}xx\r\n0\r\n\r\n", {400}
    yield "chunk extension without end", t.head(post, chunked) + b"2;" + b"x" * 4000, {400}
    yield "TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}
    yield "HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}
    yield "unknown version", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {505}
    yield "bad percent-encoding", t.head("GET /v2/process-instances/%zz"), {400}
    yield "NUL in the path", t.head("GET /v2/process-instances/%00"), {400}
    yield "invalid UTF-8 in the path", t.head("GET /v2/process-instances/%c0%af"), {400}
    yield "path traversal", t.head("GET /v2/../../../../etc/passwd"), {400}
    yield "encoded path traversal", t.head("GET /%2e%2e/%2e%2e/etc/passwd"), {400}
    yield "traversal in a parameter", t.head("GET /v2/process-instances/..%2f..%2fetc%2fpasswd"), {400, 404}
    yield "bad query encoding", t.head("GET /v2/topology?a=%f"), {400}
    yield "compressed body", t.head(post, js + "Content-Encoding: gzip\r\nContent-Length: 4\r\n") + b"\x1f\x8b\x08\x00", {415}
    for name, body in (("JSON nested 200,000 deep", b"[" * 200000), ("JSON objects nested 50,000 deep", b'{"a":' * 50000),
                       ("JSON cut off", b'{"processDefinitionId":"x'), ("JSON with invalid UTF-8", b'{"a":"\xff"}')):
        yield name, t.head(post, js + f"Content-Length: {len(body)}\r\n") + body, {400, 413}
    body = b'--x\r\nContent-Disposition: form-data; name="resources"; filename="a"\r\n\r\nno end'
    form = f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n"
    yield "multipart without an end", t.head("POST /v2/deployments", form) + body, {400}


def forged_peer(t):
    status, head, _ = send(t, t.head("GET /health/live", "REMOTE_ADDR: 6.6.6.6\r\nLOCAL_ADDR: 6.6.6.6\r\nREMOTE_PORT: 1\r\n"))
    return None if status == 200 and b"6.6.6.6" not in head else f"answered {status}"


def pipelined_garbage(t):
    with t.connect() as sock:
        sock.sendall(t.head("GET /health/live") + b"\x01\x02\x03 garbage\r\n\r\n" * 50)
        first, second = read_response(sock)[0], 0
        # Both answers may have come in one piece; then the second is lost to this reader, and the close is what counts.
        second = read_response(sock)[0]
        return None if first == 200 and second in (0, 400) else f"answered {first} and {second}"


def endless_header(t):
    return flood(t, t.head("GET /")[:-2] + b"X-A: ", b"a" * (1 << 20), 300, {431, 0})


def endless_chunks(t):
    first = t.head("POST /v2/process-instances", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
    return flood(t, first, b"100000\r\n" + b" " * (1 << 20) + b"\r\n", 300, {413, 0})


def tiny_chunks_with_extensions(t):
    first = t.head("POST /v2/process-instances", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
    return flood(t, first, (b"1;" + b"x" * 250 + b"\r\n \r\n") * 1000, 200, {400, 413, 0})


def endless_trailers(t):
    first = t.head("POST /v2/process-instances", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n") + b"0\r\n"
    return flood(t, first, b"X-Trailer: aaaaaaaaaaaaaaaaaaaa\r\n" * 10000, 200, {400, 0})


def many_connections(t):
    held, refused = [], 0
    try:
        for _ in range(600):
            try:
                held.append(t.connect(timeout=2.0))
            except OSError:
                refused += 1
        for sock in held[-60:]:
            status = read_response(sock, 0.05)[0]
            refused += status == 503
        return None if refused > 0 else "600 connections from one address, none refused"
    finally:
        for sock in held:
            sock.close()


def unauthenticated(t):
    if not t.auth:
        return None
    saved, t.auth = t.auth, ""
    try:
        for line in ("GET /v2/topology", "POST /v2/process-instances", "GET /metrics", "GET /engine-rest/version", "GET /no/such/path"):
            status = send(t, t.head(line, "Content-Length: 0\r\n"))[0]
            if status != 401:
                return f"{line} without a token answered {status}"
        return None
    finally:
        t.auth = saved


def foreign_page(t):
    """With --dev a page of another site must be refused; with tokens it has no token, so it is not let in either."""
    saved, t.auth = t.auth, ""
    try:
        status = send(t, t.head("POST /v2/deployments", "Origin: http://evil.example\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"))[0]
        return None if status in (401, 403) else f"answered {status}"
    finally:
        t.auth = saved


def decision_that_repeats_its_input(t):
    """200 decisions that all read the same megabyte: what the history keeps of one evaluation, and the answer that shows it, are bounded."""
    decisions = "".join(f'<decision id="d{i}" name="d{i}"><variable name="d{i}"/><informationRequirement><requiredInput href="#order"/></informationRequirement>'
                        f'<literalExpression><text>count(order)</text></literalExpression></decision>' for i in range(200))
    required = "".join(f'<informationRequirement><requiredDecision href="#d{i}"/></informationRequirement>' for i in range(200))
    model = ('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="attack" name="Attack" namespace="attack"><inputData id="order" name="order"/>'
             f'{decisions}<decision id="attack-all" name="all"><variable name="all"/>{required}<literalExpression><text>d0</text></literalExpression></decision></definitions>')
    body = f'--b\r\nContent-Disposition: form-data; name="resources"; filename="attack.dmn"\r\nContent-Type: text/xml\r\n\r\n{model}\r\n--b--\r\n'.encode()
    status = send(t, t.head("POST /v2/deployments", f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n") + body)[0]
    if status != 200:
        return f"the model was answered {status}"
    body = json.dumps({"decisionDefinitionId": "attack-all", "variables": {"order": ["x" * 1_000_000]}}).encode()
    status, _, answer = send(t, t.head("POST /v2/decision-definitions/evaluation", f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n") + body, 20.0)
    if status != 200:
        return f"the evaluation was answered {status}: {answer[:300]}"
    return f"the answer has {len(answer) >> 20} MB" if len(answer) > 4 << 20 else None


class SlowOnes:
    """64 heads and 16 bodies that trickle, opened first and judged last: each must be answered 408 or closed, none may be served."""

    def __init__(self, t):
        self.socks = []
        for i in range(80):
            sock = t.connect()
            if i < 64:
                sock.sendall(b"GET /v2/topology HTTP/1.1\r\nX-Slow: ")
            else:
                sock.sendall(t.head("POST /v2/process-instances", "Content-Type: application/json\r\nContent-Length: 500000\r\n"))
            self.socks.append(sock)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.trickle, daemon=True)
        self.thread.start()

    def trickle(self):
        while not self.stop.wait(0.5):
            for sock in self.socks:
                try:
                    sock.send(b" ")
                except OSError:
                    pass

    def verdict(self):
        deadline = time.monotonic() + 25
        statuses = []
        for sock in self.socks:
            statuses.append(read_response(sock, max(0.1, deadline - time.monotonic()))[0])
        self.stop.set()
        self.thread.join()
        for sock in self.socks:
            sock.close()
        wrong = [s for s in statuses if s not in (408, 0)]
        if time.monotonic() > deadline:
            return "slow connections were still held after 25 s"
        return f"answered {wrong[0]}" if wrong else None


def run(target):
    results = []

    def record(name, problem):
        results.append(problem is None)
        print(f"{'ok  ' if problem is None else 'FAIL'}  {name}{'' if problem is None else ': ' + problem}", flush=True)

    def attempt(name, attack):
        try:
            record(name, attack(target))
        except OSError as problem:
            record(name, f"no connection: {problem}")

    before = target.memory()
    probe = Probe(target)
    probe.start()
    slow = SlowOnes(target)
    for name, data, allowed in simple_attacks(target):
        attempt(name, lambda t, d=data, a=allowed: expect(t, d, a))
    for name, attack in (("header shadows REMOTE_ADDR", forged_peer), ("pipelined garbage", pipelined_garbage),
                         ("header of 300 MB", endless_header), ("chunked body of 300 MB", endless_chunks),
                         ("chunks that are all extension", tiny_chunks_with_extensions), ("trailers without end", endless_trailers),
                         ("600 connections at once", many_connections), ("no credential", unauthenticated),
                         ("page of a foreign site", foreign_page), ("decisions that repeat a large input", decision_that_repeats_its_input)):
        attempt(name, attack)
    record("64 slow heads and 16 slow bodies", slow.verdict())
    probe.stop.set()
    probe.join(5)
    record(f"probe served meanwhile ({probe.served} times, slowest {probe.slowest * 1000:.0f} ms)",
           None if probe.failed == 0 and probe.served > 20 else f"{probe.failed} of {probe.served} failed")
    after = target.memory()
    if before is not None:
        grown = after - before
        record(f"memory flat ({before >> 20} MB before, {after >> 20} MB after)",
               None if grown < MEMORY_GROWTH_MAX else f"grew by {grown >> 20} MB")
    print(f"{sum(results)} of {len(results)} attacks answered as they must be")
    return all(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--token", default="", help="an API token; without it the server must run with --dev")
    parser.add_argument("--pid", type=int, help="the server's process id, to watch its memory")
    parser.add_argument("--slower", type=float, default=1.0, help="how many times longer the probe may take: for a server built with a sanitizer")
    arguments = parser.parse_args()
    sys.exit(0 if run(Target(arguments.url, arguments.token, arguments.pid, arguments.slower)) else 1)


if __name__ == "__main__":
    main()

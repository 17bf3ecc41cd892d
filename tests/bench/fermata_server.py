"""The shipped program as the benchmarks see it: started, asked, measured from outside, killed. Python's standard library only.

    with Server(programs, folder, port) as server:
        server.deploy("steps3.bpmn")
        print(server.load(256, 5, "POST", "/v2/process-instances", {...}))
"""
import argparse
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "models")
ROOT = os.path.dirname(os.path.dirname(HERE))
READY_SECONDS_MAX = 120
# Not the default, so that one client of a fast measurement is not cut off in the middle of it.
CONFIG = """
[server]
requests_per_connection = 10000000
[log]
level = "warn"
[activities]
libraries = ["{plugin}"]
[plugins.bench]
queue = 4096
"""


class Programs:
    """Where the built programs are."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.fermata = self.path("cli/fermata", "fermata")
        self.http_load = self.path("tests/bench/http_load", "http_load")
        self.plugin = self.path("tests/bench/bench.so", "bench_plugin")

    def path(self, name, target):
        path = os.path.join(self.build, name)
        if not os.path.exists(path):
            sys.exit(f"{path} is not there. Build it: ninja -C {self.build} {target}")
        return path


def arguments(description):
    """The arguments that all scenarios have in common; the caller adds its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"), help="build directory (build/release)")
    parser.add_argument("--port", type=int, default=19100, help="a free port of 127.0.0.1 (19100)")
    parser.add_argument("--folder", help="where the store is written: the disk that is measured (a new temporary folder)")
    return parser


class Workplace:
    """A folder that is gone afterwards, unless the caller named it."""

    def __init__(self, folder=None):
        self.own = folder is None
        self.folder = tempfile.mkdtemp(prefix="fermata-bench-") if self.own else os.path.abspath(folder)

    def __enter__(self):
        os.makedirs(self.folder, exist_ok=True)
        return self.folder

    def __exit__(self, *_):
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """`fermata serve --dev` over a folder. Killed, not drained, when the block ends."""

    def __init__(self, programs, folder, port, config=CONFIG):
        self.programs, self.folder, self.port, self.config = programs, folder, port, config
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        """Answers the seconds from exec to the first 200 on /health/ready."""
        os.makedirs(self.folder, exist_ok=True)
        config = os.path.join(self.folder, "fermata.toml")
        with open(config, "w") as file:
            file.write(self.config.format(plugin=self.programs.plugin))
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [self.programs.fermata, "serve", "--dev", "--config", config, "--data", os.path.join(self.folder, "data"),
             "--port", str(self.port)], stdout=subprocess.DEVNULL)
        self.wait_ready(begun)
        return time.perf_counter() - begun

    def wait_ready(self, begun):
        while True:
            try:
                if self.get("/health/ready")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit(f"fermata serve ended with {self.process.returncode}: its last words stand above")
            if time.perf_counter() - begun > READY_SECONDS_MAX:
                sys.exit(f"fermata serve was not ready within {READY_SECONDS_MAX} s")
            time.sleep(0.0005)

    def stop(self):
        """SIGTERM: drained, and the log moved into the store's file."""
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process = None

    def kill(self):
        """SIGKILL; returns when the process is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"} if text else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        status, answer = self.request("POST", path, body)
        if status // 100 != 2:
            sys.exit(f"POST {path} was answered {status}: {answer.decode(errors='replace')}")
        return json.loads(answer) if answer else None

    def deploy(self, *models):
        done = subprocess.run([self.programs.fermata, "deploy"] + [os.path.join(MODELS, model) for model in models],
                              env={**os.environ, "FERMATA_URL": f"http://127.0.0.1:{self.port}"}, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"the models were not deployed: {done.stderr}")

    def load(self, connections, method, path, body=None, quiet=False, **settings):
        """Runs http_load; `settings` are its own (seconds=5, requests=100, warmup=1). Answers its numbers by name. `quiet`: errors are
        expected and not shown."""
        command = [self.programs.http_load, "--port", str(self.port), "--connections", str(connections), "--method", method,
                   "--path", path]
        for name, value in settings.items():
            command += [f"--{name}", str(value)]
        if body is not None:
            command += ["--body", json.dumps(body)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.stderr and not quiet:
            print(done.stderr.strip(), file=sys.stderr)
        words = done.stdout.split()
        return {name: float(value) for name, value in zip(words[::2], words[1::2])}

    def memory(self):
        """Bytes by name: resident, and how much of it is the process' own (anonymous)."""
        wanted = {"VmRSS": "resident", "RssAnon": "own", "VmHWM": "highest"}
        with open(f"/proc/{self.process.pid}/status") as status:
            pairs = (line.split(":") for line in status)
            return {wanted[name]: int(value.split()[0]) * 1024 for name, value in pairs if name in wanted}

    def store_bytes(self):
        """The store's file and its log."""
        base = os.path.join(self.folder, "data", "fermata.db")
        return sum(os.path.getsize(base + suffix) for suffix in ("", "-wal") if os.path.exists(base + suffix))


def megabytes(count):
    return f"{count / 1e6:.1f} MB"


def row(scenario, what, measured, wanted="", held=None):
    """One row of the table that run.sh prints at the end."""
    print(f"row | {scenario} | {what} | {measured} | {wanted} | {'' if held is None else 'held' if held else 'MISSED'}", flush=True)

#!/usr/bin/env python3
"""S7: the memory of many waiting instances, and how soon the server is back after SIGKILL in the middle of work.

    s7_crash.py [--instances 100000] [--kills 5]

Each instance waits for a job, a message and a timer of a day at once. Every kill comes while 256 clients create instances; then the
server is started again, and the time until /health/ready says 200, and until the first commit is acknowledged, is taken.
"""
import statistics
import sys
import threading
import time

from fermata_server import Server, Workplace, Programs, arguments, megabytes, row

CREATE = {"processDefinitionId": "waiting", "variables": {"order": "order-{n}", "customer": "ACME Manufacturing GmbH", "total": 1250}}
MEMORY_MAX = 300e6
READY_SECONDS_MAX = 1.0


def instances(server):
    """How many wait, counted page by page: no acknowledged one may be missing."""
    found, after = 0, None
    while True:
        page = {"limit": 1000, **({"after": after} if after else {})}
        answer = server.post("/v2/process-instances/search", {"filter": {"state": "ACTIVE"}, "page": page})
        found += len(answer["items"])
        after = answer["page"].get("endCursor")
        if not answer["items"] or not after:
            return found


def kill_at_work(server, seconds):
    """SIGKILL while 256 clients create instances; answers how many of them were acknowledged."""
    made = {}
    worker = threading.Thread(target=lambda: made.update(server.load(256, "POST", "/v2/process-instances", CREATE, quiet=True, seconds=60)))
    worker.start()
    time.sleep(seconds)
    server.kill()
    worker.join()
    return int(made["answers"])


def restart(server):
    """Answers the seconds until ready, and until the first commit."""
    begun = time.perf_counter()
    ready = server.start()
    server.post("/v2/process-instances", {"processDefinitionId": "waiting", "variables": {"order": "first"}})
    return ready, time.perf_counter() - begun


def main():
    parser = arguments(__doc__)
    parser.add_argument("--instances", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    with Workplace(options.folder) as folder, Server(Programs(options.build), folder, options.port) as server:
        server.deploy("waiting.bpmn")
        made = server.load(256, "POST", "/v2/process-instances", CREATE, requests=options.instances)
        if made["errors"]:
            sys.exit("S7: the instances could not be made")
        time.sleep(2)
        memory = server.memory()
        print(f"S7 {options.instances} waiting instances made at {made['per_second']:.0f}/s; resident {megabytes(memory['resident'])}, "
              f"highest {megabytes(memory['highest'])}, store {megabytes(server.store_bytes())}", flush=True)
        times, acknowledged = [], options.instances
        for number in range(options.kills):
            acknowledged += kill_at_work(server, 1 + 0.3 * number)
            times.append(restart(server))
            acknowledged += 1
            print(f"S7 kill {number + 1}: ready after {times[-1][0] * 1000:.0f} ms, first commit after {times[-1][1] * 1000:.0f} ms, "
                  f"store {megabytes(server.store_bytes())}", flush=True)
        time.sleep(2)
        after = server.memory()
        found = instances(server)
        print(f"S7 after the last restart: {found} instances wait, resident {megabytes(after['resident'])}")
    ready = statistics.median(first for first, _ in times)
    commit = statistics.median(second for _, second in times)
    held = memory["resident"] < MEMORY_MAX
    row("S7", f"resident memory with {options.instances:,} waiting instances", megabytes(memory["resident"]), "< 300 MB", held)
    row("S7", f"ready after SIGKILL under load, median of {len(times)}", f"{ready * 1000:.0f} ms", "< 1 s", ready < READY_SECONDS_MAX)
    row("S7", "first commit after SIGKILL", f"{commit * 1000:.0f} ms")
    row("S7", "acknowledged instances that wait after the kills", f"{found:,}", f">= {acknowledged:,}", found >= acknowledged)
    return 0 if held and ready < READY_SECONDS_MAX and found >= acknowledged else 1


if __name__ == "__main__":
    sys.exit(main())

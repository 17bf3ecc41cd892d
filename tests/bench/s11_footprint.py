#!/usr/bin/env python3
"""S11: how large the program is, how soon it answers after a cold start, its memory when idle, its bytes on disk per finished instance.

    s11_footprint.py [--starts 15] [--instances 20000]

A cold start is a new process up to its first 200 on /health/ready: once on a new store (which it makes), once on one that is there.
"""
import os
import shutil
import statistics
import sys
import time

from fermata_server import Programs, Server, Workplace, arguments, megabytes, row

COLD_START_MAX = 0.100
IDLE_MEMORY_MAX = 30e6
IDLE_SECONDS = 3
MODEL = "steps3.bpmn"
CREATE = {"processDefinitionId": "steps3", "awaitCompletion": True, "variables": {"order": "order-{n}"}}
PLAIN = "[log]\nlevel = \"warn\"\n"


def cold_starts(server, times, fresh):
    """Seconds from exec to the first 200, of each start; the memory of the last one when idle."""
    taken = []
    for _ in range(times):
        if fresh:
            shutil.rmtree(os.path.join(server.folder, "data"), ignore_errors=True)
        taken.append(server.start())
        if len(taken) == times:
            time.sleep(IDLE_SECONDS)
            memory = server.memory()
        server.stop()
    return taken, memory


def sync_seconds(folder, times=30):
    """What the disk takes for one small write and its sync, now: a start on a new store waits for several."""
    taken = []
    with open(os.path.join(folder, "sync"), "wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def bytes_per_instance(programs, folder, port, count):
    server = Server(programs, folder, port)
    try:
        server.start()
        server.deploy(MODEL)
        server.stop()
        before = server.store_bytes()
        server.start()
        if server.load(64, "POST", "/v2/process-instances", CREATE, requests=count)["errors"]:
            sys.exit("S11: the instances could not be run")
        server.stop()
        return (server.store_bytes() - before) / count
    finally:
        server.kill()


def main():
    parser = arguments(__doc__)
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--instances", type=int, default=20_000)
    options = parser.parse_args()
    programs = Programs(options.build)
    size = os.path.getsize(programs.fermata)
    row("S11", "size of the program", megabytes(size))
    held = True
    with Workplace(options.folder) as folder:
        row("S11", "one fdatasync on this disk, for comparison", f"{sync_seconds(folder) * 1000:.1f} ms")
        server = Server(programs, os.path.join(folder, "plain"), options.port, PLAIN)
        try:
            for fresh, on in ((True, "a new store"), (False, "a store that is there")):
                taken, memory = cold_starts(server, options.starts, fresh)
                median = statistics.median(taken)
                held = held and median < COLD_START_MAX
                row("S11", f"cold start to the first 200, {on}, median of {len(taken)}",
                    f"{median * 1000:.0f} ms ({min(taken) * 1000:.0f} to {max(taken) * 1000:.0f})", "< 100 ms", median < COLD_START_MAX)
        finally:
            server.kill()
        held = held and memory["resident"] < IDLE_MEMORY_MAX
        row("S11", "idle resident memory", f"{megabytes(memory['resident'])}, of it its own {megabytes(memory['own'])}", "< 30 MB",
            memory["resident"] < IDLE_MEMORY_MAX)
        each = bytes_per_instance(programs, os.path.join(folder, "counted"), options.port, options.instances)
        row("S11", "store bytes per finished instance (three jobs)", f"{each:,.0f} bytes")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

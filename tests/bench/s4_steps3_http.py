#!/usr/bin/env python3
"""S4: POST that starts an instance and awaits its result: three durable steps, and none; beside the HTTP hello of the same server.

    s4_steps3_http.py [--seconds 5] [--repeat 3] [--clients 1 32 256]

Prints one line a measurement, then rows with the medians. Exits 1 when a single request was answered with an error.
"""
import statistics
import sys

from fermata_server import Server, Workplace, Programs, arguments, row

LOADS = [
    ("hello", "GET", "/health/live", None),
    ("no step", "POST", "/v2/process-instances", {"processDefinitionId": "steps0", "awaitCompletion": True}),
    ("three steps", "POST", "/v2/process-instances",
     {"processDefinitionId": "steps3", "awaitCompletion": True, "variables": {"order": "{n}"}}),
]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="of one measurement (5)")
    parser.add_argument("--repeat", type=int, default=3, help="rounds; medians are shown (3)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 32, 256])
    options = parser.parse_args()
    results = {}
    with Workplace(options.folder) as folder, Server(Programs(options.build), folder, options.port) as server:
        server.deploy("steps0.bpmn", "steps3.bpmn")
        for _ in range(options.repeat):
            for clients in options.clients:
                for name, method, path, body in LOADS:
                    numbers = server.load(clients, method, path, body, seconds=options.seconds, warmup=min(1, options.seconds))
                    results.setdefault((clients, name), []).append(numbers)
                    print(f"S4 {name:12} {clients:4} clients  {numbers['per_second']:8.0f}/s  p50 {numbers['p50_us']:8.0f} us"
                          f"  p99 {numbers['p99_us']:8.0f} us  {numbers['errors']:.0f} errors", flush=True)
        memory = server.memory()
        print(f"S4 resident memory afterwards: {memory['resident'] / 1e6:.1f} MB, highest {memory['highest'] / 1e6:.1f} MB")
    errors = 0
    for clients in options.clients:
        def median(name, key):
            return statistics.median(numbers[key] for numbers in results[clients, name])
        hello = median("hello", "per_second")
        for name, *_ in LOADS:
            wrong = int(sum(numbers["errors"] for numbers in results[clients, name]))
            errors += wrong
            rate = median(name, "per_second")
            row("S4", f"{name}, {clients} clients",
                f"{rate:,.0f}/s, {rate / hello:.2f} of hello, p50 {median(name, 'p50_us') / 1000:.2f} ms, "
                f"p99 {median(name, 'p99_us') / 1000:.2f} ms, {wrong} errors", "0 errors", wrong == 0)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

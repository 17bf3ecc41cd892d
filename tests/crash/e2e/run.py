#!/usr/bin/python3
"""The main job on the real servers, while everything goes wrong: ERP and CRM calls fail, the engine is killed again and again.

    run.py [--deals 8] [--kills 25] [--rate 0.15] [--seed 1] [--sandbox] [--seconds 900]

Leads come in by signed webhook; people, customers and the bank are played by examples/world.py. Then the ERP and the CRM themselves
are asked whether every sale, shipment, invoice and payment exists exactly once (examples/erp/check_deals.py). The last line is
"N passed, N failed, N skipped"; a failure keeps the data directory and says where.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, 'examples'))
from fermata_client import Unreachable  # noqa: E402
from servers import SECRETS, Servers  # noqa: E402
from world import World  # noqa: E402

OUTCOMES = ['paid', 'paid', 'cancelled', 'paid', 'lost', 'paid', 'declined', 'cancelled']


class Results:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, good, detail=''):
        if good:
            self.passed += 1
            print(f'ok   {name}')
        else:
            self.failed += 1
            print(f'FAIL {name}: {detail}')


def killer(servers, kills, dice, over):
    """Kills the engine at random moments and starts it again, until it was done often enough."""
    while servers.kills < kills and not over.wait(dice.uniform(0.3, 2.5)):
        servers.kill_engine()
        time.sleep(dice.uniform(0.0, 0.3))
        servers.start_engine()


def add_deal(world, seed, number):
    outcome = OUTCOMES[number % len(OUTCOMES)]
    # Two of three leads come from the same customer: they must not make him twice.
    regular = number % 3 != 0
    world.lead(f'{seed}-{number}', outcome, discount=15 if number % 2 else 5, email='ann@regular.example' if regular else None,
               name='Ann Regular' if regular else None)


def incidents(fermata):
    try:
        return fermata.search('incidents', state='ACTIVE')
    except Unreachable:
        return []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--deals', type=int, default=8)
    parser.add_argument('--kills', type=int, default=25)
    parser.add_argument('--rate', type=float, default=0.15, help='how many calls to the ERP and the CRM are made to fail')
    parser.add_argument('--seed', type=int, default=int(time.time()) % 100_000)
    parser.add_argument('--seconds', type=float, default=900)
    parser.add_argument('--sandbox', action='store_true')
    options = parser.parse_args()
    print(f'seed {options.seed}: run.py --seed {options.seed} plays the same faults and kills again')
    dice, results = random.Random(options.seed), Results()
    data = tempfile.mkdtemp(prefix='fermata-e2e-')
    with Servers(data, sandbox=options.sandbox, faults=True) as servers:
        print(servers.deploy())
        world = World(servers.fermata, SECRETS)
        for number in range(options.deals):
            add_deal(world, options.seed, number)
        servers.set_faults(options.rate)
        over = threading.Event()
        thread = threading.Thread(target=killer, args=(servers, options.kills, dice, over), daemon=True)
        thread.start()
        end, finished = time.monotonic() + options.seconds, False
        while not finished and time.monotonic() < end:
            finished = world.run_until_finished(end - time.monotonic())
            if finished and thread.is_alive():
                # There was nothing left to kill it in the middle of: more work, until it was killed often enough.
                add_deal(world, options.seed, len(world.deals))
                finished = False
        over.set()
        thread.join(timeout=60)
        counts = servers.set_faults(0)
        failing = {name: sum(n for kind, n in count.items() if kind != 'passed') for name, count in counts.items()}
        print(f'{servers.kills} kills; calls made to fail: {failing}; {counts}')
        results.check('every instance ended', finished, [f'{i["elementId"]}: {i["errorMessage"][:200]}' for i in incidents(servers.fermata)])
        results.check(f'the engine was killed at least {options.kills} times', servers.kills >= options.kills, servers.kills)
        results.check('calls were made to fail on both servers', all(failing.values()) or options.rate == 0, failing)
        started = world.instances()
        for reference in world.deals:
            results.check(f'{reference} started exactly one instance', len(started.get(reference, ())) == 1, started.get(reference))
        ways = {'paid': 'paid', 'cancelled': 'cancelled', 'lost': 'lost', 'declined': 'lost'}
        said = [f'{reference}={ways[deal["outcome"]]}' for reference, deal in world.deals.items()]
        checked = subprocess.run([sys.executable, os.path.join(ROOT, 'examples/erp/check_deals.py'), *said], capture_output=True, text=True)
        print(checked.stdout, checked.stderr)
        results.check('the ERP and the CRM have everything exactly once', checked.returncode == 0, checked.stdout.replace('\n', '; '))
    if results.failed:
        print(f'kept for you to look at: {data}')
    else:
        shutil.rmtree(data, ignore_errors=True)
    print(f'{results.passed} passed, {results.failed} failed, 0 skipped')
    return 1 if results.failed else 0


if __name__ == '__main__':
    sys.exit(main())

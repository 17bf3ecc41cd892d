#!/usr/bin/python3
"""SIGKILL at every write, truncation and sync of the database, and at every send, of a run of more than 200 commands.

    run.py [--seconds 240] [--lanes 2] [--rounds 12] [--seed 1]
    run.py --seconds 3600         every point, also on a slow machine
    run.py --plant lost|doubled   damages the database after a kill: the run must fail (a test of the test)

Needs the built program in FERMATA_BIN; the shim and the checker are taken from the build directory that it lies in.

The victim is the shipped program, unmodified. For every command: it is killed at the 1st, the 2nd, the 3rd ... operation of that
command (every other time in the middle of a write), started again, and the command is repeated with its id, until it passes
unharmed. What is durable but not acknowledged is repeated with the same id and must not be done twice. After each kill the files
that are left are checked before the next server touches them: every acknowledged command is there once, the pending one wholly or
not at all, no invariant is broken (fermata_check_store). In the end each lane must have the outcome of a run without kills.
Lanes share the commands out and run side by side; what one lane kills on its way to the disk the others kill on its way to the
client. Commands that the time did not suffice for are counted as skipped.
"""
import argparse
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
import traceback

from expectations import Checker, Database, Expectations, summary
from victim import SEND, Broken, Unknown, Victim
from workload import Workload

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BINARY = os.path.abspath(os.environ.get('FERMATA_BIN', os.path.join(ROOT, 'build/release/cli/fermata')))
BUILD = os.environ.get('FERMATA_BUILD', os.path.dirname(os.path.dirname(BINARY)))
SHIM = os.environ.get('FERMATA_KILL_SHIM', os.path.join(BUILD, 'tests/crash/binary/libfermata_kill_shim.so'))
CHECKER = os.environ.get('FERMATA_CHECKER', os.path.join(BUILD, 'tests/crash/checker/fermata_check_store'))


class Lane:
    """One victim that plays the whole run, and is killed in the commands that `sweep(number)` names."""

    def __init__(self, name, folder, rounds, sweep):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.name, self.rounds, self.sweep = name, rounds, sweep
        self.victim = Victim(BINARY, SHIM, self.folder)
        self.expected = Expectations(os.path.join(self.folder, 'acknowledged.jsonl'))
        self.checker = Checker(CHECKER)
        self.kills, self.kinds, self.points, self.problems = 0, {}, {}, []
        self.plant = None
        self.starting_kills = self.settled = self.unknown = self.checkpoint_kills = 0

    # ---- after a kill

    def autopsy(self, what, pending=None):
        """Checks what the dead server has left behind, and starts the next one meanwhile."""
        self.kills += 1
        self.kinds[self.victim.last_kind] = self.kinds.get(self.victim.last_kind, 0) + 1
        if self.plant and self.kills >= 5 and plant(self.plant, self.victim.data):
            print(f'{self.name}: planted "{self.plant}" after kill {self.kills}', flush=True)
            self.plant = None
        database = Database(self.victim.data, self.folder)
        try:
            self.checker.ask(database.checked)
            self.victim.start()
            found = database.problems(self.expected.acknowledged, pending)
            found += self.checker.answer()
        finally:
            database.close()
        if found:
            kept = f'{self.folder}/broken-{self.kills}.db'
            shutil.copyfile(database.checked, kept)
            if os.path.exists(database.checked + '-wal'):
                shutil.copyfile(database.checked + '-wal', kept + '-wal')
            self.problems.append(f'{what}: {"; ".join(found[:5])} ({kept})')

    # ---- one command

    def resolve(self, command):
        """Sends a command until its outcome is known; the answer."""
        while True:
            try:
                if command.worker and (items := self.victim.search('jobs', {'worker': command.worker})):
                    return 200, {'jobs': items}
                return self.victim.send(command)
            except Unknown:
                self.unknown += 1
                self.autopsy(f'command {command.number} ({command.kind}), {self.victim.last_kind}', command)

    def execute(self, command):
        """Sends a command, and kills the server at each of its operations if this command is to be swept."""
        swept = self.sweep(command.number)
        before, tried = self.victim.count, 0
        while swept:
            # Each operation twice: before it is done, and in part. A transaction is one write, so the parts differ.
            at = 1 + tried // 2
            cut = (1, 4, 7)[(at + command.number) % 3] if tried % 2 else 0
            tried += 1
            if command.worker and tried > 1 and (items := self.victim.search('jobs', {'worker': command.worker})):
                self.settled += 1
                status, answer = 200, {'jobs': items}
                break
            before = self.victim.count
            self.victim.arm(at, cut)
            try:
                status, answer = self.victim.send(command)
                self.victim.arm(0)
                break
            except Unknown:
                self.unknown += 1
                self.autopsy(f'command {command.number} ({command.kind}), operation {at}, {cut}/8 of it done', command)
        else:
            # The other lane kills it on the way to the disk, this one on the way to the client: done, and nobody was told.
            if self.sweep.unanswered(command.number):
                self.victim.arm(1, 4 if command.number % 4 < 2 else 0, SEND)
            status, answer = self.resolve(command)
            self.victim.arm(0)
        # Swept: how far it came. Not swept: how many operations it has.
        self.points[command.number] = at - 1 if swept else self.victim.count - before
        if status >= 300:
            raise Broken(f'command {command.number} ({command.kind}) was refused with {status}: {answer}')
        self.expected.add(command, status, answer)
        return answer

    def search(self, what, filters):
        while True:
            try:
                return self.victim.search(what, filters)
            except Unknown:
                self.autopsy(f'search of {what}')

    # ---- the run

    def start(self):
        """A fresh directory; killed at each operation of the first start, too."""
        for at in range(1, 1_000) if self.sweep(0) else ():
            try:
                self.victim.start(at, 4 if at % 2 == 0 else 0)
                self.victim.arm(0)
                return
            except Unknown:
                self.kills += 1
                self.starting_kills += 1
        self.victim.start()

    def restart_with_kills(self):
        """Killed at each operation of a start that finds work."""
        for at in range(1, 1_000):
            self.victim.stop()
            try:
                self.victim.start(at, 4 if at % 2 == 0 else 0)
                self.victim.arm(0)
                return
            except Unknown:
                self.starting_kills += 1
                self.autopsy(f'start, operation {at}')

    def rest(self, kill_at):
        """Long enough for the checkpoint of what was written last; True when it was killed in it."""
        status, text = self.victim.request('POST', '/v2/signals/broadcast', {'signalName': 'nobody-waits'})
        if status >= 300:
            raise Broken(f'a signal was refused: {status} {text[:300]}')
        self.victim.arm(kill_at)
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            if self.victim.process.poll() is not None:
                self.victim.died()
                self.checkpoint_kills += 1
                self.autopsy(f'checkpoint, operation {kill_at}')
                return True
            time.sleep(0.02)
        self.victim.arm(0)
        return False

    def play(self):
        self.start()
        run, answer = Workload().run(self.rounds), None
        while True:
            try:
                wish = run.send(answer)
            except StopIteration:
                break
            if isinstance(wish, tuple):
                answer = self.search(*wish[1:])
                continue
            answer = self.execute(wish)
            if self.sweep(0) and wish.number == 30:
                self.restart_with_kills()
            if self.sweep(0) and wish.number == 60:
                # A checkpoint copies some hundred pages: killed at the 1st, 2nd, 4th, 8th ... operation.
                checkpoint_at = 1
                while self.rest(checkpoint_at):
                    checkpoint_at *= 2
        return self.finish()

    def finish(self):
        self.victim.stop()
        database = Database(self.victim.data, self.folder)
        try:
            self.checker.ask(database.checked)
            self.problems += [f'in the end: {line}' for line in database.problems(self.expected.acknowledged, None) + self.checker.answer()]
            return summary(database)
        finally:
            database.close()
            self.checker.close()

    def close(self):
        self.victim.stop()


def differences(wanted, got):
    if len(wanted) != len(got):
        return [f'{len(got)} instances instead of {len(wanted)}']
    found = []
    for n, (one, other) in enumerate(zip(wanted, got)):
        found += [f'instance number {n} ({one["instance"][0]}): {part} are {other[part]}, not {one[part]}' for part in one if one[part] != other[part]]
    return found


PLANTS = {
    'lost': "UPDATE job SET status = 1, ended_at = 0 WHERE (instance, key) IN (SELECT instance, key FROM job WHERE status = 5 LIMIT 1)",
    'doubled': 'INSERT INTO element SELECT instance, key + 1000000, scope, element, element_id, kind, role, status, loop_counter, instances_total, '
               'instances_completed, instances_terminated, items, outputs, called, compensates, incident, started_at, ended_at FROM element '
               'WHERE scope <> 0 ORDER BY key DESC LIMIT 1',
}


def plant(what, data):
    """True when the dead server's database is damaged now; False when there was nothing yet to damage."""
    database = sqlite3.connect(os.path.join(data, 'fermata.db'))
    changed = database.execute(PLANTS[what]).rowcount
    database.commit()
    database.close()
    return changed > 0


class NoSweep:
    """Of the run without kills."""

    def __call__(self, number):
        return False

    def unanswered(self, number):
        return False


class Share:
    """Which commands a lane sweeps: every n-th; when time gets short, a fair choice of what is left."""

    def __init__(self, lane, lanes, points, seconds, seed):
        self.mine = {number for number in points if number % lanes == lane}
        self.points, self.end, self.begun = points, time.monotonic() + seconds, time.monotonic()
        self.dice, self.lane, self.done, self.swept = random.Random(seed * 100 + lane), lane, 0, set()

    def __call__(self, number):
        if number == 0:
            return self.lane == 0
        if number not in self.mine:
            return False
        left = sum(self.points[other] for other in self.mine if other >= number)
        rate = max(self.done, 20) / max(time.monotonic() - self.begun, 1)
        affordable = rate * max(self.end - time.monotonic(), 0)
        if left > affordable and self.dice.random() * left > affordable:
            return False
        self.done += self.points[number]
        self.swept.add(number)
        return True

    def unanswered(self, number):
        if number in self.mine or time.monotonic() > self.end:
            return False
        self.done += 1
        return True


def run_lane(lane, outcome):
    try:
        outcome[lane.name] = lane.play()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure of this lane, with its place
        lane.problems.append(f'the run could not go on: {error!r}')
        traceback.print_exc()
    finally:
        lane.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=float, default=240)
    parser.add_argument('--lanes', type=int, choices=range(2, 9), default=2)
    parser.add_argument('--rounds', type=int, default=12)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--plant', choices=PLANTS)
    options = parser.parse_args()
    for needed in (BINARY, SHIM, CHECKER):
        if not os.path.exists(needed):
            sys.exit(f'{needed} is missing: build it first')
    # SIGKILL leaves the page cache as it is, so a file system in memory shows the same and is quicker.
    folder = tempfile.mkdtemp(prefix='fermata-crash-', dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None)
    os.environ['TMPDIR'] = folder
    begun = time.monotonic()
    reference = Lane('reference', folder, options.rounds, NoSweep())
    outcome = {}
    run_lane(reference, outcome)
    commands, points = len(reference.points), sum(reference.points.values())
    print(f'without kills: {commands} commands, {points} operations, {time.monotonic() - begun:.1f} s', flush=True)
    passed = failed = skipped = left = 0
    if reference.problems or 'reference' not in outcome or commands < 200:
        print(f'FAIL reference: {commands} commands; {reference.problems}')
        print('0 passed, 1 failed, 0 skipped')
        return 1

    shares = [Share(n, options.lanes, reference.points, options.seconds, options.seed) for n in range(options.lanes)]
    lanes = [Lane(f'lane-{n}', folder, options.rounds, share) for n, share in enumerate(shares)]
    lanes[-1].plant = options.plant
    threads = [threading.Thread(target=run_lane, args=(lane, outcome)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for lane, share in zip(lanes, shares):
        if lane.name in outcome:
            lane.problems += [f'another outcome than without kills: {line}' for line in differences(outcome['reference'], outcome[lane.name])]
        if lane.kills == 0:
            lane.problems.append('nothing was killed')
        left += sum(reference.points[number] for number in share.mine - share.swept)
        skipped += len(share.mine - share.swept)
        passed += max(len(share.swept) + 1 - len(lane.problems), 0)  # each command swept, and the outcome
        failed += len(lane.problems)
        for line in lane.problems[:20]:
            print(f'FAIL {lane.name}: {line[:1500]}')
        print(f'{lane.name}: {lane.kills} kills {json.dumps(lane.kinds, sort_keys=True)} in {len(share.swept)} commands, {lane.starting_kills} of them while '
              f'starting, {lane.checkpoint_kills} in checkpoints; {lane.unknown} outcomes unknown and settled; {len(lane.expected.acknowledged)} acknowledged; '
              f'{lane.victim.starts} starts')
    if skipped:
        print(f'SKIP crash: {skipped} of {commands} commands with {left} of {points} operations were not swept in {options.seconds:.0f} s')
    if failed:
        print(f'kept for you to look at: {folder}')
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'{sum(lane.kills for lane in lanes)} kills in {time.monotonic() - begun:.0f} s')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

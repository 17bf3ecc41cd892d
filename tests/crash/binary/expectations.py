"""What must be in the database: the acknowledged commands, kept in a file outside the victim, and the outcome of a run without kills."""
import json
import os
import shutil
import sqlite3
import subprocess


class Expectations:
    """One line for each acknowledged command, written before the next one is sent."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, 'a', encoding='utf-8')
        self.acknowledged = []
        self.leases = {}

    def add(self, command, status, answer):
        fact = command.fact
        if command.worker:
            # The name of the holder goes when the job fails; that it was given out so often stays.
            key = int(answer['jobs'][0]['jobKey'])
            self.leases[key] = self.leases.get(key, 0) + 1
            fact = ('SELECT count(*) FROM job WHERE key = ? AND lease >= ?', key, self.leases[key])
        line = {'number': command.number, 'kind': command.kind, 'id': command.id, 'status': status, 'fact': fact}
        self.acknowledged.append(line)
        self.file.write(json.dumps(line) + '\n')
        self.file.flush()


class Database:
    """A copy of what the dead server has left behind."""

    def __init__(self, data, folder):
        self.path = os.path.join(folder, 'dead.db')
        for tail in ('', '-wal', '-shm'):
            if os.path.exists(self.path + tail):
                os.remove(self.path + tail)
            if tail != '-shm' and os.path.exists(f'{data}/fermata.db{tail}'):
                shutil.copyfile(f'{data}/fermata.db{tail}', self.path + tail)
        self.checked = self.path + '.checked'
        for tail in ('', '-wal'):
            if os.path.exists(self.checked + tail):
                os.remove(self.checked + tail)
            if os.path.exists(self.path + tail):
                shutil.copyfile(self.path + tail, self.checked + tail)
        self.sql = sqlite3.connect(self.path)

    def close(self):
        self.sql.close()

    def number(self, sql, *parameters):
        return self.sql.execute(sql, parameters).fetchone()[0]

    def holds(self, fact):
        return self.number(fact[0], *fact[1:])

    def remembers(self, command_id):
        return self.number('SELECT count(*) FROM request WHERE id = ?', command_id)

    def problems(self, acknowledged, pending):
        """Acknowledged commands that are missing or doubled; the pending one (may be None) half done."""
        found = []
        for line in acknowledged:
            effects = self.holds(line['fact'])
            if effects != 1:
                found.append(f'acknowledged command {line["number"]} ({line["kind"]}) has {effects} effects')
            if line['id'] and self.remembers(line['id']) != 1:
                found.append(f'the answer to acknowledged command {line["number"]} ({line["kind"]}) is not remembered')
        if pending:
            effects = self.holds(pending.fact)
            if effects > 1 or (pending.id and effects != self.remembers(pending.id)):
                found.append(f'command {pending.number} ({pending.kind}) is half done: {effects} effects')
        return found


class Checker:
    """The checker program (tests/crash/checker), kept running."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, '--loop'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, path):
        self.process.stdin.write(path + '\n')
        self.process.stdin.flush()

    def answer(self):
        lines = []
        for line in self.process.stdout:
            if line.startswith('= '):
                return lines
            lines.append(line.rstrip())
        raise RuntimeError('the checker has ended by itself')

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


# Everything of an instance that does not depend on keys and times: the same after a run with kills as after one without.
SUMMARY = {
    'elements': 'SELECT element_id, role, status, loop_counter, instances_total, instances_completed, outputs FROM element WHERE instance = ? ORDER BY 1, 2, 4, 3',
    'variables': 'SELECT v.name, v.value, e.element_id FROM variable v JOIN element e ON e.instance = v.instance AND e.key = v.scope WHERE v.instance = ? ORDER BY 1, 2, 3',
    'jobs': 'SELECT element_id, type, status, retries, lease, worker, error_message FROM job WHERE instance = ? ORDER BY 1, 2, 3, 6',
    'tasks': 'SELECT element_id, status, assignee FROM user_task WHERE instance = ? ORDER BY 1, 2',
    'timers': 'SELECT element_id, occurrence, ended_at > 0 FROM timer WHERE instance = ? ORDER BY 1',
    'subscriptions': 'SELECT element_id, name, correlation_key, ended_at > 0 FROM subscription WHERE instance = ? ORDER BY 1, 2',
    'incidents': 'SELECT element_id, status, type FROM incident WHERE instance = ? ORDER BY 1',
    'tokens': 'SELECT gateway, flow FROM token WHERE instance = ? ORDER BY 1, 2',
    'decisions': 'SELECT decision_id, position, result, inputs FROM decision_instance WHERE instance = ? ORDER BY key',
    'commands': 'SELECT command, count(*) FROM transition WHERE instance = ? GROUP BY command ORDER BY 1',
}


def summary(database):
    """By the order in which they were created: what each instance is and was."""
    keys = [row[0] for row in database.sql.execute('SELECT key FROM process_instance ORDER BY key')]
    result = []
    for key in keys:
        row = database.sql.execute('SELECT process_id, status, incidents FROM process_instance WHERE key = ?', (key,)).fetchone()
        result.append({'instance': list(row), **{name: [list(r) for r in database.sql.execute(sql, (key,))] for name, sql in SUMMARY.items()}})
    return result

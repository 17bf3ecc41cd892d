"""Starts and stops what an example needs: the ERP and the CRM (or their stand-in), fault proxies before them, and the engine.

    with Servers(data='/tmp/x', sandbox=False) as servers:
        servers.fermata.deploy(...)

Everything listens on 127.0.0.1 only, and ends when the block ends: the processes are children of the script. The Tryton servers are
left running (examples/erp/landscape.sh stop ends them), because starting them is what takes time.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'erp'))
import tryton_client  # noqa: E402
from fermata_client import Fermata  # noqa: E402

ROOT = os.path.dirname(HERE)
# Signing secrets of the demo's own senders. In earnest they come from the sender and go into the secrets file, never into a repository.
SECRETS = {'lead': 'whsec_ZGVtby1zZWNyZXQtb2YtdGhlLXdlYi1zaXRlLTAxMjM0NTY3', 'payment': 'whsec_ZGVtby1zZWNyZXQtb2YtdGhlLWJhbmstMDEyMzQ1Njc4OWFi'}


class Servers:
    def __init__(self, data, sandbox=False, faults=False, port=None, fresh=True, log=None):
        self.data, self.sandbox, self.faults, self.fresh = data, sandbox, faults, fresh
        self.binary = os.environ.get('FERMATA_BIN', os.path.join(ROOT, 'build/release/cli/fermata'))
        self.port = port or int(os.environ.get('FERMATA_PORT', 18080))
        # The stand-in has ports of its own, so that it never answers for, or is mistaken for, servers that run already.
        first = 18169 if sandbox else 18069
        self.ports = {'erp': int(os.environ.get('ERP_PORT', first)), 'crm': int(os.environ.get('CRM_PORT', first + 1))}
        tryton_client.PORTS.update(self.ports)
        os.environ.update(ERP_PORT=str(self.ports['erp']), CRM_PORT=str(self.ports['crm']))  # for the scripts that are started from here
        self.reached_at = {name: number + 1000 if faults else number for name, number in self.ports.items()}
        self.fermata = Fermata(f'http://127.0.0.1:{self.port}')
        self.log = log or os.path.join(data, 'engine.log')
        self.engine, self.children, self.kills = None, [], 0

    def __enter__(self):
        os.makedirs(self.data, exist_ok=True)
        try:
            self.start_landscape()
            if self.faults:
                self.start_proxies()
            self.start_engine()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop_engine()
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait(timeout=10)

    def child(self, *command, **options):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
        self.children.append(process)
        return process

    def start_landscape(self):
        if self.sandbox:
            self.child(sys.executable, os.path.join(HERE, 'erp/sandbox.py'), '--erp-port', str(self.ports['erp']), '--crm-port', str(self.ports['crm']),
                       stdout=subprocess.DEVNULL)
            sandbox = self.children[-1]
            self.wait_for(lambda: sandbox.poll() is not None or all(self.listens(p) for p in self.ports.values()), 10, 'the sandbox does not start')
            if sandbox.poll() is not None:
                sys.exit(f'the sandbox ended: are its ports {self.ports} taken?')
        else:
            subprocess.run([os.path.join(HERE, 'erp/landscape.sh'), 'reset' if self.fresh else 'start'], check=True)

    def start_proxies(self):
        for name, number in self.ports.items():
            self.child(sys.executable, os.path.join(HERE, 'erp/fault_proxy.py'), '--listen', str(self.reached_at[name]), '--to', str(number),
                       '--seed', str(number))
        self.wait_for(lambda: all(self.listens(p) for p in self.reached_at.values()), 10, 'the fault proxies do not start')

    def set_faults(self, rate, kinds=None, servers=('erp', 'crm')):
        """Returns, for each server, what its proxy did so far."""
        wish = {'rate': rate, **({'kinds': kinds} if kinds else {})}
        answers = {}
        for name in servers:
            request = urllib.request.Request(f'http://127.0.0.1:{self.reached_at[name]}/__faults', json.dumps(wish).encode(), method='POST')
            answers[name] = json.loads(urllib.request.urlopen(request, timeout=10).read())['counts']
        return answers

    # --- the engine ------------------------------------------------------------------------------------------------------------
    def environment(self):
        return {**os.environ, 'FERMATA_SECRET_TRYTON_PASSWORD': os.environ.get('LANDSCAPE_PASSWORD', 'E2eflow!Kx9'),
                'FERMATA_SECRET_WEBHOOK_LEAD': SECRETS['lead'], 'FERMATA_SECRET_WEBHOOK_PAYMENT': SECRETS['payment']}

    def configuration(self):
        """examples/erp/fermata.toml with the ports that are used here."""
        text = open(os.path.join(HERE, 'erp/fermata.toml'), encoding='utf-8').read()
        for name, number in (('erp', 18069), ('crm', 18070)):
            text = text.replace(f'127.0.0.1:{number}/', f'127.0.0.1:{self.reached_at[name]}/')
        path = os.path.join(self.data, 'fermata.toml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def start_engine(self):
        if not os.access(self.binary, os.X_OK):
            sys.exit(f'{self.binary} is not there: build it first (scripts/test.sh --quick), or say where it is in FERMATA_BIN')
        with open(self.log, 'ab') as log:
            self.engine = subprocess.Popen([self.binary, 'serve', '--dev', '--config', self.configuration(), '--data', os.path.join(self.data, 'store'),
                                            '--port', str(self.port)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment())
        self.wait_for(lambda: self.engine.poll() is not None or self.fermata.ready(), 30, f'the engine does not get ready, see {self.log}')
        if self.engine.poll() is not None:
            tail = open(self.log, encoding='utf-8', errors='replace').read()[-2000:]
            sys.exit(f'the engine ended with {self.engine.returncode}:\n{tail}')

    def kill_engine(self):
        """SIGKILL: no goodbye."""
        self.engine.send_signal(signal.SIGKILL)
        self.engine.wait()
        self.kills += 1

    def stop_engine(self):
        if self.engine and self.engine.poll() is None:
            self.engine.terminate()
            try:
                self.engine.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.engine.kill()
                self.engine.wait()

    def run(self, *arguments):
        """The fermata program's other commands, as an operator would type them."""
        return subprocess.run([self.binary, *arguments, '--url', f'http://127.0.0.1:{self.port}'], capture_output=True, text=True, timeout=60)

    def deploy(self):
        library = os.path.join(ROOT, 'processes/library')
        forms = sorted(os.path.join(library, 'forms', f) for f in os.listdir(os.path.join(library, 'forms')))
        decisions = os.path.join(library, 'decisions')
        done = self.run('deploy', os.path.join(library, 'order-to-cash.bpmn'), os.path.join(library, 'lead-to-order.bpmn'), decisions, *forms)
        if done.returncode != 0:
            sys.exit(f'deployment refused:\n{done.stdout}{done.stderr}')
        return done.stdout

    @staticmethod
    def wait_for(condition, seconds, complaint):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                sys.exit(complaint)
            time.sleep(0.02)

    @staticmethod
    def listens(port):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(('127.0.0.1', port)) == 0

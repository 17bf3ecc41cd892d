"""The shipped program under the kill shim: start, ask, die at operation N, start again. Standard library only."""
import http.client
import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import time

KINDS = {0: 'nothing', 1: 'write', 2: 'sync', 3: 'truncate', 4: 'send'}
SEND = 4
BOUNDARY = 'fermata-crash-test'


class Unknown(Exception):
    """The server has died, or its answer did not arrive whole: the outcome is not known."""


class Broken(Exception):
    """Something that must not happen."""


class Victim:
    def __init__(self, binary, shim, folder):
        self.binary, self.shim, self.data = binary, shim, os.path.join(folder, 'data')
        os.makedirs(self.data)
        # The control page, the log and the expectation file lie beside the data, not in it.
        control = os.path.join(folder, 'control')
        with open(control, 'wb') as file:
            file.write(bytes(4096))
        self.control_path = control
        with open(control, 'r+b') as file:
            self.page = mmap.mmap(file.fileno(), 4096)
        self.log = open(os.path.join(folder, 'server.log'), 'ab')
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.port = probe.getsockname()[1]
        self.process = self.connection = None
        self.starts = 0

    @property
    def count(self):
        return struct.unpack_from('=Q', self.page, 0)[0]

    @property
    def last_kind(self):
        return KINDS[struct.unpack_from('=Q', self.page, 24)[0]]

    def arm(self, operations, eighths=0, kind=0):
        """To die at the operation that is that many from now, or the first of a kind from there on; 0: not at all."""
        struct.pack_into('=Q', self.page, 8, 0)
        struct.pack_into('=Q', self.page, 16, eighths)
        struct.pack_into('=Q', self.page, 32, kind)
        struct.pack_into('=Q', self.page, 8, self.count + operations if operations else 0)

    def start(self, die_at=0, eighths=0):
        """Until it accepts connections; Unknown when it died on the way."""
        struct.pack_into('=QQQQQ', self.page, 0, 0, die_at, eighths, 0, 0)
        environment = {**os.environ, 'FERMATA_KILL_CONTROL': self.control_path, 'LD_PRELOAD': self.shim}
        self.process = subprocess.Popen([self.binary, 'serve', '--dev', '--data', self.data, '--port', str(self.port), '--log-level', 'warn'],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment)
        self.starts += 1
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
                connection.connect()
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection = connection
                return
            except OSError:
                if self.process.poll() is not None:
                    self.died()
                    raise Unknown('died while it started') from None
                time.sleep(0.002)
        raise Broken('does not start within 60 s')

    def died(self):
        """Waits for the end, which must be the one that the shim brought."""
        if self.connection:
            self.connection.close()
            self.connection = None
        try:
            status = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            raise Broken('the connection broke, but the server goes on') from None
        if status != -signal.SIGKILL:
            raise Broken(f'the server ended by itself with {status}')

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=30)
        if self.connection:
            self.connection.close()
            self.connection = None

    def request(self, method, path, body, headers=None):
        headers = {'Content-Type': 'application/json', **(headers or {})}
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.connection.request(method, path, payload, headers)
            response = self.connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.died()
            raise Unknown(repr(error)) from error
        return status, text

    def send(self, command):
        """The answer as (status, decoded JSON or None)."""
        headers = {}
        if command.id and not command.message_id:
            headers['Idempotency-Key'] = command.id
        body = command.body
        if command.file:
            headers['Content-Type'] = f'multipart/form-data; boundary={BOUNDARY}'
            body = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="resources"; filename="{command.file}"\r\n'
                    f'Content-Type: text/xml\r\n\r\n{command.body}\r\n--{BOUNDARY}--\r\n').encode()
        status, text = self.request(command.method, command.path, body, headers)
        return status, json.loads(text) if text else None

    def search(self, what, filters):
        status, text = self.request('POST', f'/v2/{what}/search', {'filter': filters, 'page': {'limit': 100}})
        if status != 200:
            raise Broken(f'search of {what}: {status} {text[:300]}')
        return json.loads(text)['items']

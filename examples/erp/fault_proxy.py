#!/usr/bin/python3
"""Stands between the engine and one Tryton server and makes calls fail, as networks and servers do. Standard library only.

    fault_proxy.py --listen 19069 --to 18069 --rate 0.3 --seed 7
    curl -s http://127.0.0.1:19069/__faults                                       what it did so far
    curl -s http://127.0.0.1:19069/__faults -d '{"rate": 1, "kinds": ["503"]}'     an outage; {"rate": 0} ends it

Kinds: 502 and 503 (the call never reaches the server), refuse (connection reset before the call), hang (no answer for --hang seconds,
then none: the call never reaches the server), reset (the server gets the call, the connection is reset at once), drop (the server
answers, the answer is lost). The last two are the dangerous ones: the call took effect and the caller cannot know.

Calls about invoices reach the server one at a time. Tryton locks the sequence of invoice numbers on PostgreSQL, but not on SQLite, which
the landscape uses: there, invoices that are posted at once get the same number, and a payment for it cannot be told apart.
"""
import argparse
import collections
import contextlib
import http.client
import json
import random
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = ['502', '503', 'refuse', 'hang', 'reset', 'drop']
lock = threading.Lock()
state = {'rate': 0.0, 'kinds': KINDS}
counts = collections.Counter()
options = None
dice = random.Random()
invoices = threading.Lock()


def choose():
    with lock:
        kind = dice.choice(state['kinds']) if dice.random() < state['rate'] else 'passed'
        counts[kind] += 1
        return kind


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Connection', 'close')
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def reset(self):
        """Closes with RST instead of FIN: what a crashed server or a firewall does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.connection.close()
        self.close_connection = True

    def control(self, body):
        if body:
            with lock:
                state.update(json.loads(body))
        self.answer(200, json.dumps({**state, 'counts': counts}).encode() + b'\n', [('Content-Type', 'application/json')])

    def forward(self, body):
        connection = http.client.HTTPConnection('127.0.0.1', options.to, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ('host', 'connection', 'content-length', 'expect')}
        with invoices if b'.account.invoice.' in body else contextlib.nullcontext():
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        return response.status, answer, [(k, v) for k, v in response.getheaders() if k.lower() in ('content-type', 'www-authenticate')]

    def do_POST(self):
        length = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(length)
        if self.path == '/__faults':
            return self.control(body)
        kind = choose()
        if kind in ('502', '503'):
            return self.answer(int(kind), b'the ERP is down', [('Retry-After', '1')] if kind == '503' else [])
        if kind == 'refuse':
            return self.reset()
        if kind == 'hang':
            time.sleep(options.hang)
            return self.reset()
        if kind == 'reset':
            threading.Thread(target=self.quietly_forward, args=(body,), daemon=True).start()
            return self.reset()
        try:
            status, answer, headers = self.forward(body)
        except OSError:
            return self.reset()
        if kind == 'drop':
            return self.reset()
        self.answer(status, answer, headers)

    do_GET = do_POST

    def quietly_forward(self, body):
        try:
            self.forward(body)
        except OSError:
            pass

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass  # the connection was reset on purpose

    def log_message(self, *_):
        pass


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--listen', type=int, required=True)
    parser.add_argument('--to', type=int, required=True)
    parser.add_argument('--rate', type=float, default=0.0)
    parser.add_argument('--kinds', default=','.join(KINDS))
    parser.add_argument('--hang', type=float, default=3.0, help='seconds')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    dice.seed(options.seed)
    state.update(rate=options.rate, kinds=options.kinds.split(','))
    ThreadingHTTPServer(('127.0.0.1', options.listen), Handler).serve_forever()


if __name__ == '__main__':
    main()

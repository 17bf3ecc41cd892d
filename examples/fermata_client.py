"""A small client of Fermata's HTTP API for the examples: standard library only.

    fermata = Fermata('http://127.0.0.1:8080')
    for task in fermata.search('user-tasks', state='CREATED'): ...

Every method raises Unreachable while the server is down, so that a caller may simply try again.
"""
import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse


class Unreachable(Exception):
    """The server does not answer, or answers that it is busy: try again."""


class Refused(Exception):
    def __init__(self, status, problem):
        super().__init__(f'{status}: {problem}')
        self.status = status


class Fermata:
    def __init__(self, address='http://127.0.0.1:8080', token=None):
        parsed = urllib.parse.urlsplit(address)
        self.host, self.port, self.token = parsed.hostname, parsed.port or 80, token

    def request(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers.setdefault('Content-Type', 'application/json')
        if self.token:
            headers['Authorization'] = f'Bearer {self.token}'
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()
        if response.status in (429, 503):
            raise Unreachable(f'busy: {response.status}')
        if response.status >= 400:
            raise Refused(response.status, text.decode(errors='replace'))
        return json.loads(text) if text else None

    def search(self, what, **filters):
        """All that match, page by page."""
        items, after = [], None
        while True:
            page = {'limit': 500, **({'after': after} if after else {})}
            answer = self.request('POST', f'/v2/{what}/search', {'filter': filters, 'page': page})
            items += answer['items']
            after = answer['page'].get('endCursor')
            if len(answer['items']) < 500 or not after:
                return items

    def publish(self, name, key, message_id, variables):
        self.request('POST', '/v2/messages/publication', {'name': name, 'correlationKey': key, 'messageId': message_id,
                                                           'timeToLive': 86_400_000, 'variables': variables})

    def complete(self, task, variables):
        self.request('POST', f'/v2/user-tasks/{task["userTaskKey"]}/completion', {'variables': variables})

    def variables_of(self, task):
        found = self.request('POST', f'/v2/user-tasks/{task["userTaskKey"]}/variables/search?truncateValues=false', {'page': {'limit': 500}})
        return {v['name']: json.loads(v['value']) for v in found['items']}

    def webhook(self, name, delivery_id, payload, secret):
        """Delivers a payload signed as standardwebhooks.com says, as a web shop or a bank would."""
        body = json.dumps(payload).encode()
        stamp = str(int(time.time()))
        key = base64.b64decode(secret.removeprefix('whsec_'))
        signature = hmac.new(key, f'{delivery_id}.{stamp}.'.encode() + body, hashlib.sha256).digest()
        return self.request('POST', f'/webhooks/{name}', body, {
            'Content-Type': 'application/json', 'webhook-id': delivery_id, 'webhook-timestamp': stamp,
            'webhook-signature': 'v1,' + base64.b64encode(signature).decode()})

    def ready(self):
        try:
            self.request('GET', '/health/ready')
            return True
        except (Unreachable, Refused):
            return False

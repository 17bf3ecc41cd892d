"""A small Tryton JSON-RPC client for the scripts in this folder: standard library only.

    erp = Tryton('erp'); erp.model('sale.sale', 'search_read', [['reference', '=', 'LEAD-7']], 0, 1, None, ['state'])

Ports, password and user are those of landscape.sh; the environment may name others.
"""
import base64
import http.client
import json
import os

PORTS = {'erp': int(os.environ.get('ERP_PORT', 18069)), 'crm': int(os.environ.get('CRM_PORT', 18070))}
PASSWORD = os.environ.get('LANDSCAPE_PASSWORD', 'E2eflow!Kx9')
CONTEXT = {'company': 1, 'employee': 1, 'language': 'en'}


class TrytonError(Exception):
    """The server refuses: the first argument is its own [kind, details]."""


class Tryton:
    def __init__(self, database, user='engine', port=None):
        self.database, self.port, self.session = database, port or PORTS[database], None
        uid, key = self.rpc('common.db.login', user, {'password': PASSWORD}, 'en')
        self.session = 'Session ' + base64.b64encode(f'{user}:{uid}:{key}'.encode()).decode()

    def rpc(self, method, *params):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        headers = {'Content-Type': 'application/json'}
        if self.session:
            headers['Authorization'] = self.session
        connection.request('POST', f'/{self.database}/', json.dumps({'id': 1, 'method': method, 'params': params}), headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise TrytonError(['HTTP', response.status])
        answer = json.loads(body)
        if 'error' in answer:
            raise TrytonError(answer['error'])
        return answer['result']

    def model(self, model, method, *params, **context):
        return self.rpc(f'model.{model}.{method}', *params, {**CONTEXT, **context})

    def find(self, model, domain, *fields):
        return self.model(model, 'search_read', domain, 0, 10000, [['id', 'ASC']], list(fields) or ['id'])


def number(value):
    """A Tryton Decimal as a float; good enough for sums of cents in a test."""
    return round(float(value['decimal']) if isinstance(value, dict) else float(value or 0), 2)

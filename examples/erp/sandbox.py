#!/usr/bin/python3
"""A stand-in for the two Tryton servers: the same JSON-RPC, a few dozen rules of sale, stock and invoicing, all in memory.

    sandbox.py --erp-port 18069 --crm-port 18070

For people who only want to look (scripts/demo.sh --sandbox). The process models and the engine cannot tell it from the real servers;
what it leaves out (taxes beyond a flat ten percent, periods, units, users) is what the models never ask for. Standard library only.
"""
import argparse
import base64
import itertools
import json
import re
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSWORD = 'E2eflow!Kx9'
PRODUCTS = [('WIDGET-A', 'Widget A', 'goods', '25.00', 1000), ('WIDGET-B', 'Widget B', 'goods', '60.00', 10),
            ('GADGET-X', 'Gadget X (out of stock)', 'goods', '199.00', 0), ('INSTALL', 'Installation service', 'service', '80.00', 0)]
# Lists of a record that are records of their own: (model, field) -> (their model, their field that points back).
LISTS = {('party.party', 'addresses'): ('party.address', 'party'), ('party.party', 'contact_mechanisms'): ('party.contact_mechanism', 'party'),
         ('party.party', 'identifiers'): ('party.identifier', 'party'), ('sale.opportunity', 'lines'): ('sale.opportunity.line', 'opportunity'),
         ('sale.sale', 'lines'): ('sale.line', 'sale'), ('stock.shipment.out.return', 'incoming_moves'): ('stock.move', 'return')}
# Fields that point to one record, where a search may walk on.
POINTERS = {('stock.move', 'to_location'): 'stock.location', ('sale.line', 'sale'): 'sale.sale'}
START = {'sale.sale': {'state': 'draft', 'shipment_method': 'order', 'invoice_method': 'order', 'shipments': [], 'invoices': [],
                       'invoices_ignored': [], 'invoice_state': 'none', 'shipment_state': 'none'},
         'sale.line': {'moves_ignored': []}, 'sale.opportunity': {'state': 'lead', 'sales': []},
         'stock.shipment.out.return': {'state': 'draft'}, 'stock.move': {'state': 'draft'}}


class UserError(Exception):
    pass


def decimal(value):
    return Decimal(value['decimal']) if isinstance(value, dict) else Decimal(str(value or 0))


def typed(value):
    return {'__class__': 'Decimal', 'decimal': str(value)}


class Database:
    """One server's records: tables[model][id] is a dict. Not thread-safe: the handler holds the lock."""

    def __init__(self, name):
        self.name, self.tables, self.counters, self.forms = name, {}, {}, {}
        for code, title, kind, price, stock in PRODUCTS:
            self.new('product.product', code=code, name=title, type=kind, list_price=typed(price), default_uom=1, quantity=float(stock))
        for kind in ('input', 'output', 'storage', 'lost', 'warehouse', 'supplier', 'customer'):
            self.new('stock.location', type=kind, code=kind[:3].upper(), input_location=1)
        for title, limit in (('Northwind', None), ('Erin Employee', None), ('Globex Retail', None), ('Initech Ltd', None),
                             ('Hooli Limited Credit', typed('500.00'))):
            self.create('party.party', {'name': title, 'credit_limit_amount': limit, 'addresses': [['create', [{'city': 'Springfield'}]]]})

    # --- records ---------------------------------------------------------------------------------------------------------
    def table(self, model):
        return self.tables.setdefault(model, {})

    def next(self, series):
        return next(self.counters.setdefault(series, itertools.count(1)))

    def new(self, model, **values):
        record = {**json.loads(json.dumps(START.get(model, {}))), **values, 'id': self.next(model)}
        self.table(model)[record['id']] = record
        return record

    def create(self, model, values):
        plain = {k: v for k, v in values.items() if (model, k) not in LISTS}
        record = self.new(model, **plain)
        if model in ('sale.opportunity', 'stock.shipment.out.return'):
            record['number'] = str(self.next(model + ' number'))
        for (owner, field), (part, back) in LISTS.items():
            if owner == model:
                record[field] = [self.create(part, {**v, back: record['id']})['id'] for _, rows in values.get(field) or [] for v in rows]
        return record

    def get(self, model, identifier):
        if identifier not in self.table(model):
            raise UserError(f'You are not allowed to read records "{identifier}" of "{model}".')
        return self.table(model)[identifier]

    def all(self, model, identifiers):
        return [self.get(model, i) for i in identifiers]

    def write(self, model, identifiers, values):
        for record in self.all(model, identifiers):
            for key, value in values.items():
                if isinstance(value, list) and value and isinstance(value[0], list) and value[0][0] == 'add':
                    record[key] = sorted({*record.get(key, []), *(i for _, ids in value for i in ids)})
                else:
                    record[key] = value
        if model in ('sale.sale', 'sale.line'):
            self.settle()

    def values(self, model, record, path):
        """What a dotted path of a search finds in a record: through lists, pointers and references, possibly several values."""
        if path in record:
            value = record[path]
            return value if isinstance(value, list) else [value]
        head, _, rest = path.partition('.')
        if (model, head) in LISTS:
            part = LISTS[model, head][0]
            return [v for r in self.all(part, record[head]) for v in self.values(part, r, rest)]
        target = record.get(head)
        if isinstance(target, str) and ',' in target:
            kind, identifier = target.split(',')
            return self.values(kind, self.get(kind, int(identifier)), rest)
        if (model, head) in POINTERS and target:
            kind = POINTERS[model, head]
            return self.values(kind, self.get(kind, target), rest)
        return []

    def matches(self, model, record, domain):
        for path, operator, wanted, *kind in domain:
            if kind and not str(record.get(path.split('.')[0], '')).startswith(kind[0] + ','):
                return False
            found = self.values(model, record, path)
            if operator == '=' and wanted not in found or operator == 'in' and not set(map(str, found)) & set(map(str, wanted)):
                return False
            if operator not in ('=', 'in'):
                raise UserError(f'The sandbox does not know the operator "{operator}".')
        return True

    def shown(self, model, record, fields):
        if model == 'product.product':
            reserved = sum(m['quantity'] for m in self.table('stock.move').values()
                           if m['product'] == record['id'] and m.get('outgoing') and m['state'] in ('draft', 'assigned'))
            record = {**record, 'forecast_quantity': record['quantity'] - reserved}
        if model == 'sale.sale':
            record = {**record, 'total_amount': typed(self.total(record))}
        return {'id': record['id'], **{f: record.get(f) for f in fields}}

    # --- the rules of sale, stock and invoice ----------------------------------------------------------------------------
    def total(self, sale):
        net = sum((decimal(l['unit_price']) * decimal(l['quantity']) for l in self.all('sale.line', sale['lines'])), Decimal(0))
        return (net * Decimal('1.1')).quantize(Decimal('0.01'))

    def press(self, model, button, records):
        """A button: does nothing, silently, to a record that is not in a state where it could be pressed. Like Tryton."""
        rule = getattr(self, re.sub(r'\W', '_', f'press_{model}_{button}'), None)
        if rule is None:
            raise LookupError(f'{model}.{button}')
        answers = [rule(record) for record in records]
        self.settle()
        return all(answers) if button == 'assign_try' else None

    def move(self, record, before, after):
        if record['state'] in before:
            record['state'] = after
            return True
        return False

    def press_sale_opportunity_opportunity(self, o):
        self.move(o, ('lead',), 'opportunity')

    def press_sale_opportunity_lost(self, o):
        self.move(o, ('lead', 'opportunity', 'converted'), 'lost')

    def press_sale_opportunity_convert(self, o):
        if self.move(o, ('opportunity',), 'converted'):
            lines = [{'product': l['product'], 'quantity': l['quantity'], 'unit_price': self.get('product.product', l['product'])['list_price']}
                     for l in self.all('sale.opportunity.line', o['lines'])]
            o['sales'] = [self.create('sale.sale', {'party': o['party'], 'origin': f'sale.opportunity,{o["id"]}', 'lines': [['create', lines]]})['id']]

    def press_sale_sale_quote(self, sale):
        if self.move(sale, ('draft',), 'quotation'):
            sale['number'] = str(self.next('sale number'))

    def press_sale_sale_confirm(self, sale):
        if sale['state'] == 'quotation':
            limit = self.get('party.party', sale['party']).get('credit_limit_amount')
            if limit is not None and self.total(sale) > decimal(limit):
                name = self.get('party.party', sale['party'])['name']
                raise UserError(f'Party "{name}" has reached their credit limit of ${decimal(limit)}.')
            sale['state'] = 'confirmed'
            self.press_sale_sale_process(sale)

    def press_sale_sale_cancel(self, sale):
        if self.move(sale, ('draft', 'quotation'), 'cancelled') and sale.get('origin'):
            self.get('sale.opportunity', int(sale['origin'].split(',')[1]))['state'] = 'lost'

    def press_sale_sale_process(self, sale):
        if not self.move(sale, ('confirmed',), 'processing'):
            return
        if sale.get('origin'):
            self.get('sale.opportunity', int(sale['origin'].split(',')[1]))['state'] = 'won'
        if sale['shipment_method'] == 'order':
            shipment = self.new('stock.shipment.out', number=str(self.next('shipment number')), state='waiting')
            for line in self.all('sale.line', sale['lines']):
                if self.get('product.product', line['product'])['type'] == 'goods':
                    self.new('stock.move', origin=f'sale.line,{line["id"]}', shipment=f'stock.shipment.out,{shipment["id"]}', to_location=7,
                             product=line['product'], quantity=line['quantity'], uom=1, unit_price=line['unit_price'], currency=1, outgoing=True)
            sale['shipments'] = [shipment['id']]
        if sale['invoice_method'] == 'order':
            amount = self.total(sale)
            sale['invoices'] = [self.new('account.invoice', number=None, state='draft', party=sale['party'], type='out', payment_lines=[],
                                         total_amount=typed(amount), amount_to_pay=typed(0))['id']]

    def settle(self):
        """Sales whose shipments and invoices are all finished, or not wanted any more, are done."""
        for sale in self.table('sale.sale').values():
            if sale['state'] != 'processing':
                continue
            ignored = {m for line in self.all('sale.line', sale['lines']) for m in line['moves_ignored']}
            shipped = all(m['state'] == 'done' or m['id'] in ignored for s in sale['shipments'] for m in self.moves(s))
            paid = all(i['state'] == 'paid' or i['id'] in sale['invoices_ignored'] for i in self.all('account.invoice', sale['invoices']))
            if shipped and paid:
                sale['state'] = 'done'

    def moves(self, shipment):
        return [m for m in self.table('stock.move').values() if m.get('shipment') == f'stock.shipment.out,{shipment}']

    def press_stock_shipment_out_assign_try(self, shipment):
        if shipment['state'] == 'waiting':
            for m in self.moves(shipment['id']):
                if self.get('product.product', m['product'])['quantity'] < m['quantity']:
                    return False
            shipment['state'] = 'assigned'
            for m in self.moves(shipment['id']):
                m['state'] = 'assigned'
        return True

    def press_stock_shipment_out_pick(self, shipment):
        self.move(shipment, ('assigned',), 'picked')

    def press_stock_shipment_out_pack(self, shipment):
        self.move(shipment, ('picked',), 'packed')

    def press_stock_shipment_out_done(self, shipment):
        if self.move(shipment, ('packed',), 'done'):
            for m in self.moves(shipment['id']):
                m['state'] = 'done'
                self.get('product.product', m['product'])['quantity'] -= m['quantity']

    def press_stock_shipment_out_cancel(self, shipment):
        if self.move(shipment, ('draft', 'waiting', 'assigned', 'picked', 'packed'), 'cancelled'):
            for m in self.moves(shipment['id']):
                m['state'] = 'cancelled'

    def press_stock_shipment_out_return_receive(self, goods):
        self.move(goods, ('draft',), 'received')

    def press_stock_shipment_out_return_done(self, goods):
        if self.move(goods, ('received',), 'done'):
            for m in self.all('stock.move', goods['incoming_moves']):
                m['state'] = 'done'
                self.get('product.product', m['product'])['quantity'] += m['quantity']

    def press_account_invoice_post(self, invoice):
        if self.move(invoice, ('draft',), 'posted'):
            kind = 'CN' if decimal(invoice['total_amount']) < 0 else 'INV'
            invoice.update(number=f'{kind}-{self.next(kind):05}', amount_to_pay=invoice['total_amount'])
            self.owe(invoice['party'], decimal(invoice['total_amount']))

    def press_account_invoice_cancel(self, invoice):
        self.move(invoice, ('draft',), 'cancelled')

    def owe(self, party, amount):
        return self.new('account.move.line', **{'party': party, 'account.type.receivable': True, 'debit': typed(max(amount, 0)),
                                                'credit': typed(max(-amount, 0))})['id']

    # --- forms (Tryton calls them wizards) -------------------------------------------------------------------------------
    def wizard(self, name, step, params, context):
        if step == 'create':
            form = self.next('form')
            self.forms[form] = name
            return [form, 'start', 'end']
        if params[0] not in self.forms:
            raise UserError('This form was closed.')
        if step == 'delete':
            del self.forms[params[0]]
            return None
        invoice = self.get(context['active_model'], context['active_id'])
        start = params[1]['start']
        if name == 'account.invoice.pay':
            amount = decimal(start['amount'])
            if invoice['state'] != 'posted' or amount != decimal(invoice['amount_to_pay']):
                return {'view': {'state': 'ask', 'defaults': {'type': 'partial'}}}
            invoice.update(state='paid', amount_to_pay=typed(0), payment_lines=[self.owe(invoice['party'], -amount)])
        elif name == 'account.invoice.credit':
            if invoice['state'] != 'posted':
                raise UserError(f'You cannot refund invoice "{invoice["number"]}" because it is not posted.')
            note = self.new('account.invoice', number=None, state='draft', party=invoice['party'], type='out', payment_lines=[],
                            total_amount=typed(-decimal(invoice['total_amount'])), amount_to_pay=typed(0))
            self.press_account_invoice_post(note)
            note.update(state='paid', amount_to_pay=typed(0))
            invoice.update(state='cancelled', amount_to_pay=typed(0))
        else:
            raise LookupError(name)
        self.settle()
        return {}

    def call(self, method, params):
        *params, context = params
        kind, _, rest = method.partition('.')
        name, _, verb = rest.rpartition('.')
        if kind == 'wizard':
            return self.wizard(name, verb, params, context)
        if kind != 'model':
            raise LookupError(method)
        if verb == 'create':
            return [self.create(name, values)['id'] for values in params[0]]
        if verb == 'read':
            return [self.shown(name, r, params[1]) for r in self.all(name, params[0])]
        if verb in ('search', 'search_read'):
            domain, offset, limit, *more = (params + [0, None])[:max(3, len(params))]
            found = [r for r in self.table(name).values() if self.matches(name, r, domain)][offset:][:limit]
            return [r['id'] for r in found] if verb == 'search' else [self.shown(name, r, more[1]) for r in found]
        if verb == 'write':
            return self.write(name, *params)
        return self.press(name, verb, self.all(name, params[0]))


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    database, lock = None, None

    def reply(self, status, value):
        body = json.dumps(value).encode() if value is not None else b''
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get('Content-Length') or 0)))
        number, method, params = request.get('id'), request['method'], request['params']
        if method == 'common.db.login':
            right = params[1] == {'password': PASSWORD}
            return self.reply(200, {'id': number, 'result': [2, 'sandbox']}) if right else self.reply(401, None)
        session = (self.headers.get('Authorization') or '').partition('Session ')[2]
        if not base64.b64decode(session).endswith(b':2:sandbox'):
            return self.reply(401, None)
        try:
            with self.lock:
                answer = {'id': number, 'result': self.database.call(method, params)}
        except UserError as error:
            answer = {'id': number, 'error': ['UserError', [str(error), '', None]]}
        except LookupError as error:
            answer = {'id': number, 'error': [str(error), '']}
        self.reply(200, answer)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--erp-port', type=int, default=18069)
    parser.add_argument('--crm-port', type=int, default=18070)
    options = parser.parse_args()
    servers = []
    for name, port in (('erp', options.erp_port), ('crm', options.crm_port)):
        handler = type(name, (Handler,), {'database': Database(name), 'lock': threading.Lock()})
        servers.append(ThreadingHTTPServer(('127.0.0.1', port), handler))
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f'sandbox: ready, erp http://127.0.0.1:{options.erp_port}/erp/ crm http://127.0.0.1:{options.crm_port}/crm/', flush=True)
    servers[0].serve_forever()


if __name__ == '__main__':
    main()

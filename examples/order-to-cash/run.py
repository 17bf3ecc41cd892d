#!/usr/bin/python3
"""One deal, started by hand, cancelled after the invoice: undone last first.   run.py [--tryton]   (default: the stand-in)"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from demo import timeline  # noqa: E402
from servers import SECRETS, Servers  # noqa: E402
from world import World  # noqa: E402
from tryton_client import Tryton  # noqa: E402

REFERENCE = 'DEAL-7'


def deal_in_the_crm():
    crm = Tryton('crm')
    customer = crm.model('party.party', 'create', [{'name': 'Globex', 'addresses': [['create', [{'street': '1 Main Street', 'city': 'Springfield'}]]]}])[0]
    opportunity = crm.model('sale.opportunity', 'create', [{'description': 'by hand', 'reference': REFERENCE, 'company': 1, 'party': customer}])[0]
    return {'reference': REFERENCE, 'opportunity': opportunity, 'lines': [{'sku': 'WIDGET-A', 'quantity': 3, 'unitPrice': 25}],
            'customer': {'crmId': customer, 'name': 'Globex', 'email': 'buy@globex.example', 'street': '1 Main Street', 'city': 'Springfield',
                         'postalCode': '12345'}}


with tempfile.TemporaryDirectory() as data, Servers(data, sandbox='--tryton' not in sys.argv) as servers:
    servers.deploy()
    fermata = servers.fermata
    started = fermata.request('POST', '/v2/process-instances', {'processDefinitionId': 'order-to-cash', 'variables': {'deal': deal_in_the_crm()}})
    fermata.publish('order.cancelled', REFERENCE, 'cancel-1', {})  # waits in the buffer until the order waits for its payment
    ended = World(fermata, SECRETS).run_until_finished(120)
    timeline(fermata, started['processInstanceKey'])
    sale = Tryton('erp').find('sale.sale', [['reference', '=', REFERENCE]], 'state', 'invoices')[0]
    invoices = Tryton('erp').model('account.invoice', 'read', sale['invoices'], ['state'])
    print('the sale in the ERP:', sale['state'], '- its invoice:', invoices[0]['state'])
    sys.exit(0 if ended and invoices[0]['state'] == 'cancelled' else 'the order was not undone within two minutes')

#!/usr/bin/python3
"""Asks the ERP and the CRM themselves whether everything exists exactly once.

    check_deals.py LEAD-1=paid LEAD-2=cancelled LEAD-3=lost     exit code 0: all as said; 1: every difference, a line each

It knows nothing of the engine: it reads the two servers and counts. "paid": one customer, opportunity, sale, shipment, invoice and
payment, and one note for each report. "cancelled": the same, credited and returned once. "lost": no trace in the ERP.
"""
import sys

from tryton_client import Tryton, number

erp, crm = Tryton('erp'), Tryton('crm')


class Deal:
    def __init__(self, reference):
        self.reference, self.wrong = reference, []

    def expect(self, what, found, wanted):
        if found != wanted:
            self.wrong.append(f'{self.reference}: {what}: found {found!r}, expected {wanted!r}')

    def in_crm(self, state, notes):
        opportunities = crm.find('sale.opportunity', [['reference', '=', self.reference]], 'state', 'party', 'sales')
        self.expect('opportunities in the CRM', len(opportunities), 1)
        if not opportunities:
            return None
        opportunity = opportunities[0]
        self.expect('state of the opportunity', opportunity['state'], state)
        self.expect('quotations in the CRM', len(opportunity['sales']) <= 1, True)
        mail = crm.find('party.contact_mechanism', [['party', '=', opportunity['party']], ['type', '=', 'email']], 'value')
        if mail:
            same = crm.find('party.party', [['contact_mechanisms.value', '=', mail[0]['value']]], 'name')
            self.expect('customers with the same address in the CRM', len(same), 1)
        texts = [n['message'] for n in crm.find('ir.note', [['resource', '=', f'sale.opportunity,{opportunity["id"]}']], 'message')]
        for note in notes:
            self.expect(f'notes "... {note}"', sum(f'Order {self.reference} {note}' in text for text in texts), 1)
        return opportunity

    def in_erp(self, opportunity):
        customers = erp.find('party.party', [['identifiers.code', '=', f'CRM-{opportunity["party"]}']])
        self.expect('customers in the ERP', len(customers), 1)
        sales = erp.find('sale.sale', [['reference', '=', self.reference]], 'state', 'shipments', 'invoices', 'party', 'total_amount')
        self.expect('sales in the ERP', len(sales), 1)
        return sales[0] if sales else None

    def paid(self):
        opportunity = self.in_crm('won', ['taken up', 'confirmed', 'shipped', 'invoiced', 'paid'])
        sale = opportunity and self.in_erp(opportunity)
        if not sale:
            return
        self.expect('state of the sale', sale['state'], 'done')
        shipments = erp.model('stock.shipment.out', 'read', sale['shipments'], ['state'])
        self.expect('shipments', [s['state'] for s in shipments], ['done'])
        self.expect('return shipments', len(erp.find('stock.shipment.out.return', [['reference', '=', self.reference + '-RETURN']])), 0)
        invoices = erp.model('account.invoice', 'read', sale['invoices'], ['state', 'payment_lines', 'total_amount'])
        self.expect('invoices', [i['state'] for i in invoices], ['paid'])
        self.expect('payments', [len(i['payment_lines']) for i in invoices], [1])
        for invoice in invoices:
            lines = erp.model('account.move.line', 'read', invoice['payment_lines'], ['credit'])
            self.expect('amount paid', sum(number(l['credit']) for l in lines), number(invoice['total_amount']))

    def cancelled(self):
        opportunity = self.in_crm('won', ['taken up', 'confirmed', 'shipped', 'invoiced', 'cancelled'])
        sale = opportunity and self.in_erp(opportunity)
        if not sale:
            return
        self.expect('sale closed', sale['state'] in ('done', 'cancelled'), True)
        shipments = erp.model('stock.shipment.out', 'read', sale['shipments'], ['state'])
        self.expect('shipments', [s['state'] for s in shipments], ['done'])
        returns = erp.find('stock.shipment.out.return', [['reference', '=', self.reference + '-RETURN']], 'state')
        self.expect('return shipments', [r['state'] for r in returns], ['done'])
        invoices = erp.model('account.invoice', 'read', sale['invoices'], ['state'])
        self.expect('invoices', [i['state'] for i in invoices], ['cancelled'])

    def lost(self):
        self.in_crm('lost', [])
        self.expect('sales in the ERP', len(erp.find('sale.sale', [['reference', '=', self.reference]])), 0)


def check_customers(sales_by_reference):
    """Over all deals of a customer: as many invoices, payments and credit notes as deals, and nothing owed."""
    wrong = []
    parties = {}
    for reference, outcome in sales_by_reference.items():
        for sale in erp.find('sale.sale', [['reference', '=', reference]], 'party'):
            parties.setdefault(sale['party'], []).append(outcome)
    for party, outcomes in parties.items():
        lines = erp.find('account.move.line', [['party', '=', party], ['account.type.receivable', '=', True]], 'debit', 'credit')
        debits = sum(number(l['debit']) > 0 for l in lines)
        credits = sum(number(l['credit']) > 0 for l in lines)
        balance = round(sum(number(l['debit']) - number(l['credit']) for l in lines), 2)
        if (debits, credits, balance) != (len(outcomes), len(outcomes), 0):
            wrong.append(f'customer {party}: {debits} invoices and {credits} payments or credits for {len(outcomes)} deals, {balance} owed')
    return wrong


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    expected = dict(argument.split('=', 1) for argument in arguments)
    wrong = []
    for reference, outcome in expected.items():
        deal = Deal(reference)
        getattr(deal, outcome)()
        wrong += deal.wrong
    wrong += check_customers({r: o for r, o in expected.items() if o != 'lost'})
    print('\n'.join(wrong) if wrong else f'{len(expected)} deals: everything exists exactly once')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

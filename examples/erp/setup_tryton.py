#!/usr/bin/python3
"""The seed data of the demo's ERP and CRM: company, chart of accounts, products, stock, customers, users.

    setup_tryton.py ROLE CONF DB      ROLE = erp | crm; landscape.sh calls it once for each, on a fresh database

Runs in-process through proteus, Tryton's own scripting client, so no server is needed. Every step looks before it creates.
"""
import datetime
import os
import sys
from decimal import Decimal as D

from dateutil.relativedelta import relativedelta
from proteus import Model, Wizard, config as pconfig

role, conf, db = sys.argv[1:4]
cfg = pconfig.set_trytond(db, user='admin', config_file=conf)

Module = Model.get('ir.module')
active = {m.name for m in Module.find([('state', '=', 'activated')])}
User, Group = Model.get('res.user'), Model.get('res.group')
Party, Company = Model.get('party.party'), Model.get('company.company')
Currency, Lang = Model.get('currency.currency'), Model.get('ir.lang')
ModelData = Model.get('ir.model.data')


def one(M, **kw):
    r = M.find([(k, '=', v) for k, v in kw.items()], limit=1)
    return r[0] if r else None


# --- currencies -------------------------------------------------------------
def currency(code, name, symbol, num, rate):
    c = one(Currency, code=code)
    if not c:
        c = Currency(name=name, code=code, symbol=symbol, numeric_code=num,
                     rounding=D('0.01'), digits=2)
        c.rates.new(date=datetime.date(2000, 1, 1), rate=D(rate))
        c.save()
    return c


usd = currency('USD', 'US Dollar', '$', '840', '1.0')
currency('EUR', 'Euro', '€', '978', '0.9')

# --- company ----------------------------------------------------------------
company = Company.find([], limit=1)
if not company:
    p = Party(name='Northwind Manufacturing' if role == 'erp' else 'Northwind Sales')
    p.save()
    w = Wizard('company.company.config')
    w.execute('company')
    w.form.party, w.form.currency = p, usd
    w.execute('add')
company, = Company.find([], limit=1)
cfg._context = User.get_preferences(True, {})

Employee = Model.get('company.employee')
admin = User(1)
if not admin.employees:
    ep = Party(name='Erin Employee')
    ep.save()
    e = Employee(party=ep)
    e.save()
    admin.employees.append(e)
    admin.employee = e
    admin.save()
cfg._context = User.get_preferences(True, {})
employee = Employee.find([], limit=1)[0]

# --- chart of accounts ------------------------------------------------------
Account = Model.get('account.account')
if not Account.find([('company', '=', company.id)], limit=1):
    data, = ModelData.find([('module', '=', 'account'),
                            ('fs_id', '=', 'account_template_root_en')], limit=1)
    cc = Wizard('account.create_chart')
    cc.execute('account')
    cc.form.account_template = Model.get('account.account.template')(data.db_id)
    cc.form.company = company
    cc.execute('create_account')
    rec = Account.find([('type.receivable', '=', True), ('company', '=', company.id)], limit=1)[0]
    pay = Account.find([('type.payable', '=', True), ('company', '=', company.id)], limit=1)[0]
    cc.form.account_receivable, cc.form.account_payable = rec, pay
    cc.execute('create_properties')
acc = {t: Account.find([('type.' + t, '=', True), ('company', '=', company.id)], limit=1)[0]
       for t in ('receivable', 'payable', 'revenue', 'expense')}
cash = Account.find([('name', '=', 'Main Cash')], limit=1)[0]
taxacc = Account.find([('name', '=', 'Main Tax')], limit=1)[0]

# --- payment terms ----------------------------------------------------------
Term = Model.get('account.invoice.payment_term')
for name, days in (('Immediate', 0), ('Net 30', 30)):
    if not one(Term, name=name):
        t = Term(name=name)
        ln = t.lines.new(type='remainder')
        if days:
            ln.relativedeltas.new(days=days)
        t.save()

# --- products ---------------------------------------------------------------
Uom, Template = Model.get('product.uom'), Model.get('product.template')
Cat, Tax = Model.get('product.category'), Model.get('account.tax')
unit = one(Uom, name='Unit')
tax = one(Tax, name='Sales Tax 10%')
if not tax:
    tax = Tax(name='Sales Tax 10%', description='Sales Tax 10%', type='percentage', rate=D('.10'),
              invoice_account=taxacc, credit_note_account=taxacc)
    tax.save()
cat = one(Cat, name='Goods (taxed)')
if not cat:
    cat = Cat(name='Goods (taxed)', accounting=True,
              account_expense=acc['expense'], account_revenue=acc['revenue'])
    cat.customer_taxes.append(tax)
    cat.save()
PRODUCTS = [  # code, name, type, list, cost, stock
    ('WIDGET-A', 'Widget A', 'goods', '25.00', '11.00', 1000),
    ('WIDGET-B', 'Widget B', 'goods', '60.00', '31.00', 10),
    ('GADGET-X', 'Gadget X (out of stock)', 'goods', '199.00', '120.00', 0),
    ('INSTALL', 'Installation service', 'service', '80.00', '40.00', None),
]
for code, name, typ, price, cost, _ in PRODUCTS:
    if one(Template, code=code):
        continue
    t = Template(name=name, code=code, type=typ, default_uom=unit, salable=True,
                 list_price=D(price), account_category=cat)
    if typ == 'goods':
        t.cost_price_method = 'fixed'
    prod, = t.products
    prod.cost_price = D(cost)
    t.save()


def party(name, code=None, **kw):
    p = one(Party, name=name)
    if not p:
        p = Party(name=name, **kw)
        p.addresses[0].street = '1 Main Street'
        p.addresses[0].city = 'Springfield'
        p.addresses[0].postal_code = '12345'
        p.contact_mechanisms.new(type='email', value=name.lower().replace(' ', '.') + '@example.test')
        p.save()
    return p


def integration_user(login, groups, company_filter='one'):
    u = one(User, login=login)
    if not u:
        u = User(name=login, login=login, password=os.environ['LANDSCAPE_PASSWORD'])
        u.companies.append(Company(company.id))
        u.company = Company(company.id)
        e = Employee.find([], limit=1)[0]
        u.employees.append(e)
        u.employee = e
        for module, xml_id in groups:
            if module in active:
                d, = ModelData.find([('module', '=', module), ('fs_id', '=', xml_id)], limit=1)
                u.groups.append(Group(d.db_id))
        u.save()


SALES_GROUPS = [('sale', 'group_sale'), ('sale', 'group_sale_admin'),
                ('party', 'group_party_admin'), ('product', 'group_product_admin'),
                ('sale_opportunity', 'group_opportunity'),
                ('account', 'group_account')]

if role == 'crm':
    integration_user('engine', SALES_GROUPS)
else:
    # --- fiscal years (this one and the next) + sequences + periods ---------
    FiscalYear, Seq = Model.get('account.fiscalyear'), Model.get('ir.sequence')
    Strict, SeqType = Model.get('ir.sequence.strict'), Model.get('ir.sequence.type')
    for year in (datetime.date.today().year, datetime.date.today().year + 1):
        if one(FiscalYear, name=str(year)):
            continue
        fy = FiscalYear(name=str(year), company=company,
                        start_date=datetime.date(year, 1, 1), end_date=datetime.date(year, 12, 31))
        mt, = SeqType.find([('name', '=', 'Account Move')], limit=1)
        ms = Seq(name=str(year), sequence_type=mt, company=company)
        ms.save()
        fy.post_move_sequence = ms
        it, = SeqType.find([('name', '=', 'Invoice')], limit=1)
        inv = Strict(name='INV %d' % year, sequence_type=it, company=company,
                     prefix='INV-%d-' % year, padding=5)
        inv.save()
        cn = Strict(name='CN %d' % year, sequence_type=it, company=company,
                    prefix='CN-%d-' % year, padding=5)
        cn.save()
        s, = fy.invoice_sequences
        s.out_invoice_sequence = s.in_invoice_sequence = inv
        s.out_credit_note_sequence = s.in_credit_note_sequence = cn
        fy.save()
        fy.click('create_period')
    # --- payment method (cash journal) --------------------------------------
    PM, Journal = Model.get('account.invoice.payment.method'), Model.get('account.journal')
    for name in ('Cash', 'Card (payment gateway)'):
        if not one(PM, name=name):
            j, = Journal.find([('type', '=', 'cash')], limit=1)
            pm = PM(name=name, journal=j, credit_account=cash, debit_account=cash)
            pm.save()
    # --- customers ----------------------------------------------------------
    party('Globex Retail')
    party('Initech Ltd')
    lim = party('Hooli Limited Credit')
    if 'account_credit_limit' in active and lim.credit_limit_amount is None:
        lim.credit_limit_amount = D('500.00')
        lim.save()
    party('Acme Supplies (supplier)')
    # --- opening stock ------------------------------------------------------
    Inventory, Location = Model.get('stock.inventory'), Model.get('stock.location')
    Product = Model.get('product.product')
    if not Inventory.find([], limit=1):
        sto, = Location.find([('code', '=', 'STO')])
        inv = Inventory(location=sto)
        for code, *_, qty in PRODUCTS:
            if qty:
                p, = Product.find([('code', '=', code)])
                inv.lines.new(product=p, quantity=float(qty), expected_quantity=0.0)
        inv.click('confirm')
        assert inv.state == 'done', inv.state
    integration_user('engine', SALES_GROUPS + [('stock', 'group_stock')])
    # a second user that may override credit/stock blocks (UserWarning instead of UserError)
    integration_user('supervisor', SALES_GROUPS + [
        ('stock', 'group_stock'), ('stock', 'group_stock_force_assignment'),
        ('account_credit_limit', 'group_credit_limit'),
        ('sale_stock_quantity', 'group_sale_stock_quantity')])

print('setup ok', role, db)

// Signed deliveries as their senders sign them, with the senders' own libraries where they have one.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { secrets } from '../lib/server.mjs';
import { strictClient } from './v2_worker.mjs';

const model = (name) => new URL(`../models/${name}`, import.meta.url).pathname;

export async function suite({ server, check }) {
  const client = strictClient(server.url);
  await client.deployResourcesFromFiles([model('hooked.bpmn'), model('approval.bpmn'), model('approve.form')]);
  const started = (sender) => server.count('variables', { name: 'sender', value: `"${sender}"` });

  /** Delivers twice, then with a spoilt signature, then with a spoilt body: one instance must come of it. */
  async function delivers(name, body, headersOf) {
    const text = JSON.stringify(body);
    const headers = await headersOf(text);
    const path = `/webhooks/${name}`;
    const first = await server.send('POST', path, text, headers);
    assert.ok(first.status >= 200 && first.status < 300, `${first.status} ${first.text}`);
    const again = await server.send('POST', path, text, headers);
    assert.ok(again.status >= 200 && again.status < 300, `${again.status} ${again.text}`);
    assert.equal(await started(name), 1, 'a repeated delivery does nothing');
    const spoilt = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, /signature|hmac/i.test(key) ? value.replace(/.(?=.{3}$)/, (c) => (c === 'A' ? 'B' : 'A')) : value]));
    assert.equal((await server.send('POST', path, text, spoilt)).status, 401);
    assert.equal((await server.send('POST', path, text.replace('}', ',"more":1}'), headers)).status, 401);
    assert.equal((await server.send('POST', path, text)).status, 401);
    assert.equal(await started(name), 1, 'a forged delivery does nothing');
  }

  await check('Standard Webhooks (standardwebhooks)', () =>
    delivers('standard', { test: 2432232314 }, (text) => {
      const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
      const at = new Date();
      return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(secrets.STANDARD).sign(id, at, text) };
    }));

  await check('a delivery from long ago is refused', async () => {
    const at = new Date(Date.now() - 3_600_000);
    const headers = { 'webhook-id': 'msg_old', 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(secrets.STANDARD).sign('msg_old', at, '{}') };
    assert.equal((await server.send('POST', '/webhooks/standard', '{}', headers)).status, 401);
  });

  await check('GitHub (@octokit/webhooks-methods)', () =>
    delivers('github', { action: 'opened' }, async (text) => ({ 'X-Hub-Signature-256': await signGithub(secrets.GITHUB, text), 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' })));

  await check('Stripe (stripe)', () =>
    delivers('stripe', { id: 'evt_1', object: 'event' }, (text) => ({ 'Stripe-Signature': new Stripe('sk_test_none').webhooks.generateTestHeaderString({ payload: text, secret: secrets.STRIPE }) })));

  await check('Shopify', () =>
    delivers('shopify', { id: 17 }, (text) => ({ 'X-Shopify-Hmac-Sha256': createHmac('sha256', secrets.SHOPIFY).update(text).digest('base64'), 'X-Shopify-Webhook-Id': 'b54557e4' })));

  await check('plain HMAC correlates a payment with the instance that waits for it', async () => {
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'approval', variables: { orderId: 'P-9' }, startInstructions: [{ elementId: 'wait_paid' }] });
    const text = JSON.stringify({ id: 'P-9', amount: 12.5 });
    const headers = { 'X-Signature': createHmac('sha256', secrets.PLAIN).update(text).digest('hex') };
    for (let times = 0; times < 3; times += 1) {
      const { status } = await server.send('POST', '/webhooks/plain', text, headers);
      assert.ok(status >= 200 && status < 300, String(status));
    }
    const { body } = await server.send('GET', `/v2/process-instances/${processInstanceKey}`);
    assert.equal(body.state, 'COMPLETED');
    assert.equal(await server.count('variables', { name: 'paid', value: '12.5' }), 1);
  });

  await check('an unknown webhook is 404', async () => {
    assert.equal((await server.send('POST', '/webhooks/nobody', '{}')).status, 404);
  });
}

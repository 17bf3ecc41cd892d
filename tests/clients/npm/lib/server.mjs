// The real server as a child process on a free port of loopback, with a data directory of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const secrets = {
  STANDARD: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  GITHUB: "It's a Secret to Everybody",
  STRIPE: 'whsec_test',
  SHOPIFY: 'hush',
  PLAIN: 'plain-secret',
};

const configuration = `
[webhooks.standard]
preset = "standard-webhooks"
secrets = ["STANDARD"]
action = "start"
process = "hooked"
variables = "={sender: hook, payload: body}"

[webhooks.github]
preset = "github"
secrets = ["GITHUB"]
action = "start"
process = "hooked"
variables = "={sender: hook, payload: body}"

[webhooks.stripe]
preset = "stripe"
secrets = ["STRIPE"]
action = "start"
process = "hooked"
variables = "={sender: hook, payload: body}"

[webhooks.shopify]
preset = "shopify"
secrets = ["SHOPIFY"]
action = "start"
process = "hooked"
variables = "={sender: hook, payload: body}"

[webhooks.plain]
preset = "hmac"
secrets = ["PLAIN"]
action = "correlate"
message = "paid"
correlationKey = "=body.id"
variables = "={paid: body.amount}"
`;

export class Server {
  async start() {
    this.directory = mkdtempSync(join(tmpdir(), 'fermata-npm-'));
    const config = join(this.directory, 'fermata.toml');
    writeFileSync(config, configuration);
    const environment = { ...process.env };
    for (const [name, value] of Object.entries(secrets)) environment[`FERMATA_SECRET_${name}`] = value;
    this.child = spawn(
      process.env.FERMATA_BIN,
      ['serve', '--dev', '--port', '0', '--data', join(this.directory, 'data'), '--config', config],
      { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.ended = new Promise((resolve) => this.child.on('exit', (code) => resolve(code)));
    this.output = '';
    this.child.stderr.on('data', (bytes) => (this.output += bytes));
    this.url = await new Promise((resolve, reject) => {
      let text = '';
      this.child.stdout.on('data', (bytes) => {
        text += bytes;
        const found = text.match(/listens on (\S+)/);
        if (found) resolve(found[1]);
      });
      this.child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${this.output}`)));
      setTimeout(() => reject(new Error(`the server does not start: ${this.output}`)), 20_000).unref();
    });
  }

  async stop() {
    if (!this.child) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    const code = await this.ended;
    clearTimeout(timer);
    rmSync(this.directory, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the server ended with ${code}: ${this.output.slice(-2000)}`);
  }

  /** A plain request; answers {status, body}. */
  async send(method, path, body, headers = {}) {
    const options = { method, headers: { ...headers } };
    if (body !== undefined) {
      options.body = typeof body === 'string' ? body : JSON.stringify(body);
      options.headers['Content-Type'] ??= 'application/json';
    }
    const response = await fetch(this.url + path, options);
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text, body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined };
  }

  async count(what, filter) {
    const { body } = await this.send('POST', `/v2/${what}/search`, { filter, page: { limit: 1 } });
    return body.page.totalItems;
  }
}

/** Waits until `condition` answers something true. */
export async function until(condition, seconds, what) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

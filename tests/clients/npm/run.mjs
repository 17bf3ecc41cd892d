// Runs the suites one after another, each against a server of its own, and counts.
import { readdirSync } from 'node:fs';
import { Report } from './lib/report.mjs';
import { Server } from './lib/server.mjs';

const all = readdirSync(new URL('./suites/', import.meta.url)).filter((name) => name.endsWith('.mjs')).sort();
const wanted = process.argv.slice(2);
const report = new Report();
for (const file of all) {
  const name = file.replace('.mjs', '');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const server = new Server();
  try {
    await server.start();
    const { suite } = await import(`./suites/${file}`);
    await suite({ server, check: (what, test) => report.check(`${name}: ${what}`, test) });
  } catch (error) {
    report.fail(name, error);
  } finally {
    await server.stop().catch((error) => report.fail(`${name}: the server stops cleanly`, error));
  }
}
process.exit(report.finish());

// Counts checks; prints failures with their reason and ends with the line that scripts/test.sh reads.
export class Report {
  passed = 0;
  failed = 0;

  async check(name, test) {
    const begun = Date.now();
    try {
      await test();
      this.passed += 1;
      console.log(`ok   ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      this.fail(name, error);
    }
  }

  fail(name, error) {
    this.failed += 1;
    console.log(`FAIL ${name}: ${error?.stack ?? error}`);
  }

  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed, 0 skipped`);
    return this.failed === 0 ? 0 : 1;
  }
}

import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Checks that failed before vitest was started (`npm run verify`), so that the last line counts them too. */
export const FAILED_CHECKS = 'HOLDFAST_FAILED_CHECKS';

/** Names the reason of every skipped test, and ends the output with `N passed, N failed, N skipped`. */
export class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => ['skipped', 'pending'].includes(test.result().state));
    // A file that does not load, or whose hooks fail, has no failed test to count.
    const brokenFiles = modules.filter((module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length);
    const failed = count('failed') + brokenFiles.length + errors.length + Number(process.env[FAILED_CHECKS] ?? 0);
    for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}: ${reasonOf(test)}\n`);
    // At exit, because vitest itself still writes after its reporters. A status that no test explains is a failed set-up, or no test at all.
    process.once('exit', (status) => {
      process.stdout.write(summaryLine(count('passed'), failed === 0 && status !== 0 ? 1 : failed, skipped.length));
    });
  }
}

export function summaryLine(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}

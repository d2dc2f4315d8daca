/**
 * Runs all tests: the unit tests without any permission, then the integration tests, then the
 * examples in the documentation. TMPDIR is one folder for all of them, so that a file or process
 * that a test left behind is found and fails the run.
 */
const STRICT = ["--no-prompt", "--frozen", "--sanitize-ops", "--sanitize-resources"];
const INTEGRATION = "tests/**/*_integration_test.ts";

interface Suite {
  readonly name: string;
  readonly args: readonly string[];
}

const SUITES: readonly Suite[] = [
  { name: "unit", args: [`--ignore=${INTEGRATION}`, "tests"] },
  { name: "integration", args: ["-A", INTEGRATION] },
  { name: "documentation", args: ["-A", "--doc", "--ignore=src/cli", "mod.ts", "src"] },
];

const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "jsd_test_" });
let passed = 0;
let failed = 0;

try {
  for (const suite of SUITES) {
    console.log(`\n--- ${suite.name} tests`);
    const counts = await runSuite(suite);
    passed += counts.passed;
    failed += counts.failed;
  }
  const leaks = await findLeaks();
  for (const leak of leaks) console.error(`Left behind by a test: ${leak}`);
  failed += leaks.length;
} finally {
  await Deno.remove(folder, { recursive: true });
}

console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 && passed > 0 ? 0 : 1);

async function runSuite({ name, args }: Suite): Promise<{ passed: number; failed: number }> {
  const reportPath = `${folder}/${name}.xml`;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...STRICT, `--junit-path=${reportPath}`, ...args],
    env: { TMPDIR: folder },
  }).spawn().status;
  const report = await takeFile(reportPath);
  const tests = attribute(report, "tests");
  const failures = attribute(report, "failures") + attribute(report, "errors");
  // A suite can fail without a failed test, for example because it does not compile.
  return { passed: tests - failures, failed: success ? failures : Math.max(failures, 1) };
}

async function takeFile(path: string): Promise<string> {
  try {
    const text = await Deno.readTextFile(path);
    await Deno.remove(path);
    return text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function attribute(report: string, name: string): number {
  return Number(new RegExp(`<testsuites [^>]*\\b${name}="(\\d+)"`).exec(report)?.[1] ?? 0);
}

async function findLeaks(): Promise<string[]> {
  const leaks = Array.from(Deno.readDirSync(folder), (entry) => `${folder}/${entry.name}`);
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,args="] }).output();
  const processes = new TextDecoder().decode(stdout).split("\n");
  return [...leaks, ...processes.filter((line) => line.includes(folder))];
}

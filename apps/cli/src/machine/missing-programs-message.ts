import type { PackageManager } from './package-manager.ts';
import type { MissingProgram } from './program.ts';

/** Describes the missing programs, one command line to install them all, and the alternatives. */
export function describeMissingPrograms(
  missing: readonly MissingProgram[],
  manager: PackageManager | undefined,
): string {
  const lines = missing.map(({ program, problem }) => `${program.name} is needed, and ${problem.description}.`);
  // A failure that affects all programs is printed once.
  const failures = new Set(missing.flatMap(({ failure }) => failure?.message ?? []));
  const packages = missing.flatMap((one) => one.packages);
  if (manager !== undefined && packages.length > 0) {
    const because = manager.blockedReason === undefined ? '' : ` (${manager.blockedReason})`;
    lines.push(
      ...failures,
      `${failures.size > 0 ? 'That failed' : 'It could not be installed from here'}${because}. Run`,
      `  ${manager.commandLine(packages)}`,
      'and start Parley again.',
    );
  } else {
    lines.push(...failures);
  }
  for (const { program, problem, packages: own } of missing) {
    if (own.length > 0) continue;
    lines.push(`${problem.isTooOld === true ? '' : notOffered(manager)}Install ${program.manualInstall}.`);
  }
  const alternative = missing.flatMap(({ program }) => program.alternative ?? []);
  if (alternative.length > 0) lines.push(`Or ${alternative.join(', and ')}.`);
  return lines.join('\n');
}

function notOffered(manager: PackageManager | undefined): string {
  return manager === undefined ? 'Neither apt-get nor brew is installed. ' : `${manager.name} does not have it. `;
}

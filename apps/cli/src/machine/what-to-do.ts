import type { PackageManager } from './package-manager.ts';
import type { MissingProgram } from './program.ts';

/** One message about everything that is missing: what it is, one command line that brings it, and how to go without. */
export function whatToDo(missing: readonly MissingProgram[], manager: PackageManager | undefined): string {
  const lines = missing.map(({ program, lack }) => `${program.name} is needed, and ${lack.seen}.`);
  // One that was seen to fail for all of them is told once.
  const failures = new Set(missing.flatMap(({ failure }) => failure?.message ?? []));
  const packages = missing.flatMap((one) => one.packages);
  if (manager !== undefined && packages.length > 0) {
    const because = manager.blockedBecause === undefined ? '' : ` (${manager.blockedBecause})`;
    lines.push(
      ...failures,
      `${failures.size > 0 ? 'That failed' : 'It could not be installed from here'}${because}. Run`,
      `  ${manager.commandLine(packages)}`,
      'and start again.',
    );
  } else {
    lines.push(...failures);
  }
  for (const { program, lack, packages: own } of missing) {
    if (own.length > 0) continue;
    lines.push(`${lack.isTooOld === true ? '' : notOffered(manager)}Install ${program.byHand}.`);
  }
  const instead = missing.flatMap(({ program }) => program.instead ?? []);
  if (instead.length > 0) lines.push(`Or ${instead.join(', and ')}.`);
  return lines.join('\n');
}

function notOffered(manager: PackageManager | undefined): string {
  return manager === undefined ? 'Neither apt-get nor brew is here. ' : `${manager.name} does not offer it. `;
}

/** The output of `apt-cache policy` for one package. */
export interface AptPackage {
  readonly name: string;
  readonly isInstalled: boolean;
  readonly hasCandidate: boolean;
}

/** Parses the English output of `apt-cache policy NAME...`, which omits unknown packages. */
export function parseAptPolicy(output: string): readonly AptPackage[] {
  const packages: AptPackage[] = [];
  for (const block of output.split(/^(?=\S)/m)) {
    const name = /^([^\s:]+):/.exec(block)?.[1];
    const installed = /^ {2}Installed: (.+)$/m.exec(block)?.[1];
    const candidate = /^ {2}Candidate: (.+)$/m.exec(block)?.[1];
    if (name === undefined || candidate === undefined) continue;
    packages.push({ name, isInstalled: installed !== '(none)', hasCandidate: candidate !== '(none)' });
  }
  return packages;
}

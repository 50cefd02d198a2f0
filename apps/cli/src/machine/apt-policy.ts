/** What `apt-cache policy` says of one package. */
export interface AptPackage {
  readonly name: string;
  readonly isInstalled: boolean;
  readonly hasCandidate: boolean;
}

/** Reads the output of `apt-cache policy NAME...` (in English); packages that apt has never heard of are left out there. */
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

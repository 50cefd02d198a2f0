import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { hasProgram } from './has-program.ts';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly literals: readonly string[] }[];
}

export const kubernetesFolder = fileURLToPath(new URL('../../infra/kubernetes', import.meta.url));

const renderers = [
  { program: 'kubectl', parameters: ['kustomize'] },
  { program: 'kustomize', parameters: ['build'] },
];
const renderer = renderers.find(({ program }) => hasProgram(program));

/** Why overlays can't be rendered on this machine; `undefined` if they can. */
export const renderProblem = renderer === undefined ? 'neither kubectl nor kustomize is installed' : undefined;

/** Returns the objects that an overlay consists of, with all of its patches. */
export function renderOverlay(name: string): readonly KubernetesObject[] {
  if (renderer === undefined) throw new Error(renderProblem);
  const { program, parameters } = renderer;
  const folder = join(kubernetesFolder, 'overlays', name);
  return objectsOf(execFileSync(program, [...parameters, folder], { encoding: 'utf8', timeout: 60_000 }));
}

/** Returns the objects of the base from its files, without a program: the base has no patches. */
export function readBase(): readonly KubernetesObject[] {
  const { resources, configMapGenerator = [] } = parse(readBaseFile('kustomization.yaml')) as Kustomization;
  const settings = configMapGenerator.map(({ name, literals }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(literals.map((literal) => literal.split(/=(.*)/s).slice(0, 2) as [string, string])),
  }));
  return [...settings, ...resources.flatMap((file) => objectsOf(readBaseFile(file)))];
}

export function objectsOf(yaml: string): readonly KubernetesObject[] {
  return parseAllDocuments(yaml).map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    return document.toJS() as KubernetesObject;
  });
}

function readBaseFile(name: string): string {
  return readFileSync(join(kubernetesFolder, 'base', name), 'utf8');
}

import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import type { KubernetesObject } from './rendered.ts';

/** The published schemas, as classes of npm packages that were generated from them. */
interface Model {
  readonly prototype: { validate(this: object): void };
}

const groups: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  'apps/v1': apps,
  'autoscaling/v2': autoscaling,
  'keda.sh/v1alpha1': keda,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
};

/**
 * Returns what the published schema of an object finds wrong, and its fields that the schema doesn't know: the schemas permit
 * these, but the API server would drop them.
 */
export function schemaProblems(object: KubernetesObject): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const model = groups[apiVersion]?.[kind] as Model | undefined;
  const where = `${kind} ${metadata.name}`;
  if (model === undefined) return [`${where}: there is no schema of ${apiVersion}`];
  const unread = new UnreadFields(object);
  try {
    // Not on an instance: the constructor would read every field, to copy it.
    model.prototype.validate.call(unread.watched);
  } catch (error) {
    return [`${where}: ${(error as Error).message}`];
  }
  return unread.paths().map((path) => `${where}: unknown field ${path}`);
}

/** Notes which fields are read: validation reads those that its schema knows. */
class UnreadFields {
  readonly watched: object;
  readonly #unread = new Set<string>();

  constructor(root: object) {
    this.watched = this.#watch(root, '');
  }

  paths(): readonly string[] {
    return [...this.#unread];
  }

  #watch(value: object, path: string): object {
    const children = new Map<string | symbol, object>();
    for (const [key, child] of Object.entries(value) as [string, unknown][]) {
      const childPath = `${path}/${key}`;
      this.#unread.add(childPath);
      if (typeof child === 'object' && child !== null) children.set(key, this.#watch(child, childPath));
    }
    return new Proxy(value, {
      get: (target, key, receiver) => {
        this.#unread.delete(`${path}/${String(key)}`);
        return children.get(key) ?? (Reflect.get(target, key, receiver) as unknown);
      },
    });
  }
}

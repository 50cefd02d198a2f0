import type { KubernetesObject } from './rendered.ts';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** What the tests read of a container. */
export interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly startupProbe: Probe;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly securityContext: object;
  readonly volumeMounts: readonly object[];
}

/** What the tests read of a Deployment. */
export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: object;
        readonly containers: readonly Container[];
      };
    };
  };
}

export function deploymentsIn(objects: readonly KubernetesObject[]): readonly Deployment[] {
  return objects.filter(({ kind }) => kind === 'Deployment') as readonly Deployment[];
}

/** The variables that come from a Secret one by one; each has its own name there. */
export function secretVariables({ env }: Container): readonly string[] {
  return env.flatMap(({ name, valueFrom }) => {
    if (valueFrom === undefined) return [];
    const { secretKeyRef } = valueFrom as { secretKeyRef?: { key: string } };
    return secretKeyRef?.key === name ? [name] : [`${name} is not from a Secret`];
  });
}

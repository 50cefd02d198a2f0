import type { Machine } from './machine.ts';
import { runCommand } from './run-command.ts';

/** Debian starts and enables these when their package arrives; Parley runs private processes of its own instead. */
const servicesOfPackages: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server.service',
  'valkey-server': 'valkey-server.service',
  'apertium-apy': 'apertium-apy.service',
};

/**
 * Installs packages so that their services neither start now nor at the next boot. Under systemd a unit that is masked
 * before its package arrives is not started by the package's scripts (see deb-systemd-invoke(1p)); afterwards it is
 * left disabled, so that the administrator can enable it as usual. With another init system, runlevel 1 has none of
 * these services, and invoke-rc.d(8) respects that.
 *
 * @param elevation what to put before a command that needs root
 * @param packages those that are not installed yet
 * @param install gets the variables to install with, as NAME=VALUE
 */
export async function withDormantServices(
  machine: Machine,
  elevation: readonly string[],
  packages: readonly string[],
  install: (environment: readonly string[]) => Promise<void>,
): Promise<void> {
  const units = packages.flatMap((name) => servicesOfPackages[name] ?? []);
  if (units.length === 0) return install([]);
  if (!machine.hasSystemd) return install(['RUNLEVEL=1']);
  const systemctl = async (verb: string): Promise<void> => {
    const command = [...elevation, 'systemctl', '--quiet', verb, ...units];
    await runCommand(machine, command as [string, ...string[]], { timeoutMs: 60_000 });
  };
  await systemctl('mask');
  try {
    await install([]);
    machine.say(`Left the system's own ${units.join(', ')} off: Parley starts private processes instead.`);
  } finally {
    await systemctl('unmask');
    await systemctl('disable').catch(() => {
      // nothing to disable: the package did not arrive
    });
  }
}

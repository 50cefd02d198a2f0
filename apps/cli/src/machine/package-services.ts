import type { Machine } from './machine.ts';
import { runCommand } from './run-command.ts';

/** Services that Debian packages start and enable on installation. Parley runs private processes instead. */
const servicesOfPackages: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server.service',
  'valkey-server': 'valkey-server.service',
  'apertium-apy': 'apertium-apy.service',
};

/**
 * Installs packages without starting their services, now or at boot. Under systemd, the scripts of a package don't start a
 * unit that is masked (see deb-systemd-invoke(1p)); afterwards the unit is unmasked and disabled, so that the administrator
 * can enable it as usual. Other init systems: invoke-rc.d(8) starts none of these services in runlevel 1.
 *
 * @param elevation the command prefix for running as root
 * @param packages the packages that are not installed yet
 * @param install called with the environment variables to use, as NAME=VALUE
 */
export async function withServicesDisabled(
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
    machine.say(`Left ${units.join(', ')} disabled: Parley starts private processes instead.`);
  } finally {
    await systemctl('unmask');
    await systemctl('disable').catch(() => {
      // The package was not installed, so there is no unit.
    });
  }
}

import { Command } from 'commander';
import {
  jsonListenerView,
  plainListenerView,
  terminalListenerView,
  type ListenerView,
} from '../captions/listener-views.ts';
import { urlsOption } from '../connection-options.ts';
import { listen } from '../listen.ts';
import { joinCodeArgument, languagesArgument } from '../option-parsers.ts';
import { stopSignal } from '../stop-signal.ts';

interface ListenCommandOptions {
  readonly to: string[];
  readonly json: boolean;
  readonly url: readonly [string, ...string[]];
}

const notes = `
The code allows listening without an API key. It exists once the talk has begun; with the code of a room, listen waits until it
begins. It ends with the talk. If the connection is lost, it goes on at the next of the URLs, and nothing is lost or shown twice.

Examples:
  parley listen K7QX2M9TFA --to es
  parley listen K7QX2M9TFA --to es,en --json --url ws://10.0.0.5:8787,ws://10.0.0.6:8787`;

/** `parley listen` */
export function listenCommand(): Command {
  return new Command('listen')
    .description('follow a talk by its join code: live captions on a terminal, otherwise finals as LANGUAGE<tab>TEXT')
    .argument('<code>', 'the join code of the session', joinCodeArgument)
    .requiredOption(
      '--to <languages>',
      "the languages to read, separated by commas; the speaker's own gives the transcript",
      languagesArgument,
    )
    .option('--json', 'print every server message, one per line', false)
    .addOption(urlsOption())
    .addHelpText('after', notes)
    .action(async (joinCode: string, { to, json, url }: ListenCommandOptions) => {
      using view = openView(json);
      await listen({ urls: url, joinCode, targetLanguages: to, signal: stopSignal(), view });
    });
}

function openView(json: boolean): ListenerView {
  if (json) return jsonListenerView();
  return process.stdout.isTTY ? terminalListenerView(process.stdout) : plainListenerView();
}

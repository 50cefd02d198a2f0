import type { CancelledBy, WorkerMetrics } from '@parley/telemetry';
import type { TranslationService } from '@parley/translation';
import type { PartialCall } from './partial-call.ts';

export interface SegmentCallsOptions {
  readonly translations: Pick<TranslationService, 'share'>;
  readonly metrics: Pick<WorkerMetrics, 'callsCancelled'>;
}

/** The calls for one open segment. */
export class SegmentCalls {
  readonly #options: SegmentCallsOptions;
  readonly #inProgress = new Set<PartialCall>();
  /** The newest call of each target, in progress or ended, which a final with the same text can use. */
  readonly #newest = new Map<string, PartialCall>();

  constructor(options: SegmentCallsOptions) {
    this.#options = options;
  }

  begin(call: PartialCall): void {
    this.#inProgress.add(call);
    this.#newest.set(call.request.target, call);
  }

  end(call: PartialCall): void {
    this.#inProgress.delete(call);
  }

  cancelAll(by: CancelledBy): void {
    this.#cancel([...this.#inProgress], by);
  }

  /** Cancels the calls for languages that are no longer requested. */
  cancelUnwanted(wanted: ReadonlySet<string>, by: CancelledBy): void {
    this.#cancel(
      [...this.#inProgress].filter(({ request }) => !wanted.has(request.target)),
      by,
    );
  }

  /**
   * Hands the calls with the text of the final over to it; they are not counted as cancelled.
   *
   * @param digest of the final's text
   */
  handOver(digest: string): void {
    for (const { work, request, isCancelled } of new Set([...this.#newest.values(), ...this.#inProgress])) {
      const isWhole = request.text === work.text;
      if (work.digest === digest && isWhole && !isCancelled) this.#options.translations.share(request);
    }
    for (const call of [...this.#inProgress].filter(({ work }) => work.digest === digest)) {
      this.#inProgress.delete(call);
      call.cancel();
    }
  }

  #cancel(calls: readonly PartialCall[], by: CancelledBy): void {
    const notCancelled = calls.filter(({ isCancelled }) => !isCancelled);
    for (const call of notCancelled) call.cancel();
    if (notCancelled.length > 0) this.#options.metrics.callsCancelled(by, notCancelled.length);
  }
}

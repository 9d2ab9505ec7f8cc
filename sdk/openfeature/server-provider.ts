import {
  type ErrorCode as OpenFeatureErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderNotReadyError,
  type ResolutionDetails,
} from '@openfeature/server-sdk'
import type { FlagType, Json } from '../flag/flag.ts'
import type { Details, Flags } from '../flags.ts'
import { LiveFlags, type Status } from '../server/connect.ts'

/** How long OpenFeature waits, at most, for flags to be known before it is told that they are not. */
const waitMs = 5000

/**
 * Flags for OpenFeature on servers. They are opened by you, with `connect` or `flagsOf`, and closed with the provider. A
 * hub that is away makes the provider stale, not broken; it is in error only while nothing was ever known.
 */
export class TandemProvider implements Provider {
  readonly metadata = { name: 'tandem' } as const
  readonly runsOn = 'server'
  readonly events = new OpenFeatureEventEmitter()
  readonly #flags: Flags
  #ends: readonly (() => void)[] = []

  constructor(flags: Flags) {
    this.#flags = flags
  }

  async initialize(): Promise<void> {
    const flags = this.#flags
    if (!(flags instanceof LiveFlags)) return
    this.#ends = [
      flags.onChange((keys) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys] }),
      ),
      flags.onStatus((status) => this.#tell(status)),
    ]
    await flags.ready(waitMs)
    const { state, trouble } = flags.status()
    if (state === 'empty') throw new ProviderNotReadyError(trouble ?? 'no flags were ever known here')
    // OpenFeature says that it is ready after this; that it is stale must come later.
    if (state === 'stale') setTimeout(() => this.#tell(flags.status()), 0)
  }

  async onClose(): Promise<void> {
    for (const end of this.#ends) end()
    if (this.#flags instanceof LiveFlags) await this.#flags.close()
  }

  async resolveBooleanEvaluation(
    key: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve('boolean', key, fallback, context)
  }

  async resolveStringEvaluation(
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve('string', key, fallback, context)
  }

  async resolveNumberEvaluation(
    key: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve('number', key, fallback, context)
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve('object', key, fallback, context)
  }

  // max-params: OpenFeature's own words, in its own order.
  #resolve<T>(type: FlagType, key: string, fallback: T, context: EvaluationContext): ResolutionDetails<T> {
    return resolutionOf(this.#flags.details(type, key, fallback as Json, context) as Details<T>)
  }

  #tell({ state, trouble }: Status): void {
    const message = trouble ?? undefined
    if (state === 'live') this.events.emit(ProviderEvents.Ready)
    else if (state === 'stale')
      this.events.emit(ProviderEvents.Stale, message === undefined ? {} : { message })
  }
}

function resolutionOf<T>({
  value,
  variant,
  reason,
  rule,
  errorCode,
  errorMessage,
}: Details<T>): ResolutionDetails<T> {
  return {
    value,
    reason,
    ...(variant !== undefined && { variant }),
    ...(rule !== undefined && { flagMetadata: { rule } }),
    // The same words as a type of their own there.
    ...(errorCode !== undefined && { errorCode: errorCode as OpenFeatureErrorCode }),
    ...(errorMessage !== undefined && { errorMessage }),
  }
}

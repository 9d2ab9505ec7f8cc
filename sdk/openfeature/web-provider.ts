import {
  type ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderNotReadyError,
  type ResolutionDetails,
} from '@openfeature/web-sdk'
import type { FlagType, Json } from '../flag/flag.ts'
import { type WebDetails, WebFlags, type WebOptions } from '../web/connect-web.ts'

/** Flags for OpenFeature in browsers: answers of a hub for the person of OpenFeature's context. */
export class TandemWebProvider implements Provider {
  readonly metadata = { name: 'tandem-web' } as const
  readonly runsOn = 'client'
  readonly events = new OpenFeatureEventEmitter()
  readonly #options: Omit<WebOptions, 'context'>
  #flags: WebFlags | null = null
  #end: () => void = () => {}

  constructor(options: Omit<WebOptions, 'context'>) {
    this.#options = options
  }

  async initialize(context?: EvaluationContext): Promise<void> {
    const flags = new WebFlags({ ...this.#options, context: { ...context } })
    this.#flags = flags
    this.#end = flags.onChange(() => this.events.emit(ProviderEvents.ConfigurationChanged))
    await flags.ready(this.#options.waitMs ?? 2000)
  }

  async onContextChange(_before: EvaluationContext, context: EvaluationContext): Promise<void> {
    await this.#flags?.setContext(context)
  }

  async onClose(): Promise<void> {
    this.#end()
    await this.#flags?.close()
  }

  resolveBooleanEvaluation(key: string, fallback: boolean): ResolutionDetails<boolean> {
    return this.#resolve('boolean', key, fallback)
  }

  resolveStringEvaluation(key: string, fallback: string): ResolutionDetails<string> {
    return this.#resolve('string', key, fallback)
  }

  resolveNumberEvaluation(key: string, fallback: number): ResolutionDetails<number> {
    return this.#resolve('number', key, fallback)
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T): ResolutionDetails<T> {
    return this.#resolve('object', key, fallback)
  }

  #resolve<T>(type: FlagType, key: string, fallback: T): ResolutionDetails<T> {
    if (this.#flags === null) throw new ProviderNotReadyError('the provider was not initialized')
    const details = this.#flags.details(type, key, fallback as Json) as WebDetails<T>
    // The same words as a type of their own there.
    return details as WebDetails<T> & { errorCode?: ErrorCode }
  }
}

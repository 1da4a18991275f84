/**
 * Asks what the rules say of answers while they are typed. One question goes
 * out after a pause, the one before is given up, and an answer that came too
 * late is dropped. Nothing is asked that was answered last, and no answer is no
 * fault: what was known of changed answers is forgotten, and it is asked again
 * later.
 */

import { copy, same } from './changes'

export interface LiveCheckSettings {
  /** Milliseconds without a change before a question. */
  pause: number
  /** Milliseconds before the first retry; doubled each time up to {@link retryMost}. */
  retry: number
  retryMost: number
}

const defaults: LiveCheckSettings = { pause: 600, retry: 4000, retryMost: 60_000 }

export class LiveCheck<Q, A> {
  private readonly settings: LiveCheckSettings
  private answered: Q | undefined
  private asking: { question: Q; stop: AbortController } | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  /** Not before this instant, in milliseconds, after a failure. */
  private rest = 0
  private stopped = false

  /**
   * @param question the answers as they stand
   * @param ask undefined when the server has no answer to these; rejects when it cannot be reached
   * @param told called with each answer, and with undefined when nobody knows what the rules say now
   */
  constructor(
    private readonly question: () => Q,
    private readonly ask: (question: Q, signal: AbortSignal) => Promise<A | undefined>,
    private readonly told: (answer: A | undefined) => void,
    settings: Partial<LiveCheckSettings> = {},
  ) {
    this.settings = { ...defaults, ...settings }
  }

  /** Says that the answers may have changed. */
  touch(): void {
    this.schedule(Math.max(this.settings.pause, this.rest - Date.now()))
  }

  /** Asks at once what a pause would ask, as when a field is left. */
  hurry(): void {
    if (this.timer !== undefined && this.failures === 0) this.run()
  }

  /**
   * Says that the server has told of answers by another way, such as a save.
   * True when they are those that stand now; then they are not asked about.
   */
  known(answers: Q): boolean {
    if (!same(answers, this.question())) return false
    this.cancel()
    this.asking?.stop.abort()
    this.asking = undefined
    this.answered = copy(answers)
    this.failures = this.rest = 0
    return true
  }

  /** Asks again although nothing changed, as when the language is another. */
  renew(): void {
    this.asking?.stop.abort()
    this.asking = this.answered = undefined
    this.schedule(Math.max(0, this.rest - Date.now()))
  }

  /** The connection is back. */
  retryNow(): void {
    if (this.failures === 0) return
    this.rest = 0
    this.run()
  }

  stop(): void {
    this.stopped = true
    this.cancel()
    this.asking?.stop.abort()
    this.asking = undefined
  }

  private cancel(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private schedule(wait: number): void {
    if (this.stopped) return
    this.cancel()
    this.timer = setTimeout(() => this.run(), wait)
  }

  private run(): void {
    this.cancel()
    const question = copy(this.question())
    if (this.asking && same(question, this.asking.question)) return
    this.asking?.stop.abort()
    this.asking = undefined
    if (this.answered !== undefined && same(question, this.answered)) return
    const own = (this.asking = { question, stop: new AbortController() })
    this.ask(question, own.stop.signal).then(
      (answer) => this.settle(own, answer),
      () => this.fail(own),
    )
  }

  private settle(own: { question: Q }, answer: A | undefined): void {
    if (this.asking !== own) return
    this.asking = undefined
    this.answered = own.question
    this.failures = this.rest = 0
    this.told(answer)
  }

  private fail(own: { question: Q }): void {
    if (this.asking !== own) return
    this.asking = this.answered = undefined
    const wait = Math.min(this.settings.retry * 2 ** this.failures, this.settings.retryMost)
    this.failures++
    this.rest = Date.now() + wait
    this.told(undefined)
    this.schedule(wait)
  }
}

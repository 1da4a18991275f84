/**
 * Saves a draft by itself: on a pause in typing, one request at a time, with the
 * version it was read at, so that nobody's change is overwritten unseen.
 *
 * A stale version means another tab or person saved first: their state is read,
 * both sides' changes are brought together, and the save is tried again; only
 * the same field changed differently on both sides asks a person.
 * No answer means waiting longer and longer; what was typed stays.
 */

import { adopt, apply, copy, diff, indexed, merge, same } from './changes'
import type { Change, Conflict } from './changes'
import type { Problem } from '../problem'

export interface Saved<T> {
  /** For If-Match. */
  version: string
  values: T
}

export type SaveReply<T> =
  | ({ kind: 'saved' } & Saved<T>)
  | { kind: 'stale' }
  | { kind: 'refused'; problem: Problem }

/** The way to the server. Both reject when no answer came. */
export interface Transport<T> {
  save(changes: Change[], values: T, version: string): Promise<SaveReply<T>>
  load(): Promise<Saved<T>>
}

export type SaveState =
  | { kind: 'clean' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  | { kind: 'offline'; retryAt: Date }
  | { kind: 'conflict'; conflicts: Conflict[] }
  | { kind: 'refused'; problem: Problem }

export interface AutosaveSettings {
  /** Milliseconds without a change before a save. */
  pause: number
  /** Milliseconds after which a save comes even while typing goes on. */
  longest: number
  /** Milliseconds before the first retry; doubled each time up to {@link retryMost}. */
  retry: number
  retryMost: number
}

const defaults: AutosaveSettings = { pause: 1200, longest: 10_000, retry: 2000, retryMost: 60_000 }

/** How often a stale version is settled at once before waiting like offline. */
const mostMerges = 4

export class Autosave<T extends object> {
  state: SaveState = { kind: 'clean' }

  private base: T
  private version: string
  private readonly settings: AutosaveSettings
  private timer: ReturnType<typeof setTimeout> | undefined
  private waitingSince: number | undefined
  private failures = 0
  private running: Promise<void> | undefined
  private stopped = false

  /**
   * @param draft the values as people change them; kept in place, so a reactive object works
   * @param changed called after each change of state
   */
  constructor(
    private readonly draft: T,
    version: string,
    private readonly transport: Transport<T>,
    private readonly changed: (state: SaveState) => void = () => {},
    settings: Partial<AutosaveSettings> = {},
  ) {
    this.base = copy(draft)
    this.version = version
    this.settings = { ...defaults, ...settings }
  }

  /** What was typed and the server does not have yet, with pointers by place. */
  get unsaved(): Change[] {
    return diff(this.base, this.draft).map(({ pointer, value }) => ({
      pointer: indexed(this.draft, pointer) ?? indexed(this.base, pointer) ?? pointer,
      value,
    }))
  }

  isDirty(pointer?: string): boolean {
    return this.unsaved.some((change) => pointer === undefined || change.pointer === pointer || change.pointer.startsWith(pointer + '/'))
  }

  /** Says that the draft may have changed. */
  touch(): void {
    if (this.stopped || this.state.kind === 'conflict') return
    if (!this.running && same(this.base, this.draft)) return
    const now = Date.now()
    this.waitingSince ??= now
    if (!this.running && this.state.kind !== 'offline') this.tell({ kind: 'waiting' })
    if (this.state.kind === 'offline') return
    this.schedule(Math.min(this.settings.pause, Math.max(0, this.waitingSince + this.settings.longest - now)))
  }

  /** Saves now. True when the server has everything. */
  async flush(): Promise<boolean> {
    for (;;) {
      await this.run()
      if (['conflict', 'offline', 'refused'].includes(this.state.kind)) return false
      if (same(this.base, this.draft)) return true
    }
  }

  /** The connection is back. */
  retryNow(): void {
    if (this.state.kind === 'offline') void this.run()
  }

  /** Settles one conflict; the last one settled starts the save again. */
  resolve(pointer: string, side: 'mine' | 'theirs'): void {
    if (this.state.kind !== 'conflict') return
    const conflict = this.state.conflicts.find((one) => one.pointer === pointer)
    if (!conflict) return
    if (side === 'theirs') apply(this.draft as Record<string, unknown>, { pointer, value: conflict.theirs })
    const left = this.state.conflicts.filter((one) => one !== conflict)
    if (left.length > 0) return this.tell({ kind: 'conflict', conflicts: left })
    this.tell({ kind: 'waiting' })
    void this.run()
  }

  /** Ends it; a save under way still comes to its end. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private tell(state: SaveState): void {
    this.state = state
    this.changed(state)
  }

  private schedule(wait: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.run(), wait)
  }

  private run(): Promise<void> {
    this.running ??= this.saveAll().finally(() => {
      this.running = undefined
      if (this.state.kind === 'saved' && !same(this.base, this.draft)) this.touch()
    })
    return this.running
  }

  private async saveAll(): Promise<void> {
    clearTimeout(this.timer)
    if (this.state.kind === 'conflict') return
    this.waitingSince = undefined
    for (let merges = 0; ; merges++) {
      if (same(this.base, this.draft)) {
        // Nothing to send: also where a merge found both sides alike.
        if (this.state.kind !== 'clean' && this.state.kind !== 'saved') this.tell({ kind: 'saved', at: new Date() })
        return
      }
      this.tell({ kind: 'saving' })
      try {
        if (!(await this.saveOnce())) return
        if (merges === mostMerges) return this.wait()
        if (!(await this.settle())) return
      } catch {
        return this.wait()
      }
    }
  }

  /** One request. True when the version was stale. */
  private async saveOnce(): Promise<boolean> {
    const sent = copy(this.draft)
    const reply = await this.transport.save(this.unsaved, sent, this.version)
    if (reply.kind === 'stale') return true
    this.failures = 0
    if (reply.kind === 'refused') {
      this.tell({ kind: 'refused', problem: reply.problem })
      return false
    }
    this.version = reply.version
    this.base = copy(reply.values)
    // What was typed meanwhile stays; everything else is as the server wrote it.
    adopt(this.draft as Record<string, unknown>, merge(sent, copy(this.draft), reply.values).merged as Record<string, unknown>)
    this.tell({ kind: 'saved', at: new Date() })
    return false
  }

  /** Brings the server's newer state in. False when a person must decide. */
  private async settle(): Promise<boolean> {
    const current = await this.transport.load()
    const { merged, conflicts } = merge(this.base, copy(this.draft), current.values)
    this.base = copy(current.values)
    this.version = current.version
    adopt(this.draft as Record<string, unknown>, merged as Record<string, unknown>)
    if (conflicts.length > 0) {
      const placed = conflicts.map((one) => ({ ...one, pointer: indexed(this.draft, one.pointer) ?? one.pointer }))
      this.tell({ kind: 'conflict', conflicts: placed })
    }
    return conflicts.length === 0
  }

  private wait(): void {
    const wait = Math.min(this.settings.retry * 2 ** this.failures, this.settings.retryMost)
    this.failures++
    this.tell({ kind: 'offline', retryAt: new Date(Date.now() + wait) })
    if (!this.stopped) this.schedule(wait)
  }
}

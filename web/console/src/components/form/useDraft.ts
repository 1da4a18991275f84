import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { t } from '@/i18n'
import { Autosave, check, checkField, copy, placeFaults } from '@shared/form'
import type { Fault, FaultCode, Field, FieldView, Saved, SaveState, Transport } from '@shared/form'
import type { ProblemField } from '@shared/problem'

/**
 * A draft on a page: its values as people change them, whether they are saved,
 * and the faults of the fields to be seen. Which fields are to be seen
 * follows from the answers, so `fields` is asked each time.
 */
export function useDraft<T extends object>(start: Saved<T>, transport: Transport<T>, fields: (values: T) => FieldView[]) {
  const values = reactive(copy(start.values)) as T
  const state = shallowRef<SaveState>({ kind: 'clean' })
  const own = ref<Fault[]>([])
  const theirs = ref<ProblemField[]>([])
  /** Fields that are being typed in for the first time. */
  const fresh = reactive(new Set<string>())
  const left = new Set<string>()
  /** Whether somebody tried to go on. */
  const tried = ref(false)
  /** Counts what was refused, for the summary to take the focus. */
  const attempt = ref(0)

  const autosave = new Autosave<T>(values, start.version, transport, (now) => {
    state.value = now
    if (now.kind === 'refused') theirs.value = now.problem.errors
  })

  const placed = computed(() => {
    const seen = fields(values)
    const byPointer = new Map(seen.map(({ pointer, field }) => [pointer, field]))
    const local = own.value.map(({ pointer, code, limit }) => ({
      pointer,
      code,
      message: faultText(code, byPointer.get(pointer), limit),
    }))
    return placeFaults([...local, ...theirs.value], seen.map(({ pointer }) => pointer))
  })

  /** To be called for each change: the field's old faults are gone, a save is due. */
  function changed(pointer: string): void {
    own.value = own.value.filter((fault) => fault.pointer !== pointer)
    theirs.value = theirs.value.filter((fault) => fault.pointer !== pointer)
    if (!left.has(pointer)) fresh.add(pointer)
    autosave.touch()
  }

  /** When a field is left: says what is too long or not a choice, never that it is still empty. */
  function touched(pointer: string): void {
    const view = fields(values).find((one) => one.pointer === pointer)
    const fault = view && checkField(view, values)
    left.add(pointer)
    fresh.delete(pointer)
    own.value = own.value.filter((one) => one.pointer !== pointer)
    if (fault && fault.code !== 'required') own.value.push(fault)
  }

  /** Checks all fields: from now on everything is told plainly. */
  function examine(): void {
    tried.value = true
    own.value = check(fields(values), values)
  }

  /** Checks all fields and saves. True when one may go on to the next page. */
  async function finish(): Promise<boolean> {
    theirs.value = []
    examine()
    const saved = await autosave.flush()
    const done = saved && own.value.length === 0 && theirs.value.length === 0
    if (!done) attempt.value++
    return done
  }

  /** Lets the summary of what is wrong take the focus. */
  function halt(): void {
    attempt.value++
  }

  const online = () => autosave.retryNow()
  const leaving = (event: BeforeUnloadEvent) => {
    if (autosave.unsaved.length > 0) event.preventDefault()
  }
  window.addEventListener('online', online)
  window.addEventListener('beforeunload', leaving)
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    window.removeEventListener('beforeunload', leaving)
    void autosave.flush().finally(() => autosave.stop())
  })

  return {
    values,
    state,
    attempt,
    faults: computed(() => placed.value.byField),
    /** All faults, in the order of the page; without a pointer those of no field to be seen. */
    list: computed(() => placed.value.list),
    tried,
    /** Whether the field was left, or its answer was there before. */
    met: (pointer: string) => !fresh.has(pointer),
    changed,
    touched,
    examine,
    finish,
    halt,
    resolve: autosave.resolve.bind(autosave),
    /** Saves now, without checking. */
    flush: autosave.flush.bind(autosave),
  }
}

function faultText(code: FaultCode, field: Field | undefined, limit: number): string {
  const params = { label: field?.label ?? '', limit }
  if (code !== 'required') return t(`form.faults.${code}`, params)
  switch (field?.kind) {
    case 'select':
    case 'choice':
    case 'multiselect':
    case 'region':
    case 'date':
      return t('form.faults.not_chosen', params)
    case 'checkbox':
      return t('form.faults.not_ticked', params)
    default:
      return t('form.faults.required', params)
  }
}

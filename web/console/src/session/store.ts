import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, ask } from '@/api/client'
import type { Answer } from '@/api/client'
import type { paths } from '@/api/schema'

export type Me = paths['/api/v1/me']['get']['responses'][200]['content']['application/json']

/** Who is signed in. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  /** Whether the server has been asked yet. */
  const known = ref(false)
  /** What the person signed in with on this page; the server tells logins masked only. */
  const login = ref('')
  let asking: Promise<Answer<Me>> | undefined

  const isStaff = computed(() => me.value?.roles.some((role) => role !== 'applicant') ?? false)
  const may = (permission: string) => me.value?.permissions.includes(permission) ?? false

  /** Asks the server who this is; callers at the same time share one request. */
  async function load(): Promise<Answer<Me>> {
    asking ??= ask(api.GET('/api/v1/me')).finally(() => (asking = undefined))
    const answer = await asking
    if (answer.ok) me.value = answer.data
    else if (answer.problem.status === 401) me.value = null
    known.value = answer.ok || answer.problem.status === 401
    return answer
  }

  async function signIn(typed: string, password: string): Promise<Answer<unknown>> {
    const answer = await ask(api.POST('/api/v1/session', { body: { login: typed, password } }))
    if (answer.ok) login.value = typed
    return answer.ok ? load() : answer
  }

  async function signOut(): Promise<void> {
    await ask(api.DELETE('/api/v1/session'))
    me.value = null
  }

  return { me, known, login, isStaff, may, load, signIn, signOut }
})

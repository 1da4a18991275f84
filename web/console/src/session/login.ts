import { normalise } from '@shared/form'

/** A login as it is kept: a mobile number without signs, or a mail address. */
export const normaliseLogin = (typed: string): string =>
  normalise(/[@＠]/.test(typed) ? 'email' : 'mobile', typed)

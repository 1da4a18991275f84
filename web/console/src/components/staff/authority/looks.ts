/** How the states of files and the outcomes of calls look. */

export const uploadLooks = { stored: 'waiting', sending: 'waiting', unknown: 'unknown', accepted: 'done', refused: 'failed' } as const
export const downloadLooks = { received: 'waiting', applied: 'done', parked: 'problem', discarded: 'ended' } as const
export const outcomeLooks = { ok: 'done', declined: 'warning', lost: 'unknown', refused: 'failed', not_sent: 'failed' } as const

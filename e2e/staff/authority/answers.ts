/** A channel to the authority, its files and calls, as the server answers. */

import type { Json } from '../desk.ts'

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

export const channel = (more: Json = {}): Json => ({
  id: 'main', name: '示例管局', paused: false, health: '', last_sequence: 41, told_sequence: 41, told_at: ago(300), waiting: 3, waiting_since: ago(4),
  polled_at: ago(1), poll_seconds: 60, idle_polls: 1440, idle_at: ago(1), open_uploads: 0, open_downloads: 0, parked_files: 0, lease_takeovers: 0, alerts: [], ...more,
})

export const upload = (more: Json = {}): Json => ({
  id: 'u41', sequence: 41, operation: 'XZWZ', state: 'accepted', records: 3, size: 20_480, hash: 'rL0Y20zC+Fzt72VPzMSk2A==', code: 0, class: 'ok', code_text: '操作成功', message: '成功',
  tries: 1, created_at: ago(300), sent_at: ago(299), answered_at: ago(299), ...more,
})

export const download = (more: Json = {}): Json => ({
  id: 'd1', file_name: 'BAJG_1.zip', state: 'parked', kinds: 'BAJG', hash: 'rL0Y20zC+Fzt72VPzMSk2A==', tries: 5, last_error: 'hash', error_text: '校验值不一致', received_at: ago(120), ...more,
})

export const call = (more: Json = {}): Json => ({
  id: 'c1', operation: 'isp_upload', outcome: 'ok', started_at: ago(299), milliseconds: 1240, bytes_sent: 28_114, bytes_received: 812, http_status: 200, code: 0, code_text: '操作成功',
  sequence: 41, upload: 'u41', node: 'PX5Q2M7KD3HV', ...more,
})

/** A channel that stopped at a conflict of numbers, with a parked file. */
export const troubled = (): Json =>
  channel({
    paused: true, pause_reason: 'sequence_conflict', pause_cause: 'conflict', health: 'sequence_conflict', health_text: '有事情受阻', health_at: ago(90), told_sequence: 43, parked_files: 1,
    open_uploads: 1, unsettled: upload({ id: 'u42', sequence: 42, state: 'unknown', code: -1, class: undefined, code_text: undefined, message: undefined, answered_at: undefined, created_at: ago(95) }),
    leader: 'PX5Q2M7KD3HVXW2T', leader_until: ago(-2),
    alerts: [
      {
        code: 'sequence_conflict', since: ago(90), title: '管局在我们的序号下已有另一个文件', text: '为避免重复上报，已停止上报。', act: '请先查清那个文件是谁报的，再放弃等待中的文件，并采用管局的序号。',
        verify: '双方序号一致，下一个文件被接受。', runbook: 'docs/runbooks/authority.md#sequence_conflict', upload: 'u42',
      },
      {
        code: 'parked_file', since: ago(120), title: '有 1 个管局文件等待处理', text: '多次尝试后仍无法打开或入库。', act: '请打开文件查看原因。', verify: '文件已入库或已丢弃。',
        runbook: 'docs/runbooks/authority.md#parked_file', downloads: [download()],
      },
    ],
  })

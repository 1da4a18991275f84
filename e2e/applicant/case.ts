/** A server with one order, for the pages of applicants: answers as the real one does. */

import type { Page, Route } from '@playwright/test'
import { signedInAs } from '../page.ts'

type Json = Record<string, unknown>

/** The filing type as the server works it out. */
export const detected = (more: Json = {}): Json => ({
  type: 'add_website',
  code: 'type.add_website_elsewhere',
  reason: '您的主体已通过其他接入服务商备案。',
  offered: true,
  dead_end: false,
  stops: false,
  exits: [],
  ...more,
})

/** A rule of Hunan as findings and needs name it. */
export const hunan = (text: string): Json => ({ text, source: '湖南省通信管理局要求', as_of: '2022', province: '湖南省' })

/** What a rule says at a field. */
export const finding = (pointer: string, message: string, more: Json = {}): Json => ({ pointer, severity: 'error', source: 'rule', rule: 'hunan.some', message, mended: false, ...more })

/** Answers to a check of unsaved answers. */
export const checked = (findings: Json[], more: Json = {}): Json => ({ version: 7, rules_version: '2026-11-24+5d41402a', detected: detected(), needs: [], tasks: [], findings, ...more })

export const order = (more: Json = {}): Json => ({
  id: '261124-7K3M9QXR',
  type: 'add_website',
  type_reason: '您的主体已通过其他接入服务商备案。',
  detected: detected(),
  state: 'draft',
  waiting_on: 'applicant',
  version: 7,
  channel: 'web',
  name: '北京云杉数字科技有限公司',
  nature: 4,
  province: '11',
  domains: ['yunshan-keji.cn'],
  round: 0,
  created_at: '2026-11-24T03:00:00Z',
  updated_at: '2026-11-24T03:00:00Z',
  state_since: '2026-11-24T03:00:00Z',
  deadlines: [{ kind: 'expire', due_at: '2046-12-24T03:00:00Z', party: 'applicant' }],
  calls_missed: 0,
  allowed_actions: ['edit', 'submit', 'abandon'],
  subject: {
    region: '110108',
    nature: 4,
    certificate_type: 1,
    certificate_number: '91110108MA0YK7W261',
    name: '北京云杉数字科技有限公司',
    certificate_address: '北京市海淀区中关村大街甲59号',
    address: '',
    principal: { name: '王一', role: 'legal_representative', certificate_type: 2, certificate_number: '110101199003074477', mobile: '13900000001', email: 'wang@example.com' },
  },
  filing: { licence_no: '京ICP备2021000001号', check: '' },
  websites: [website('w1', 'yunshan-keji.cn'), website('w2', 'yunshan-benzhan.cn')],
  materials: [],
  needs: [
    need('subject_certificate', '单位证件', '用来核对单位名称', { required: true, most: 1 }),
    need('other', '其他材料', '可以不传', { required: false, most: 10 }),
  ],
  tasks: [
    { step: 'verify', state: 'done', open: 0 },
    { step: 'subject', state: 'in_progress', open: 2 },
    { step: 'websites', state: 'done', open: 0 },
    { step: 'materials', state: 'blocked', open: 1, why: 'task.why.subject_first' },
    { step: 'confirm', state: 'blocked', open: 0, why: 'task.why.steps_first' },
  ],
  findings: [],
  calls: [],
  consents: [],
  sms: [],
  seen: [],
  limits: { websites: 10, upload_min_bytes: 1000, upload_max_bytes: 8388608 },
  ...more,
})

/** A material that is asked for, for one reason of the form's own. */
export const need = (kind: string, label: string, reason: string, more: Json = {}): Json => ({
  kind,
  label,
  pointer: `/materials/${kind}`,
  required: true,
  why: 'k',
  most: 1,
  reason,
  reasons: [{ text: reason, required: more['required'] ?? true }],
  given: [],
  ...more,
})

function website(id: string, domain: string): Json {
  return {
    id,
    name: '云杉数字',
    domain,
    home_url: `www.${domain}`,
    resource: { kind: 'server', server: 's1', ip: '203.0.113.11', label: '业务服务器' },
    service_content: 1,
    languages: [1],
    pre_approvals: [],
    same_as_subject: true,
    principal: {},
  }
}

const field = (path: string, kind: string, label: string, more: Json = {}): Json => ({ path, kind, label, required: true, ...more })

export const form: Json = {
  type: 'add_website',
  nature: 4,
  limits: { websites: 10, upload_min_bytes: 1000, upload_max_bytes: 8388608 },
  steps: [
    {
      id: 'subject',
      title: '填写主体信息',
      sections: [
        { id: 'filing', title: '原备案信息', fields: [field('/filing/licence_no', 'text', '主体备案号')] },
        {
          id: 'organiser',
          title: '主办单位信息',
          fields: [
            field('/subject/region', 'region', '备案地域', { options_from: '/reference/regions' }),
            field('/subject/nature', 'select', '主办单位性质', { options: [{ value: 4, label: '企业' }] }),
            field('/subject/address', 'textarea', '通信地址', { max_length: 1024 }),
          ],
        },
        {
          id: 'subject_principal',
          title: '主体负责人信息',
          fields: [
            field('/subject/principal/role', 'choice', '身份', { options: [{ value: 0, code: 'legal_representative', label: '法定代表人' }, { value: 0, code: 'authorised', label: '单位授权的其他人员' }] }),
            field('/subject/principal/certificate_until', 'date', '证件有效期至'),
            field('/subject/principal/mobile', 'mobile', '手机号码'),
          ],
        },
      ],
    },
    {
      id: 'websites',
      title: '填写网站信息',
      sections: [
        {
          id: 'website',
          title: '网站信息',
          fields: [
            field('/websites/*/name', 'text', '网站名称'),
            field('/websites/*/resource', 'resource', '对应云服务'),
            field('/websites/*/domain', 'readonly', '网站域名', { fixed: true }),
            field('/websites/*/service_content', 'select', '网站服务内容', { options: [{ value: 1, label: '单位门户网站' }, { value: 9, label: '其他' }] }),
            field('/websites/*/languages', 'multiselect', '网站语种', { options: [{ value: 1, label: '中文简体' }, { value: 2, label: '英语' }] }),
            field('/websites/*/pre_approvals', 'pre_approvals', '前置审批', { required: false, options: [{ value: 3, label: '新闻' }] }),
            field('/websites/*/same_as_subject', 'checkbox', '同主体负责人', { required: false }),
            field('/websites/*/remark', 'textarea', '网站备注', { required: false, required_when: { path: '/websites/*/service_content', equals: 9 } }),
          ],
        },
      ],
    },
  ],
}

const rule = (id: string, path: string, label: string, text: string, more: Json = {}): Json => ({
  id, severity: 'error', field: path, field_label: label, text, source: '接入服务商公布的要求', as_of: '2022', scope: 'national', pack: 'national.some', edition: '2026-11-24', own: false, ...more,
})
const beijing = { scope: '110000', province: '北京市', pack: 'province.beijing' }

/** The rules that hold in the province of the order. */
export const rules: Json = {
  version: '2026-11-24+5d41402a',
  active: true,
  items: [
    rule('national.name.short', '/websites/*/name', '网站名称', '网站名称至少 3 个字'),
    rule('national.subject.address', '/subject/address', '通信地址', '通信地址从街道写到门牌号', { severity: 'info' }),
    rule('beijing.emergency_phone', '/subject/principal/emergency_phone', '应急联系电话', '须填写应急联系电话', beijing),
    rule('beijing.name', '/websites/*/name', '网站名称', '单位网站的名称应与单位名称相近', { ...beijing, severity: 'info' }),
    rule('beijing.websites', '/websites', '订单中的网站', '一个订单最多 5 个网站', beijing),
    rule('beijing.pledge', '/websites/*/remark', '网站备注', '须上传承诺书', { ...beijing, material: 'pledge' }),
  ],
}

export const server = (id: string, more: Json = {}): Json => ({
  id,
  external_id: id,
  name: '业务服务器',
  region: 'ap-beijing',
  mainland: true,
  public_ip: '203.0.113.11',
  billing: 'prepaid',
  bought_months: 12,
  expires_at: '2046-11-24T00:00:00Z',
  eligible: true,
  reasons: [],
  fixes: [],
  uses: 0,
  max_uses: 5,
  codes: 0,
  version: 1,
  ...more,
})

export const resources: Json = {
  eligible: true,
  advice: [],
  codes: [],
  servers: [
    server('s1'),
    server('s2', { name: '测试机', eligible: false, reasons: [{ code: 'resource.too_short', message: '购买时长不足 3 个月' }], fixes: [{ code: 'resource.fix.renew', message: '再续费 2 个月' }] }),
  ],
}

export const site: Json = {
  provider: { name: '示例云', support_phone: '400-000-0000', support_hours: '09:00-18:00', outbound_numbers: ['010-00000000'] },
  channels: [{ channel: 'web', open: true }],
  demo: true,
  consents: [
    { text: 'assist_terms', edition: 1, title: '协助办理备案服务条款', body: '一、委托' },
    { text: 'privacy', edition: 2, title: '备案信息隐私声明', body: '一、收集' },
  ],
  upload: { min_bytes: 1000, max_bytes: 8388608 },
}

export const refusal = (status: number, problem: Json) => ({ status, contentType: 'application/problem+json', json: { status, ...problem } })

/**
 * Signs in and answers every call by the table: "METHOD /path" to a body or a
 * handler. What is not in it is answered as not found.
 */
export async function applicant(page: Page, answers: Record<string, Json | ((route: Route) => Promise<void> | void)> = {}): Promise<void> {
  const id = '261124-7K3M9QXR'
  const table: typeof answers = {
    'GET /site': site,
    'GET /notices': { items: [], next: '', unread: 0 },
    'GET /orders': { items: [order()] },
    [`GET /orders/${id}`]: order(),
    [`GET /orders/${id}/events`]: { items: [{ at: '2026-11-24T03:00:00Z', event: 'order.created', text: '新建订单', by: 'applicant' }] },
    [`POST /orders/${id}/check`]: checked([]),
    'GET /rules': rules,
    'GET /forms/add_website': form,
    'GET /resources': resources,
    'GET /reference/regions': regions,
    ...answers,
  }
  await page.route('**/api/v1/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    const answer = table[`${route.request().method()} ${pathname.replace('/api/v1', '')}`]
    if (typeof answer === 'function') await answer(route)
    else if (answer) await route.fulfill({ json: answer })
    else await route.fulfill(refusal(404, { code: 'not_found' }))
  })
  await signedInAs(page, [])
}

async function regions(route: Route) {
  const parent = new URL(route.request().url()).searchParams.get('parent') ?? ''
  const rows: Record<string, [string, string, boolean][]> = {
    '': [['110000', '北京市', true], ['440000', '广东省', true]],
    '110000': [['110100', '市辖区', true]],
    '110100': [['110108', '海淀区', false], ['110105', '朝阳区', false]],
    '440000': [['441900', '东莞市', false]],
  }
  await route.fulfill({ json: { items: (rows[parent] ?? []).map(([code, name, has_children]) => ({ code, name, level: 1, has_children })) } })
}

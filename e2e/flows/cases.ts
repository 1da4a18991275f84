/** Ten cases as people bring them: what a visitor tells, what the pre-check answers, and the province's rule met again in the form. */

import type { Told } from '../applicant/asked.ts'
import { personNumber, unitNumber } from '../applicant/asked.ts'

/** Where in an order a rule is met and how its fault is mended. */
export interface Met {
  /** Code of the place of filing, and the province's name as the rule tells it. */
  region: string
  province: string
  page: 'subject' | 'website' | 'websites' | 'materials'
  /** Answers before: of the subject's principal, and of the website. */
  principal?: Record<string, string | number>
  website?: Record<string, unknown>
  /** Whether the order has a second website. */
  second?: boolean
  /** The finding's words, or the paper's name. */
  says: string
  /** What the rule itself says, where it is opened. */
  rule: string
  mend: { fill: string; with: string } | { tick: string } | { use: string } | { remove: string } | { upload: string }
}

export interface Case {
  title: string
  told: Told
  verdict: '可以备案' | '可以备案，有几处要留意' | '现在还不能备案'
  /** Words of the report, folded or not. */
  report: string[]
  met?: Met
}

const enterprise = { role: 'legal_representative', name: '周明远', certificate_type: 2, certificate_number: '110105198608233718' }
const filed = '备案过' as const

export const units: Case[] = [
  {
    title: 'Beijing: all is well, and the emergency phone is asked for',
    told: { domain: 'yunshan-fenzhan.cn', number: unitNumber, name: '云杉数字科技' },
    verdict: '可以备案',
    report: ['新增网站', '主体证件', '须填写应急联系电话'],
    met: {
      region: '110108', province: '北京市', page: 'subject', principal: { ...enterprise, emergency_phone: '' },
      says: '当地管局要求填写应急联系电话', rule: '应急联系电话', mend: { fill: '应急联系电话', with: '13900139000' },
    },
  },
  {
    title: 'Hunan: two websites in one order',
    told: { domain: 'yunshan-fenzhan.cn', region: '湖南省', filed, name: '云杉数字科技' },
    verdict: '可以备案',
    report: ['域名证书', '45 天', '主体负责人须是法定代表人'],
    met: {
      region: '430104', province: '湖南省', page: 'websites', principal: enterprise, second: true,
      says: '最多 1 个网站', rule: '最多 1 个网站', mend: { remove: 'yunshan-fenzhan.cn' },
    },
  },
  {
    title: 'Jiangsu: the principal is not the legal representative',
    told: { domain: 'yunshan-fenzhan.cn', region: '江苏省', filed, name: '云杉数字科技' },
    verdict: '可以备案',
    report: ['真实性责任告知书', '主体负责人授权书'],
    met: {
      region: '320106', province: '江苏省', page: 'website', principal: { ...enterprise, role: 'authorised' },
      website: { same_as_subject: false, principal: { name: '沈嘉禾', role: 'authorised', certificate_type: 2, certificate_number: '320106198804120011' } },
      says: '同一人', rule: '同一人', mend: { tick: '同主体负责人' },
    },
  },
  {
    title: 'Tianjin: a word that names must not have',
    told: { domain: 'yunshan-fenzhan.cn', region: '天津市', filed, name: '云杉资讯' },
    verdict: '可以备案，有几处要留意',
    report: ['不接受名称里的“资讯”', '单位名称里也有这个词的，可以使用'],
    met: {
      region: '120101', province: '天津市', page: 'website', principal: enterprise, website: { name: '云杉资讯' },
      says: '不接受名称里的“资讯”', rule: '资讯', mend: { fill: '网站名称', with: '云杉数字' },
    },
  },
  {
    title: 'Shanghai: a domain that ends soon and a word of finance',
    told: { domain: 'yunshan-jijiang.cn', region: '上海市', filed, name: '云杉数字信托' },
    verdict: '现在还不能备案',
    report: ['域名的有效期不足 3 个月', '请先在注册服务机构续费', '网站名称含有“信托”'],
    met: {
      region: '310115', province: '上海市', page: 'website', principal: enterprise, website: { name: '云杉数字信托' },
      says: '网站名称含有“信托”', rule: '信托', mend: { fill: '网站名称', with: '云杉数字科技' },
    },
  },
]

export const individuals: Case[] = [
  {
    title: 'Guangdong: an identity card of another province',
    told: { domain: 'zhixia-shouzhang.com', who: '个人', region: '广东省', number: personNumber, name: '知夏的手账' },
    verdict: '可以备案',
    report: ['居住证明', '您的身份证是外省的', '手写签名'],
    met: {
      region: '440106', province: '广东省', page: 'materials',
      says: '您的身份证是外省的', rule: '居住证', mend: { upload: '居住证明' },
    },
  },
  {
    title: 'Sichuan: digits in the name',
    told: { domain: 'zhixia-shouzhang.com', who: '个人', region: '四川省', filed, name: '山野手账2026' },
    verdict: '现在还不能备案',
    report: ['个人网站的名称不能含数字'],
    met: {
      region: '510104', province: '四川省', page: 'website', website: { name: '山野手账2026' },
      says: '个人网站的名称不能含数字', rule: '数字', mend: { fill: '网站名称', with: '山野的手账' },
    },
  },
  {
    title: 'Inner Mongolia: a remark of thirty characters with the pledge',
    told: { domain: 'zhixia-shouzhang.com', who: '个人', region: '内蒙古自治区', filed, name: '山野的手账' },
    verdict: '可以备案',
    report: ['域名证书', '30'],
    met: {
      region: '150105', province: '内蒙古自治区', page: 'website', website: { name: '山野的手账', remark: '手账与植物' },
      says: '30', rule: '30', mend: { use: '使用这段文字' },
    },
  },
  {
    title: 'Henan: a blog by name',
    told: { domain: 'zhixia-shouzhang.com', who: '个人', region: '河南省', filed, number: '410105199305160027', name: '山野的博客' },
    verdict: '现在还不能备案',
    report: ['不接受名称里的“博客”'],
    met: {
      region: '410105', province: '河南省', page: 'website', website: { name: '山野的博客' },
      says: '不接受名称里的“博客”', rule: '博客', mend: { fill: '网站名称', with: '山野的手账' },
    },
  },
  {
    title: 'a domain that another subject has filed: the ways out',
    told: { domain: 'yunshan-jiuzhan.cn', who: '个人', filed: '没有', name: '山野的手账' },
    verdict: '现在还不能备案',
    report: ['已经被别人备案', '请原备案所在省的管局注销'],
  },
]

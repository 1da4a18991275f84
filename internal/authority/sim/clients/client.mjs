// A provider's program in JavaScript, on the npm package soap: it knows the three
// WSDLs and the account, and goes through all six methods. Envelopes are made with
// fflate (zip), node:crypto and iconv-lite. What it found is one JSON object.
//
//   node client.mjs '{"base": …}'    the same settings as of client.php

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { unzipSync, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import soap from 'soap'

const settings = JSON.parse(process.argv[2])
const paths = ['/ISPWebService/upDownLoad', '/BeianStatusWebService/queryBeianStatus', '/BeianStatusWebService/verifyBamm']

/** Methods by name: the client that has them and the names of their parameters, all out of the WSDLs. */
const methods = new Map()
for (const path of paths) {
  const client = await soap.createClientAsync(`${settings.base}${path}?wsdl`, { disableCache: true })
  for (const ports of Object.values(client.describe())) {
    for (const port of Object.values(ports)) {
      for (const [name, { input }] of Object.entries(port)) {
        methods.set(name, { client, parts: Object.keys(input).filter((key) => !/^(targetNSAlias|targetNamespace)$/.test(key)) })
      }
    }
  }
}

const md5 = (bytes) => createHash('md5').update(bytes).digest('base64')
const cipher = () => `aes-${8 * settings.key.length}-cbc`

/** Calls a method with its values in order and reads the document that it returns. */
async function call(method, more, { password = settings.password, length = 20 } = {}) {
  const { client, parts } = methods.get(method)
  const random = randomBytes(length).toString('hex').slice(0, length)
  const auth = [settings.id, settings.user, random, md5(iconv.encode(password + random, 'gbk'))]
  const values = [...auth, ...(method === 'isp_upload' ? [] : [0]), ...more]
  const named = Object.fromEntries(parts.map((part, i) => [part, values[i]]))
  const [answer] = await client[`${method}Async`](named)
  return new Reply(typeof answer === 'string' ? answer : answer.return.$value ?? answer.return)
}

/** A document of which single elements are read. */
class Reply {
  constructor(text) {
    this.text = text
  }
  has(name) {
    return this.text.includes(`<${name}>`)
  }
  first(name) {
    const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(this.text)?.[1] ?? ''
    return text.replace(/&#x([0-9A-Fa-f]+);/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/&amp;/g, '&')
  }
  number(name) {
    return Number(this.first(name))
  }
  get code() {
    return this.number('msg_code')
  }
}

/** Seals a document: zip, hash, AES where asked for, base64. */
function seal(document) {
  let packed = Buffer.from(zipSync({ 'beianinfo.xml': document }))
  const hash = md5(packed)
  if (settings.encrypt) {
    const c = createCipheriv(cipher(), settings.key, settings.iv)
    packed = Buffer.concat([c.update(packed), c.final()])
  }
  return [packed.toString('base64'), hash]
}

/** Opens the file of a reply; a wrong hash ends the program. */
function open(reply) {
  let packed = Buffer.from(reply.first('beianInfo'), 'base64')
  if (reply.number('encryptAlgorithm') === 1) {
    const d = createDecipheriv(cipher(), settings.key, settings.iv)
    packed = Buffer.concat([d.update(packed), d.final()])
  }
  if (md5(packed) !== reply.first('beianInfoHash')) throw new Error('the hash is wrong')
  const entries = Object.entries(unzipSync(packed))
  if (entries.length !== 1) throw new Error('the archive does not hold one file')
  return [entries[0][0], new Reply(new TextDecoder('gbk', { fatal: true }).decode(entries[0][1]))]
}

/** The document that adds a website, in GBK. */
function document() {
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(' a picture')]).toString('base64')
  return iconv.encode(
    `<?xml version="1.0" encoding="GBK"?><UploadData version="V.3.0"><ICP><XZWZ><Xzxx><Zt_xx><Ztbah>${settings.licence}</Ztbah></Zt_xx>` +
      '<Wz_xx><IspWzid>9001</IspWzid><Wzmc>外来客户端的网站</Wzmc><Fwnr><Fwnr_id>1</Fwnr_id></Fwnr><Yylb><Yylb_id>1</Yylb_id></Yylb>' +
      `<Ym_xx><IspYmid>9002</IspYmid><Ym>${settings.new_domain}</Ym></Ym_xx>` +
      '<Jr_xx><IspJrid>9003</IspJrid><Wzfb><Fbdd>11</Fbdd></Wzfb><Wzjrfs><Jrfs>5</Jrfs></Wzjrfs>' +
      '<Ip_xx><IspIpid>9004</IspIpid><Qsip>3405803783</Qsip><Zzip>3405803783</Zzip></Ip_xx></Jr_xx>' +
      '<Wz_Fzr><Fzr_xm>沈知远</Fzr_xm><Fzr_dhhm>0571-88880000</Fzr_dhhm><Fzr_sjhm>13900000000</Fzr_sjhm><Fzr_dzyj>shen@example.cn</Fzr_dzyj>' +
      '<Fzr_zjlx>2</Fzr_zjlx><Fzr_zjhm>11010519491231002X</Fzr_zjhm></Wz_Fzr>' +
      `<Syurl>www.${settings.new_domain}</Syurl></Wz_xx>` +
      `<Fj><Fjxx><Fjwjgs>1</Fjwjgs><Fjyt>1</Fjyt><Fjnr>${picture}</Fjnr><Fjssdx><Ssdxlx>2</Ssdxlx><Ssdxbs><Jlid>9001</Jlid></Ssdxbs></Fjssdx></Fjxx></Fj>` +
      `</Xzxx></XZWZ><Qqdwid>${settings.id}</Qqdwid></ICP></UploadData>`,
    'gbk',
  )
}

const found = { methods: [...methods.keys()] }
found.wrong_password = (await call('isp_download', [], { password: 'wrong' })).code
found.short_random = (await call('isp_download', [], { length: 19 })).code
found.verified = (await call('isp_verifybamm', [settings.licence, settings.filing_password])).number('VerifyRes')
found.not_verified = (await call('isp_verifybamm', [settings.licence, 'wrong'])).number('VerifyRes')
const status = await call('isp_querybeianstatus', [0, settings.domain])
found.filed = [status.number('Bazt'), status.first('Ztbah')]
found.before = (await call('isp_querypreviousupload', [])).number('dataSequence')

const [info, hash] = seal(document())
const encrypt = settings.encrypt ? 1 : 0
const gap = await call('isp_upload', [info, hash, 2, encrypt, 0, 0])
found.gap = [gap.code, gap.number('dataSequence')]
found.broken = (await call('isp_upload', [info, [...hash].reverse().join(''), 1, encrypt, 0, 0])).code
found.uploaded = (await call('isp_upload', [info, hash, 1, encrypt, 0, 0])).code
const previous = await call('isp_querypreviousupload', [])
found.previous = [previous.number('dataSequence'), previous.first('beianInfoHash') === hash && previous.first('beianInfo') === info]

found.files = []
for (;;) {
  const reply = await call('isp_download', [])
  if (!reply.has('fileInfos')) {
    found.end = [reply.code, (await call('isp_download', [])).code]
    break
  }
  const again = await call('isp_download', [])
  const [entry, data] = open(reply)
  const name = reply.first('return_FileName')
  const website = /<Wz_xx>.*<\/Wz_xx>/s.exec(data.text)?.[0] ?? ''
  found.files.push({
    code: reply.code,
    same_again: again.first('return_FileName') === name && again.first('beianInfoHash') === reply.first('beianInfoHash'),
    entry_is_name: entry === name,
    result: data.number('Jgdm'),
    licence: new Reply(website).first('Baxh'),
    website: new Reply(website).first('Wzmc'),
    acked: (await call('isp_downloadack', [name])).code,
  })
}
found.ack_without_name = (await call('isp_downloadack', [''])).code
console.log(JSON.stringify(found))

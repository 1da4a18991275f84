// Package wire has the data of the filing interface between an access provider
// (接入服务提供者) and its provincial authority (省通信管理局), version V.3.0 of
// the ministry's specification for provider-side systems (企业侧备案管理系统):
// the uploaded and downloaded documents, the replies of the six operations, the
// result codes, and the envelope (zip, hash, cipher, base64) around a document.
//
// It promises that what [Profile.Encode] lets through is valid under the
// ministry's schema for uploads, and that the decoders take every byte string
// without panic and keep what they do not know as [Raw]. It does no I/O.
//
// Each operation of the upload document is a file of its own and one field of
// [UploadICP], [UploadIP] or [UploadDomains]; each part of the download document
// is one field of [DownloadICP], [DownloadIP], [DownloadDomains] or [FullSync].
// Where document and schema disagree is told in docs/authority-interface.md.
//
// Writing is strict and reading is lenient. A download of any size is read
// record by record and in bounded memory by [Stream], out of its envelope by
// [Profile.OpenStream].
//
// Start at [Profile], [UploadData] and [DownloadData].
package wire

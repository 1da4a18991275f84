// Package inventory has the cloud resources on which sites can run (备案云服务)
// and the authorization codes (备案授权码) that stand for them.
//
// It says which server can carry a filing and why another cannot
// ([Limits.Eligibility]), takes servers in one by one or from a CSV file
// ([Inventory.Import]), and lends servers and codes to websites
// ([Inventory.Take]). It promises that no server carries more sites or codes
// than the limits allow, however many orders reach for the last place at once,
// and that every refusal says why.
package inventory

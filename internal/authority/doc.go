// Package authority is the gateway to a provincial authority
// (省通信管理局): it sends approved orders in numbered files, fetches what the
// authority answers and carries it into the cases, and asks the authority's
// two questions (is it filed, is the filing password right).
//
// A [Channel] is one provider account at one authority. The gateway promises
// for it:
//
//   - uploads are strictly serial over all nodes, in numbers without gaps;
//   - the exact bytes of a file are durable before they are sent, and stay;
//   - what the authority may have accepted is never sent under another number,
//     and what it has accepted is never sent again unless it asks for it;
//   - a download is durable before it is looked at and acknowledged only after
//     what it says was committed; coming again it changes nothing;
//   - a fault that only a person can mend pauses the channel with a reason and
//     leaves the orders where they are.
//
// Start at [Gateway]; upload.go tells what a crash at each step leaves. The
// data of the interface are in package wire, the calls in soap, and sim is an
// authority to develop against.
//
// Some ids of the tables 服务内容, 接入方式 and 服务器放置地 are provisional (see
// refdata.Coded): good for the simulator, to be replaced from the authority's
// base-code tables before a real upload.
package authority

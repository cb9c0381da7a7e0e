import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";

/**
 * This machine's address as seen from `peer`: the one its packets to that host leave from. Nothing is sent. So a service
 * that shares a machine with ZooKeeper gets 127.0.0.1, and one on another host the address of the network between them.
 * @throws Error when the name cannot be resolved or there is no way to it.
 */
export async function addressTowards(peer: { readonly host: string; readonly port: number }): Promise<string> {
  const { address, family } = await lookup(peer.host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(peer.port, address, resolve);
    });
    return socket.address().address;
  } finally {
    socket.close();
  }
}

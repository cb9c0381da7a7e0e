import { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/**
 * Node gives every read of a socket 64 KiB of fresh memory, of which a request uses a few hundred bytes. A socket can be
 * told to read into memory it is given instead, but only when it is made, and Node has no way to say so for those a server
 * accepts. So their handle is moved into a new socket, and back when somebody else is to read from it. This reaches into
 * Node (the runtime is pinned); where it does not find what it needs, sockets are read from in the usual way.
 */
const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Told of the bytes that arrive, which are overwritten by the next read of any socket: to be copied if they are kept. */
export type OnBytes = (bytes: Buffer) => void;

/** A read option for sockets that are connected from here: all read into the one buffer. */
export function sharedRead(onBytes: (bytes: Buffer) => boolean | void): SharedRead {
  return { buffer, callback: (length) => onBytes(buffer.subarray(0, length)) !== false };
}

interface SharedRead {
  readonly buffer: Buffer;
  /** False: no more reads until the socket is resumed. */
  readonly callback: (length: number) => boolean;
}

/** An accepted socket that nobody has read from yet (`pauseOnConnect`), as one that reads into the common buffer. */
export function readShared(accepted: Socket, onBytes: OnBytes): Socket {
  const handle: unknown = Reflect.get(accepted, "_handle");
  // A TLS socket does more than read.
  if (accepted instanceof TLSSocket || !takesBuffer(handle)) return accepted.on("data", onBytes).resume();
  return movedInto(accepted, new Socket(withHandle(handle, { onread: sharedRead(onBytes) })));
}

/** The same connection as a socket that reads in the usual way, with `bytes` to be read again first. */
export function readAlone(socket: Socket, onBytes: OnBytes, bytes: Buffer): Socket {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (!takesBuffer(handle) || socket.listenerCount("data") > 0) {
    socket.off("data", onBytes).pause();
    if (bytes.length > 0) socket.unshift(bytes);
    return socket;
  }
  handle.readStop();
  handle.reading = false;
  // A handle that was given memory keeps it: what comes is copied from there into the stream.
  const onread = sharedRead((piece) => alone.push(Buffer.from(piece)));
  const alone: Socket = movedInto(socket, new Socket(withHandle(handle, { allowHalfOpen: true, onread })));
  if (bytes.length > 0) alone.unshift(bytes);
  return alone;
}

interface Handle {
  reading: boolean;
  readStop(): void;
  useUserBuffer(memory: Uint8Array): void;
}

function takesBuffer(handle: unknown): handle is Handle {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "useUserBuffer" in handle &&
    typeof handle.useUserBuffer === "function" &&
    "readStop" in handle &&
    typeof handle.readStop === "function"
  );
}

/** Options of a socket with the one that Node knows and its types do not. */
function withHandle<Options extends object>(handle: Handle, options: Options): Options {
  return Object.assign(options, { handle });
}

/** Makes `to` the socket of the connection that was `from`'s; the server goes on counting one. */
function movedInto(from: Socket, to: Socket): Socket {
  for (const member of ["_server", "server"]) {
    Reflect.set(to, member, Reflect.get(from, member));
    Reflect.set(from, member, null);
  }
  Reflect.set(from, "_handle", null);
  from.destroy();
  return to;
}

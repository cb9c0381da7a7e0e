/**
 * What this folder uses of node-zookeeper-client 1.1.3, its internals included (the repairs in connection.ts reach into
 * them, which is why library.ts refuses any other version). The package ships no types of its own.
 */
declare module "node-zookeeper-client" {
  import type { EventEmitter } from "node:events";
  import type { Socket } from "node:net";

  /** Longs arrive as 8-byte big-endian buffers. */
  interface Stat {
    readonly czxid: Buffer;
    readonly mzxid: Buffer;
    readonly version: number;
    readonly aversion: number;
    readonly ephemeralOwner: Buffer;
    readonly numChildren: number;
  }
  interface ClientError extends Error {
    readonly code: number;
    getCode(): number;
  }
  type Failure = ClientError | null | undefined;
  interface State {
    readonly name: string;
  }
  interface Acl {
    readonly permission: number;
    readonly id: { readonly scheme: string; readonly id: string };
  }
  type TransactionOp =
    | { type: 13; path: string; version: number }
    | { type: 1; path: string; data: Buffer; acls: readonly Acl[]; mode: number }
    | { type: 5; path: string; data: Buffer; version: number }
    | { type: 2; path: string; version: number };
  interface TransactionResult {
    readonly type: number;
    readonly err?: number;
  }
  interface Transaction {
    readonly ops: TransactionOp[];
    check(path: string, version: number): Transaction;
    setData(path: string, data: Buffer, version: number): Transaction;
    remove(path: string, version: number): Transaction;
    commit(done: (error: Failure, results?: readonly TransactionResult[]) => void): void;
  }
  interface ConnectionManager {
    connect(): void;
    findNextServer(use: (server: { host: string; port: number }) => void): void;
    onSocketData(chunk: Buffer): void;
    readonly socket: Socket | undefined;
    readonly connectTimeoutHandler: NodeJS.Timeout | undefined;
    readonly zxid: Buffer;
    readonly state: number;
    xid: number;
  }
  interface Client extends EventEmitter {
    readonly connectionManager: ConnectionManager;
    connect(): void;
    close(): void;
    addAuthInfo(scheme: string, auth: Buffer): void;
    getSessionId(): Buffer;
    getSessionPassword(): Buffer;
    getSessionTimeout(): number;
    getData(
      path: string,
      watcher: (() => void) | undefined,
      done: (error: Failure, data?: Buffer, stat?: Stat) => void,
    ): void;
    exists(path: string, watcher: (() => void) | undefined, done: (error: Failure, stat?: Stat | null) => void): void;
    getChildren(
      path: string,
      watcher: (() => void) | undefined,
      done: (error: Failure, children?: string[]) => void,
    ): void;
    create(
      path: string,
      data: Buffer,
      acls: readonly Acl[],
      mode: number,
      done: (error: Failure, path?: string) => void,
    ): void;
    create(path: string, done: (error: Failure, path?: string) => void): void;
    setData(path: string, data: Buffer, version: number, done: (error: Failure, stat?: Stat) => void): void;
    remove(path: string, version: number, done: (error: Failure) => void): void;
    getACL(path: string, done: (error: Failure, list?: readonly Acl[], stat?: Stat) => void): void;
    setACL(path: string, list: readonly Acl[], version: number, done: (error: Failure, stat?: Stat) => void): void;
    transaction(): Transaction;
  }
  interface ClientOptions {
    sessionTimeout: number;
    retries: number;
    spinDelay?: number;
    sessionId?: Buffer;
    sessionPassword?: Buffer;
  }
  interface Library {
    createClient(servers: string, options: ClientOptions): Client;
    readonly ACL: new (permission: number, id: Acl["id"]) => Acl;
    readonly Id: new (scheme: string, id: string) => Acl["id"];
    readonly State: {
      readonly SYNC_CONNECTED: State;
      readonly EXPIRED: State;
      readonly AUTH_FAILED: State;
    };
    readonly Exception: { create(code: number, path?: string): ClientError };
  }
  const library: Library;
  export default library;
  export type { Acl, Client, ClientError, ConnectionManager, Failure, State, Stat, TransactionOp, TransactionResult };
}

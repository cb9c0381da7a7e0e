declare module "http-proxy" {
  import type { Agent, IncomingMessage, ServerResponse } from "node:http";
  import type { Socket } from "node:net";
  interface ServerOptions {
    target?: string;
    xfwd?: boolean;
    agent?: Agent;
  }
  interface ProxyServer {
    web(request: IncomingMessage, response: ServerResponse): void;
    on(
      event: "error",
      listener: (error: Error, request: IncomingMessage, response: ServerResponse | Socket) => void,
    ): this;
  }
  const proxies: { createProxyServer(options: ServerOptions): ProxyServer };
  export default proxies;
}

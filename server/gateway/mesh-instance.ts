/** An instance that may be called. */
export interface MeshInstance {
  readonly id: string;
  readonly service: string;
  /** Host name or IP literal, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** What its connections are kept by: `http://address:port`, or `https://…` and how TLS is spoken. Not a URL. */
  readonly origin: string;
}

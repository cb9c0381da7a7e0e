import { expect, it } from "vitest";
import { encodeInstance } from "./register-instance.ts";

it("writes an entry exactly as Jackson would, so that Curator and Spring Cloud consumers read it", () => {
  const data = encodeInstance(
    {
      root: "/services",
      service: "orders",
      id: "06c0af4c",
      address: "127.0.0.1",
      port: 8040,
      metadata: { version: "2" },
    },
    "UP",
    1_553_592_092_875,
  );
  expect(data.toString()).toBe(
    '{"name":"orders","id":"06c0af4c","address":"127.0.0.1","port":8040,"sslPort":null,' +
      '"payload":{"@class":"org.springframework.cloud.zookeeper.discovery.ZookeeperInstance","id":"application-1","name":"orders",' +
      '"metadata":{"version":"2","instance_status":"UP"}},"registrationTimeUTC":1553592092875,"serviceType":"DYNAMIC",' +
      '"uriSpec":{"parts":[{"value":"scheme","variable":true},{"value":"://","variable":false},{"value":"address","variable":true},' +
      '{"value":":","variable":false},{"value":"port","variable":true}]}}',
  );
});

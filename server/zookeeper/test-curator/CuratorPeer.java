import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.ServiceInstanceBuilder;
import org.apache.curator.x.discovery.UriSpec;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.apache.zookeeper.AddWatchMode;
import org.springframework.cloud.zookeeper.discovery.ZookeeperInstance;

/**
 * A real Curator client, driven by a test: one JSON command a line on standard input, one JSON answer a line on standard
 * output, in order. A discovery is opened per connect string, root and payload class, and kept.
 */
public class CuratorPeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, CuratorFramework> CLIENTS = new ConcurrentHashMap<>();
    private static final Map<String, ServiceDiscovery<Object>> DISCOVERIES = new ConcurrentHashMap<>();
    private static final Map<String, ServiceCache<Object>> CACHES = new ConcurrentHashMap<>();
    private static final Map<String, List<String>> EVENTS = new ConcurrentHashMap<>();

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ObjectNode answer = JSON.createObjectNode();
            try {
                answer.set("result", JSON.valueToTree(run(JSON.readTree(line))));
            } catch (Throwable error) {
                answer.put("error", error.toString());
            }
            out.println(JSON.writeValueAsString(answer));
        }
        System.exit(0);
    }

    private static Object run(JsonNode command) throws Exception {
        switch (command.get("do").asText()) {
            case "serialize":
                return new String(serializer(command).serialize(instance(command)), StandardCharsets.UTF_8);
            case "deserialize":
                return seen(serializer(command).deserialize(
                        command.get("text").asText().getBytes(StandardCharsets.UTF_8)));
            case "register":
                discovery(command).registerService(instance(command));
                return null;
            case "unregister":
                discovery(command).unregisterService(instance(command));
                return null;
            case "query":
                return seen(discovery(command).queryForInstances(command.get("name").asText()));
            case "cache":
                return seen(cache(command).getInstances());
            case "watch":
                return watch(command);
            case "events":
                return EVENTS.get(command.get("path").asText());
            default:
                throw new IllegalArgumentException("no such command: " + command);
        }
    }

    /** Every event at a path, by a persistent watch: none is lost between two of them. */
    private static Object watch(JsonNode command) throws Exception {
        String path = command.get("path").asText();
        List<String> events = EVENTS.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>());
        client(command).watchers().add().withMode(AddWatchMode.PERSISTENT)
                .usingWatcher((org.apache.zookeeper.Watcher) event -> events.add(event.getType().name()))
                .forPath(path);
        return null;
    }

    private static CuratorFramework client(JsonNode command) throws Exception {
        String servers = command.get("servers").asText();
        CuratorFramework client = CLIENTS.get(servers);
        if (client == null) {
            client = CuratorFrameworkFactory.newClient(servers, 4000, 3000, new ExponentialBackoffRetry(50, 20, 500));
            // A discovery that hears of the first connection deletes and creates what it has registered by then.
            CountDownLatch heard = new CountDownLatch(1);
            client.getConnectionStateListenable().addListener((any, state) -> heard.countDown());
            client.start();
            if (!heard.await(20, TimeUnit.SECONDS)) throw new IllegalStateException("no connection to " + servers);
            CLIENTS.put(servers, client);
        }
        return client;
    }

    private static ServiceDiscovery<Object> discovery(JsonNode command) throws Exception {
        String key = command.get("servers").asText() + command.get("root").asText() + payloadClass(command).getName();
        ServiceDiscovery<Object> discovery = DISCOVERIES.get(key);
        if (discovery == null) {
            discovery = ServiceDiscoveryBuilder.builder(payloadClass(command)).client(client(command))
                    .basePath(command.get("root").asText()).serializer(serializer(command)).build();
            discovery.start();
            DISCOVERIES.put(key, discovery);
        }
        return discovery;
    }

    private static ServiceCache<Object> cache(JsonNode command) throws Exception {
        String key = command.get("root").asText() + command.get("name").asText() + payloadClass(command).getName();
        ServiceCache<Object> cache = CACHES.get(key);
        if (cache == null) {
            cache = discovery(command).serviceCacheBuilder().name(command.get("name").asText()).build();
            cache.start();
            CACHES.put(key, cache);
        }
        return cache;
    }

    private static JsonInstanceSerializer<Object> serializer(JsonNode command) {
        return new JsonInstanceSerializer<>(payloadClass(command));
    }

    @SuppressWarnings("unchecked")
    private static Class<Object> payloadClass(JsonNode command) {
        switch (command.get("payloadClass").asText()) {
            case "void": return (Class<Object>) (Class<?>) Void.class;
            case "string": return (Class<Object>) (Class<?>) String.class;
            case "map": return (Class<Object>) (Class<?>) Map.class;
            case "spring": return (Class<Object>) (Class<?>) ZookeeperInstance.class;
            default: return Object.class;
        }
    }

    private static Object payload(JsonNode command) {
        JsonNode payload = command.path("payload");
        if (payload.isMissingNode() || payload.isNull()) return null;
        if (payload.isTextual()) return payload.asText();
        Map<String, String> entries = new LinkedHashMap<>();
        payload.fields().forEachRemaining(entry -> entries.put(entry.getKey(), entry.getValue().asText()));
        if (command.get("payloadClass").asText().equals("map")) return entries;
        return new ZookeeperInstance("application-1", command.get("name").asText(), entries);
    }

    private static ServiceInstance<Object> instance(JsonNode command) throws Exception {
        ServiceInstanceBuilder<Object> builder = ServiceInstance.<Object>builder()
                .name(command.get("name").asText()).id(command.get("id").asText()).payload(payload(command))
                .address(command.get("address").asText()).port(command.get("port").asInt());
        if (command.hasNonNull("sslPort")) builder.sslPort(command.get("sslPort").asInt());
        if (command.hasNonNull("uriSpec")) builder.uriSpec(new UriSpec(command.get("uriSpec").asText()));
        if (command.hasNonNull("registeredAtMs")) builder.registrationTimeUTC(command.get("registeredAtMs").asLong());
        return builder.build();
    }

    private static ArrayNode seen(Collection<ServiceInstance<Object>> instances) {
        ArrayNode all = JSON.createArrayNode();
        for (ServiceInstance<Object> instance : instances) all.add(seen(instance));
        return all;
    }

    private static ObjectNode seen(ServiceInstance<Object> instance) {
        ObjectNode node = JSON.createObjectNode();
        Object payload = instance.getPayload();
        node.put("name", instance.getName()).put("id", instance.getId()).put("address", instance.getAddress());
        node.put("port", instance.getPort()).put("sslPort", instance.getSslPort());
        node.put("type", instance.getServiceType().name()).put("enabled", instance.isEnabled());
        node.put("uri", instance.getUriSpec() == null ? null : instance.buildUriSpec());
        node.put("payloadClass", payload == null ? null : payload.getClass().getName());
        node.set("payload", JSON.valueToTree(payload));
        return node;
    }
}

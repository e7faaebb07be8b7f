import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.configuration.GraphDatabaseInternalSettings;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Neo4j on loopback for the tests: java -cp 'lib/*' Server.java DIR PORT. Ends when its input ends (the tests died) or on SIGTERM. */
public class Server {
    public static void main(String[] args) throws Exception {
        var address = new SocketAddress("127.0.0.1", Integer.parseInt(args[1]));
        var service = new DatabaseManagementServiceBuilder(Path.of(args[0]))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .setConfig(GraphDatabaseSettings.auth_lock_time, Duration.ZERO) // tests send wrong passwords on purpose
            .setConfig(GraphDatabaseSettings.pagecache_memory, 128L << 20)
            .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false) // otherwise 256 MB of zeros a database
            .setConfig(GraphDatabaseInternalSettings.netty_server_shutdown_quiet_period, 0) // 10 s of waiting for nobody
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, address)
            .setConfig(BoltConnector.advertised_address, address) // what neo4j:// routing sends clients to
            .setConfig(GraphDatabaseSettings.udc_enabled, false)
            .build();
        Runtime.getRuntime().addShutdownHook(new Thread(service::shutdown));
        System.out.println("READY");
        while (System.in.read() >= 0) { }
        System.exit(0); // runs the hook
    }
}

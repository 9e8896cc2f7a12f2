package io.sluice.mysql.frontend;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Somebody between a client and a real server: ends TLS with a certificate of its own, begins it
 * anew with the server, and passes on everything as it is.
 */
public final class Meddler implements AutoCloseable {

  private static final char[] NO_PASSWORD = {};

  private final ServerSocket listener;
  private final int server;
  private final SSLContext own;
  private final SSLContext towardsServer;

  public Meddler(int server) throws IOException, GeneralSecurityException {
    this.server = server;
    this.own = own();
    this.towardsServer = SSLContext.getInstance("TLS");
    towardsServer.init(
        null,
        new TrustManager[] {
          io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0]
        },
        null);
    this.listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    start(this::serve);
  }

  private static SSLContext own() throws IOException, GeneralSecurityException {
    SelfSigned made = SelfSigned.make("meddler", Instant.now());
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    made.certificatePem().getBytes(StandardCharsets.US_ASCII)));
    String key = made.keyPem().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(
        "own",
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
        NO_PASSWORD,
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void serve() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      start(() -> meddle(client));
    }
  }

  private void meddle(Socket client) throws IOException {
    try (client;
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server)) {
      packet(plain.getInputStream(), client.getOutputStream());
      packet(client.getInputStream(), plain.getOutputStream());
      SSLSocket down = (SSLSocket) own.getSocketFactory().createSocket(client, null, true);
      SSLSocket up =
          (SSLSocket)
              towardsServer.getSocketFactory().createSocket(plain, "localhost", server, true);
      up.startHandshake();
      start(() -> down.getInputStream().transferTo(up.getOutputStream()));
      up.getInputStream().transferTo(down.getOutputStream());
    }
  }

  private static void packet(InputStream in, OutputStream out) throws IOException {
    byte[] header = in.readNBytes(4);
    int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    out.write(header);
    out.write(in.readNBytes(length));
    out.flush();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two has gone: so has this.
              }
            },
            "meddler");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

package io.sluice.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The program of {@link InsertLoad}: a thread for each connection. {@code run NANOSECONDS
 * PER_SECOND} (0: as many as possible) answers with {@code ran TRANSACTIONS NANOSECONDS} when the
 * time is over; meanwhile {@code count} answers with the transactions of all runs so far.
 */
public final class InsertProgram {
  private static final int CONNECTION_SHIFT = 40;

  private final List<InsertConnection> connections = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final PrintStream out;

  private InsertProgram(PrintStream out) {
    this.out = out;
  }

  /** Takes host, port, user, password and the number of connections. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    InsertProgram program = new InsertProgram(out);
    for (long i = 0; i < Integer.parseInt(arguments[4]); i++) {
      program.connections.add(
          new InsertConnection(
              arguments[0],
              Integer.parseInt(arguments[1]),
              arguments[2],
              arguments[3],
              i << CONNECTION_SHIFT));
    }
    out.println("ready");
    program.listen();
    // Threads that are in the middle of a load do not matter to a driver that has gone.
    System.exit(0);
  }

  private void listen() throws IOException {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        if (words[0].equals("count")) {
          out.println("count " + transactions());
        } else {
          long nanoseconds = Long.parseLong(words[1]);
          double perSecond = Double.parseDouble(words[2]);
          threads.execute(() -> run(nanoseconds, perSecond));
        }
      }
    }
  }

  private long transactions() {
    return connections.stream().mapToLong(InsertConnection::transactions).sum();
  }

  private void run(long nanoseconds, double perSecond) {
    try {
      long before = transactions();
      connections.forEach(InsertConnection::prepare);
      long pace = InsertConnection.pace(perSecond, connections.size());
      long began = System.nanoTime();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < connections.size(); i++) {
        InsertConnection connection = connections.get(i);
        long first = began + pace * i / connections.size();
        all.add(
            threads.submit(
                () -> {
                  connection.run(first, began + nanoseconds, pace);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      out.println("ran " + (transactions() - before) + " " + (System.nanoTime() - began));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      out.println("failed: " + e);
    }
  }
}

package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.contestant.Contestant;
import io.sluice.benchmarks.contestant.RawSender;
import io.sluice.benchmarks.replica.FleetOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one contestant serves.
 *
 * @param contestant who serves it
 * @param files where it is on the disk, oldest first, all of about one size and with transactions
 *     at the same places; none for the raw sender
 * @param places where transactions begin in each file
 * @param bytes of all files
 * @param raw whether it is the raw sender's
 */
record ServedLog(
    Contestant contestant, List<Path> files, List<Integer> places, long bytes, boolean raw) {
  private static final int MAGIC = 4;
  private static final int TYPE_AT = 4;
  private static final int LENGTH_AT = 9;

  /** MySQL's two kinds with GTIDs and the anonymous one, and MariaDB's. */
  private static final List<Integer> BEGINS = List.of(33, 34, 42, 162);

  /** Of a server or a relay. */
  static ServedLog of(Contestant contestant, List<Path> files) {
    try {
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return new ServedLog(contestant, files, transactions(files.get(0)), bytes, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a raw sender, whose places are its groups of packets. */
  static ServedLog of(RawSender sender, long bytes) {
    List<Integer> groups = new ArrayList<>();
    for (int i = 0; i < sender.groups(); i++) {
      groups.add(i);
    }
    return new ServedLog(sender, List.of(), groups, bytes, true);
  }

  private static List<Integer> transactions(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer in =
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN);
      List<Integer> places = new ArrayList<>();
      for (int at = MAGIC; at < in.limit(); at += in.getInt(at + LENGTH_AT)) {
        if (BEGINS.contains(in.get(at + TYPE_AT) & 0xff)) {
          places.add(at);
        }
      }
      return places;
    }
  }

  /** The oldest event. */
  List<FleetOptions.Start> beginning() {
    return raw
        ? List.of(FleetOptions.Start.at("raw", 0))
        : List.of(FleetOptions.Start.at(name(0), MAGIC));
  }

  /** So many places, as far from each other as can be, in the older half of the files. */
  List<FleetOptions.Start> spread(int count) {
    List<FleetOptions.Start> starts = new ArrayList<>();
    int half = raw ? 1 : Math.max(1, files.size() / 2);
    for (int i = 0; i < count; i++) {
      double where = (double) i * half / count;
      int file = (int) where;
      int place = places.get((int) ((where - file) * places.size()));
      starts.add(FleetOptions.Start.at(raw ? "raw" : name(file), place));
    }
    return starts;
  }

  private String name(int file) {
    return String.valueOf(files.get(file).getFileName());
  }
}

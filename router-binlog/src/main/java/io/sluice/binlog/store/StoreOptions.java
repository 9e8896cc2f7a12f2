package io.sluice.binlog.store;

/**
 * How a file store works. Immutable.
 *
 * @param sync when written bytes are forced to disk
 * @param serveAfter which bytes replicas may see
 * @param wholeTransactions whether replicas see nothing of a transaction before its end
 * @param ioThreads threads that read files
 * @param queueBytes bytes that may wait for the writer before {@link BinlogWriter#append} answers
 *     "full"
 * @param forms in what form closed files are kept, and where
 * @param encryption with which keys files are sealed and opened
 */
public record StoreOptions(
    SyncPolicy sync,
    ServeAfter serveAfter,
    boolean wholeTransactions,
    int ioThreads,
    int queueBytes,
    FormOptions forms,
    EncryptionOptions encryption) {
  /** Checks the values. */
  public StoreOptions {
    if (serveAfter == ServeAfter.SYNCED && !sync.isOn()) {
      throw new IllegalArgumentException(
          "serve-after: synced (expected: written, as sync is none)");
    }
    if (serveAfter == ServeAfter.SYNCED && !wholeTransactions) {
      throw new IllegalArgumentException(
          "serve-after: synced (expected: written, as transactions are shown before they are whole)");
    }
    if (ioThreads < 1 || queueBytes < 1) {
      throw new IllegalArgumentException(
          "ioThreads: " + ioThreads + ", queueBytes: " + queueBytes + " (expected: at least 1)");
    }
  }

  /** Forced per transaction, served when written, 4 threads, 16 MiB. */
  public static StoreOptions defaults() {
    return new StoreOptions(
        SyncPolicy.TRANSACTION,
        ServeAfter.WRITTEN,
        true,
        4,
        16 << 20,
        FormOptions.NONE,
        EncryptionOptions.NONE);
  }

  /** The same with another policy. */
  public StoreOptions withSync(SyncPolicy policy) {
    return new StoreOptions(
        policy, serveAfter, wholeTransactions, ioThreads, queueBytes, forms, encryption);
  }

  /** The same with another visibility. */
  public StoreOptions withServeAfter(ServeAfter after) {
    return new StoreOptions(
        sync, after, wholeTransactions, ioThreads, queueBytes, forms, encryption);
  }

  /** The same with or without a look into transactions that are not whole. */
  public StoreOptions withWholeTransactions(boolean whole) {
    return new StoreOptions(sync, serveAfter, whole, ioThreads, queueBytes, forms, encryption);
  }

  /** The same with another number of reading threads. */
  public StoreOptions withIoThreads(int threads) {
    return new StoreOptions(
        sync, serveAfter, wholeTransactions, threads, queueBytes, forms, encryption);
  }

  /** The same with another bound of the writer's queue. */
  public StoreOptions withQueueBytes(int bytes) {
    return new StoreOptions(
        sync, serveAfter, wholeTransactions, ioThreads, bytes, forms, encryption);
  }

  /** The same with other forms of closed files. */
  public StoreOptions withForms(FormOptions other) {
    return new StoreOptions(
        sync, serveAfter, wholeTransactions, ioThreads, queueBytes, other, encryption);
  }

  /** The same with other keys. */
  public StoreOptions withEncryption(EncryptionOptions keys) {
    return new StoreOptions(
        sync, serveAfter, wholeTransactions, ioThreads, queueBytes, forms, keys);
  }
}

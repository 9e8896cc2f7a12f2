package io.sluice.benchmarks.report;

/**
 * What a figure has to be.
 *
 * @param what is limited
 * @param target the limit, in words
 * @param figure what was measured
 * @param met whether it holds
 */
public record Budget(String what, String target, String figure, boolean met) {

  String verdict() {
    return met ? "met" : "**missed**";
  }
}

package io.sluice.mysql.account;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host part of an account: an address, {@code localhost}, a pattern with {@code %} and {@code
 * _}, or a network with a mask. Immutable.
 *
 * <p>Host names other than {@code localhost} never match: the proxy does not look up names, as a
 * server with {@code skip_name_resolve}. Clients from 127.0.0.1 and ::1 also count as {@code
 * localhost}.
 */
public final class HostPattern {

  /** From the most to the least specific. */
  private enum Kind {
    EXACT,
    NETWORK,
    WILDCARD
  }

  /** How the size of a network is written; from the nearest to the farthest. */
  enum Mask {
    /** Not at all: one address, or no address. */
    NONE,
    /** As a number of bits. */
    LENGTH,
    /** As an address. */
    DOTTED
  }

  private static final int BYTE = 8;
  private static final int IPV4 = 4;

  private final String text;
  private final Kind kind;
  private final int literalPrefix;
  private final byte @Nullable [] network;
  private final byte @Nullable [] mask;

  private HostPattern(String text, Kind kind, byte @Nullable [] network, byte @Nullable [] mask) {
    this.text = text;
    this.kind = kind;
    this.literalPrefix = Wildcards.literalPrefix(text);
    this.network = network;
    this.mask = mask;
  }

  /** Reads a pattern; an empty one is {@code %}. Nothing is invalid: what cannot match does not. */
  public static HostPattern of(String pattern) {
    String text = pattern.isEmpty() ? "%" : pattern.toLowerCase(Locale.ROOT);
    int slash = text.indexOf('/');
    if (slash > 0) {
      byte @Nullable [] network =
          NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash));
      byte @Nullable [] mask =
          network == null ? null : mask(text.substring(slash + 1), network.length);
      if (network != null && mask != null) {
        return new HostPattern(text, Kind.NETWORK, network, mask);
      }
    }
    boolean wild = Wildcards.literalPrefix(text) < text.length();
    return new HostPattern(text, wild ? Kind.WILDCARD : Kind.EXACT, null, null);
  }

  /** The pattern as written, in lower case. */
  public String text() {
    return text;
  }

  /** Whether a client from that address matches, in any form that is known. */
  public boolean matches(String address) {
    return matches(address, HostRules.CONFIGURED);
  }

  /** Whether a client from that address matches for a server with those rules. */
  boolean matches(String address, HostRules rules) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return matchesText(address.toLowerCase(Locale.ROOT));
    }
    byte[] plain = unmapped(bytes);
    if (network != null && mask != null && rules.knows(this)) {
      return isInside(plain, network, mask);
    }
    return matchesText(shortest(plain))
        || (rules == HostRules.CONFIGURED && matchesText(NetUtil.bytesToIpAddress(plain)))
        || (isLoopback(plain) && matchesText("localhost"));
  }

  /** Whether it is an address of IPv4 or a network of such. */
  boolean isIpv4() {
    byte @Nullable [] numbers =
        network != null ? network : NetUtil.createByteArrayFromIpAddressString(text);
    return numbers != null && numbers.length == IPV4;
  }

  /** How the size of its network is written. */
  Mask mask() {
    if (mask == null) {
      return Mask.NONE;
    }
    String size = text.substring(text.indexOf('/') + 1);
    return size.indexOf('.') >= 0 || size.indexOf(':') >= 0 ? Mask.DOTTED : Mask.LENGTH;
  }

  /** How many bits its network fixes. */
  int prefixLength() {
    int bits = 0;
    for (byte part : mask == null ? new byte[0] : mask) {
      bits += Integer.bitCount(part & 0xff);
    }
    return bits;
  }

  /** Orders from the most specific to the least specific, as servers sort their accounts. */
  public static int compareSpecificity(HostPattern a, HostPattern b) {
    int byKind = a.kind.compareTo(b.kind);
    return byKind != 0 ? byKind : Integer.compare(b.literalPrefix, a.literalPrefix);
  }

  private static String shortest(byte[] address) {
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address: " + address.length + " bytes", e);
    }
  }

  private boolean matchesText(String host) {
    return Wildcards.fits(text, host);
  }

  private static byte @Nullable [] mask(String text, int length) {
    if (text.isEmpty() || !text.chars().allMatch(Character::isDigit) || text.length() > 3) {
      byte @Nullable [] dotted = NetUtil.createByteArrayFromIpAddressString(text);
      return dotted == null || dotted.length != length ? null : dotted;
    }
    int bits = Integer.parseInt(text);
    if (bits > length * BYTE) {
      return null;
    }
    byte[] mask = new byte[length];
    for (int i = 0; i < bits; i++) {
      mask[i / BYTE] |= (byte) (0x80 >> (i % BYTE));
    }
    return mask;
  }

  private static boolean isInside(byte[] address, byte[] network, byte[] mask) {
    if (address.length != network.length) {
      return false;
    }
    for (int i = 0; i < address.length; i++) {
      if ((address[i] & mask[i]) != network[i]) {
        return false;
      }
    }
    return true;
  }

  /** As servers: of the IPv4 addresses only this one is called so without a look-up. */
  private static boolean isLoopback(byte[] address) {
    if (address.length == 4) {
      return Arrays.equals(address, new byte[] {127, 0, 0, 1});
    }
    byte[] six = new byte[16];
    six[15] = 1;
    return Arrays.equals(address, six);
  }

  /** An IPv4 address inside an IPv6 one (::ffff:a.b.c.d) as IPv4. */
  private static byte[] unmapped(byte[] address) {
    if (address.length != 16) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return address;
      }
    }
    return address[10] == -1 && address[11] == -1 ? Arrays.copyOfRange(address, 12, 16) : address;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostPattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}

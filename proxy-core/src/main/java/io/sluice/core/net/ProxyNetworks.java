package io.sluice.core.net;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The networks whose hosts may forward connections with a PROXY header. Immutable. */
public final class ProxyNetworks {

  /** Nobody may. */
  public static final ProxyNetworks NONE = new ProxyNetworks(List.of());

  private static final int BITS_4 = 32;
  private static final int BITS_6 = 128;

  private final List<IpSubnetFilterRule> rules;

  private ProxyNetworks(List<IpSubnetFilterRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Networks such as {@code 10.0.0.0/8}, and addresses.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ProxyNetworks of(List<String> networks) {
    return new ProxyNetworks(networks.stream().map(ProxyNetworks::rule).toList());
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    int bits = NetUtil.isValidIpV4Address(address) ? BITS_4 : BITS_6;
    int prefix = bits;
    try {
      prefix = slash < 0 ? bits : Integer.parseInt(network.substring(slash + 1));
    } catch (NumberFormatException e) {
      prefix = -1;
    }
    boolean known = NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
    if (!known || address.indexOf('%') >= 0 || prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(
          network + " (expected: an address, or a network such as 10.0.0.0/8 or fd00::/8)");
    }
    return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
  }

  /** Whether there is any. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether that peer may forward. */
  public boolean contains(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress address
        && address.getAddress() != null
        && rules.stream().anyMatch(rule -> rule.matches(address));
  }
}

package io.sluice.core.session;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine's handler at the end of a pipeline: exceptions that no handler of it took. */
@Sharable // of one pipeline only, but Netty lets no other handler be added again when it moves
final class ExceptionEnd extends ChannelInboundHandlerAdapter {

  /** Its name in the pipeline. */
  static final String NAME = "sluice-end";

  private final Consumer<Throwable> taker;

  ExceptionEnd(Consumer<Throwable> taker) {
    this.taker = taker;
  }

  /** Goes behind handlers that were added meanwhile. */
  void moveTo(ChannelPipeline pipeline) {
    if (pipeline.last() != this && pipeline.context(this) != null) {
      pipeline.remove(this);
      pipeline.addLast(NAME, this);
    }
  }

  /** What happened, without what decoders wrap around it: a peer's bad TLS is an I/O error. */
  static Throwable unwrap(Throwable thrown) {
    @Nullable Throwable cause = thrown.getCause();
    return thrown instanceof DecoderException && cause != null ? cause : thrown;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    taker.accept(cause);
  }
}

package io.sluice.api.module;

/** How far a module's authors trust it. */
public enum Maturity {
  /** May change or vanish. */
  ALPHA,
  /** Complete, not yet proven. */
  BETA,
  /** Proven in production. */
  GA
}

package io.sluice.api.module;

/**
 * The version of the plugin API that a module was written against.
 *
 * <p>Bump rules: {@code minor} when something is added with a default body, {@code major} when an
 * existing implementation could stop compiling or change its meaning.
 *
 * @param major incompatible changes
 * @param minor compatible additions
 */
public record ApiVersion(int major, int minor) {

  /** What this engine offers. */
  public static final ApiVersion CURRENT = new ApiVersion(0, 1);

  /** Whether a module written against this version runs on an engine that offers {@code engine}. */
  public boolean runsOn(ApiVersion engine) {
    return major == engine.major && minor <= engine.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}

package io.sluice.testkit.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates {@link RequiresServer}. */
final class RequiresServerCondition implements ExecutionCondition {
  private static final Logger LOGGER = LoggerFactory.getLogger(RequiresServerCondition.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    RequiresServer required =
        context
            .getElement()
            .flatMap(element -> AnnotationSupport.findAnnotation(element, RequiresServer.class))
            .orElse(null);
    if (required == null) {
      return ConditionEvaluationResult.enabled("no server required");
    }
    for (String name : required.value()) {
      if (ServerInstallation.find(name).isEmpty()) {
        String reason =
            "server "
                + name
                + " is not installed (expected: dev/install-servers, then SLUICE_SERVERS)";
        LOGGER
            .atWarn()
            .addKeyValue("test", context.getDisplayName())
            .addKeyValue("reason", reason)
            .log("SKIPPED");
        return ConditionEvaluationResult.disabled(reason);
      }
    }
    return ConditionEvaluationResult.enabled("servers are installed");
  }
}

package io.sluice.binlog.sql;

import java.util.List;

/** What may stand in a SELECT list or on the right side of a SET. Immutable. */
sealed interface Expression {

  /** The closed set of kinds. */
  enum Kind {
    LITERAL,
    DEFAULT,
    SYSTEM_VARIABLE,
    USER_VARIABLE,
    CALL
  }

  /** Which of the records this is. */
  Kind kind();

  /** A constant. */
  record Literal(SqlValue value) implements Expression {
    @Override
    public Kind kind() {
      return Kind.LITERAL;
    }
  }

  /** The word DEFAULT in a SET. */
  record Default() implements Expression {
    @Override
    public Kind kind() {
      return Kind.DEFAULT;
    }
  }

  /**
   * {@code @@name}.
   *
   * @param scope {@code global}, {@code session}, {@code local} or empty
   * @param name in lower case
   */
  record SystemVariable(String scope, String name) implements Expression {
    @Override
    public Kind kind() {
      return Kind.SYSTEM_VARIABLE;
    }

    boolean isGlobal() {
      return scope.equals("global");
    }
  }

  /**
   * {@code @name}.
   *
   * @param name in lower case
   */
  record UserVariable(String name) implements Expression {
    @Override
    public Kind kind() {
      return Kind.USER_VARIABLE;
    }
  }

  /**
   * A function.
   *
   * @param name in upper case
   * @param arguments in order
   */
  record Call(String name, List<Expression> arguments) implements Expression {
    /** Copies the list. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Kind kind() {
      return Kind.CALL;
    }
  }
}

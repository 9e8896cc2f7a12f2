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
    ASSIGNMENT,
    CALL
  }

  /** Which of the records this is. */
  Kind kind();

  /**
   * A constant.
   *
   * @param value what it is
   * @param label the column's name if nothing else is in the column
   */
  record Literal(SqlValue value, String label) implements Expression {
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
   * {@code @name := value}.
   *
   * @param name in lower case
   * @param value what it gets
   */
  record Assignment(String name, Expression value) implements Expression {
    @Override
    public Kind kind() {
      return Kind.ASSIGNMENT;
    }
  }

  /**
   * A function or operator.
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

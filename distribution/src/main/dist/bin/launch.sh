# Sourced by the launchers: finds the installation and a Java runtime of version 17 or newer.

script=${BASH_SOURCE[1]}
while [ -L "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname "$script")/$link ;;
  esac
done
SLUICE_HOME=$(cd "$(dirname "$script")/.." && pwd -P)

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  JAVA=$JAVA_HOME/bin/java
else
  JAVA=$(command -v java || true)
fi
if [ -z "$JAVA" ]; then
  echo "$(basename "$0"): no Java found (expected: JAVA_HOME or java on the PATH, version 17 or newer)" >&2
  exit 1
fi

# An archive of classes that sluice-prepare has made; what Java cannot use of it is loaded as without it.
SLUICE_CLASSES=${SLUICE_CLASSES:-$SLUICE_HOME/lib/sluice.jsa}

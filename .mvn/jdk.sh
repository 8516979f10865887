# Finds a JDK 25 and exports JAVA_HOME; sourced by ./mvnw and ./switchback.
# The JDK may sit beside an older default: JAVA_HOME is tried first, then PATH, then the usual folders.
switchback_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."+-]' "$1/release"
}
switchback_find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && switchback_is_jdk25 "$JAVA_HOME"; then return 0; fi
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
  for home in "${on_path:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && switchback_is_jdk25 "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  echo "error: Switchback needs a JDK 25 and found none (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt/java, ~/.sdkman)." >&2
  echo "  install one, for example: apt-get install temurin-25-jdk (Adoptium) or openjdk-25-jdk, or set JAVA_HOME" >&2
  return 3
}
switchback_find_jdk || exit 3

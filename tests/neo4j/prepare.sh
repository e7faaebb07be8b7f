#!/bin/sh
# Sees to it that the tests can start Neo4j: Java >= 17 with its compiler, and the jars in .cache/neo4j/lib.
# A second run needs neither Maven nor the network. When something cannot be had it says so in one line and
# ends well (those tests are then skipped); with INNOCHAIN_REQUIRE=1 it fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=$(cd "$here/../.." && pwd)/.cache/neo4j

give_up() {
    echo "Neo4j tests will be skipped: $1" >&2
    [ "${INNOCHAIN_REQUIRE:-}" = 1 ] && exit 1
    exit 0
}

java_fits() {  # the server is one source file, so a runtime without the compiler is not enough
    java --list-modules 2>/dev/null | grep -Eq '^jdk\.compiler@(1[7-9]|[2-9][0-9])'
}

install() {  # install WHAT PACKAGE [ELSE_PACKAGE...]
    what=$1; shift
    { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || give_up "$what is missing and cannot be installed without root and apt-get ($*)"
    echo "installing $what by apt-get"
    apt-get update -q >"$cache/apt.log" 2>&1 || give_up "apt-get update failed (see $cache/apt.log)"
    for package in "$@"; do  # the first one this release of Debian has
        DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$package" >>"$cache/apt.log" 2>&1 && return
    done
    give_up "apt-get could not install $* (see $cache/apt.log)"
}

if [ -n "${NEO4J_TEST_URI:-}" ]; then echo "Neo4j: the server of NEO4J_TEST_URI"; exit 0; fi
mkdir -p "$cache"

if ! java_fits; then
    install "Java 17 or newer" openjdk-17-jdk-headless openjdk-21-jdk-headless
    java_fits || give_up "the java on PATH is older than 17 or has no compiler"
fi

want=$(sha256sum "$here/pom.xml" | cut -d' ' -f1)
if [ "$(cat "$cache/stamp" 2>/dev/null)" != "$want" ]; then
    command -v mvn >/dev/null || install Maven maven
    echo "fetching Neo4j's jars (about 123 MB) into .cache/neo4j"
    rm -rf "$cache/lib" "$cache/lib.part" "$cache/stamp"
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$cache/lib.part" >"$cache/mvn.log" 2>&1 </dev/null || give_up "Maven could not fetch the jars (see $cache/mvn.log)"
    mv "$cache/lib.part" "$cache/lib"
    echo "$want" >"$cache/stamp"
fi
echo "Neo4j: jars ready"

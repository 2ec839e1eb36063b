#!/usr/bin/env bash
# Makes the Debian package around a binary that is there already, of what Cargo.toml lists ([package.metadata.deb], as cargo-deb reads it).
# Needs dpkg-deb and python3 alone; `cargo deb --no-build --no-strip` makes the same of target/package afterwards.
#
#   deploy/package.sh [BINARY [FOLDER]]     target/release/caseway and target/debian, unless said otherwise
set -euo pipefail
cd "$(dirname "$0")/.."

binary=$(realpath "${1:-target/release/caseway}")
folder=$(realpath -m "${2:-target/debian}")
parts=target/package

rm -rf "$parts"
mkdir -p "$parts/man" "$folder"
install -m 0755 "$binary" "$parts/caseway"
strip "$parts/caseway"
sed 's|/usr/local/bin/caseway|/usr/bin/caseway|; /^After=/a ConditionPathExists=/etc/caseway/caseway.toml' deploy/caseway.service >"$parts/caseway.service"
"$parts/caseway" generate-man "$parts/man"
gzip -9n "$parts"/man/*.1
for shell in bash zsh fish; do "$parts/caseway" completions "$shell" >"$parts/caseway.$shell"; done

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
name=$(python3 - "$tree" "$(dpkg --print-architecture)" <<'P'
"""Lays the package out as Cargo.toml lists it, and prints the name of its file."""
import glob, os, shutil, sys, textwrap, tomllib

tree, architecture = sys.argv[1:]
with open("Cargo.toml", "rb") as file:
    package = tomllib.load(file)["package"]
deb = package["metadata"]["deb"]
for source, target, mode in deb["assets"]:
    found = sorted(glob.glob(source)) or sys.exit(f"{source} is not there")
    for path in found:
        to = os.path.join(tree, target, os.path.basename(path) if target.endswith("/") else "")
        to = to.rstrip("/")
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copyfile(path, to)
        os.chmod(to, int(mode, 8))
size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(tree) for name in names) // 1024
control = os.path.join(tree, "DEBIAN")
os.makedirs(control)
for script in ("postinst", "prerm", "postrm"):
    shutil.copyfile(os.path.join(deb["maintainer-scripts"], script), os.path.join(control, script))
    os.chmod(os.path.join(control, script), 0o755)
description = "\n".join(" " + line for line in textwrap.wrap(deb["extended-description"], 78))
with open(os.path.join(control, "control"), "w") as file:
    file.write(
        f"Package: {package['name']}\nVersion: {package['version']}-1\nArchitecture: {architecture}\nMaintainer: {deb['maintainer']}\n"
        f"Section: {deb['section']}\nPriority: {deb['priority']}\nInstalled-Size: {size}\nDepends: {deb['depends']}\n"
        f"Description: {package['description'].split(':')[0]}\n{description}\n"
    )
print(f"{package['name']}_{package['version']}-1_{architecture}.deb")
P
)
dpkg-deb --root-owner-group --build "$tree" "$folder/$name" >/dev/null
echo "$folder/$name"
